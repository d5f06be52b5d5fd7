/** What code may know of the outside, passed in so that a test decides it. */

/** Clock, timers, identifiers and randomness of a process. */
export type World = {
  /** Milliseconds since the epoch, UTC. */
  readonly now: () => number
  /** Milliseconds since some moment, for durations: never goes back, whatever is done to the clock. */
  readonly elapsedMs: () => number
  /** Calls back once after so many milliseconds, unless the answer is called before. */
  readonly after: (delayMs: number, callback: () => void) => () => void
  /** A new UUIDv7 (RFC 9562 section 5.7), lower case. */
  readonly newId: () => string
  /** Unpredictable bytes, for addresses, markers and jitter. */
  readonly randomBytes: (sizeBytes: number) => Uint8Array
}

/** A number from 0 up to, not including, 1. */
export function randomFraction(world: World): number {
  const bytes = world.randomBytes(4)
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0) / 2 ** 32
}
