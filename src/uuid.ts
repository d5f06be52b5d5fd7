/** UUIDv7 (RFC 9562 section 5.7), several for each message that comes in: random bytes are fetched for many at once. */

import { randomFillSync } from 'node:crypto'

const RANDOM_BYTES = 10
const POOLED_IDS = 256
/** Of the counter: rand_a, and the first bits of rand_b that fill two bytes with the variant. */
const COUNTER_BITS = 26
const LOW_BITS = 14
/** The counter of a millisecond begins in the lower half, so that it has room to count (section 6.2, method 1). */
const MAX_COUNTER = 2 ** COUNTER_BITS - 1
const FIRST_COUNTERS = 2 ** (COUNTER_BITS - 1)

/** A source of ids, lower case; each sorts behind the one before, whatever the clock does. `now` is milliseconds since the epoch. */
export function createIdSource(now: () => number): () => string {
  const pool = Buffer.alloc(POOLED_IDS * RANDOM_BYTES)
  const bytes = Buffer.alloc(16)
  let at = pool.length
  let lastMs = Number.NEGATIVE_INFINITY
  let counter = 0
  return () => {
    if (at === pool.length) {
      randomFillSync(pool)
      at = 0
    }
    const ms = now()
    if (ms > lastMs) {
      lastMs = ms
      counter = pool.readUInt32BE(at) % FIRST_COUNTERS
    } else if (counter === MAX_COUNTER) {
      lastMs += 1
      counter = 0
    } else {
      counter += 1
    }
    bytes.writeUIntBE(lastMs, 0, 6)
    bytes.writeUInt16BE(0x7000 | (counter >>> LOW_BITS), 6)
    bytes.writeUInt16BE(0x8000 | (counter & (2 ** LOW_BITS - 1)), 8)
    pool.copy(bytes, 10, at + 4, at + RANDOM_BYTES)
    // No byte is used twice, nor kept for somebody to find.
    pool.fill(0, at, at + RANDOM_BYTES)
    at += RANDOM_BYTES
    const hex = bytes.toString('hex')
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  }
}
