import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { packBytes, unpackBytes } from '../src/raw-packing.ts'

describe('raw bytes', () => {
  test('that repeat themselves are packed, and unpack to the same', async () => {
    const raw = Buffer.from('<td style="padding:0">\r\n'.repeat(1_000))
    const packed = await packBytes(raw)
    expect(packed?.byteLength).toBeLessThan(500)
    expect(packed?.byteLength).toBe(packed?.buffer.byteLength)
    expect(Buffer.from(unpackBytes(packed ?? new Uint8Array()))).toEqual(raw)
  })

  test('of little length, and those that do not get smaller, stay as they are', async () => {
    expect(await packBytes(Buffer.from('x'.repeat(511)))).toBe(null)
    expect(await packBytes(randomBytes(10_000))).toBe(null)
    expect(await packBytes(new Uint8Array())).toBe(null)
  })

  test('that were damaged are not answered', async () => {
    const packed = Buffer.from((await packBytes(Buffer.from('0123456789abcdef'.repeat(2_000)))) ?? [])
    const at = packed.length >> 1
    packed[at] = (packed[at] ?? 0) ^ 0xff
    expect(() => unpackBytes(packed)).toThrow()
  })
})
