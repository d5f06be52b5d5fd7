import { createHash } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { copyInSlices, hashInSlices, SLICE_BYTES } from '../src/slices.ts'

const SIZES = [0, 1, SLICE_BYTES - 1, SLICE_BYTES, SLICE_BYTES + 1, 3 * SLICE_BYTES + 7]

it.each(SIZES)('%i bytes are hashed and copied as at once', async (sizeBytes) => {
  const bytes = Buffer.alloc(sizeBytes, 'no two slices are alike, as nothing here is of an even length')
  expect(await hashInSlices(bytes)).toBe(createHash('sha256').update(bytes).digest('hex'))
  const copy = await copyInSlices(bytes)
  expect(bytes.equals(copy)).toBe(true)
  expect(copy.buffer.byteLength).toBe(sizeBytes)
})

it('lets the event loop turn between two slices', async () => {
  let turns = 0
  let isOver = false
  const count = async () => {
    for (; !isOver; turns += 1) await nextTurn()
  }
  const counting = count()
  await hashInSlices(new Uint8Array(8 * SLICE_BYTES))
  await copyInSlices(new Uint8Array(8 * SLICE_BYTES))
  isOver = true
  await counting
  expect(turns).toBeGreaterThanOrEqual(14)
})
