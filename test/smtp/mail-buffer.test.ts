import { describe, expect, it } from 'vitest'
import { type Holder, Inflight } from '../../src/smtp/inflight.ts'
import { MailBuffer } from '../../src/smtp/mail-buffer.ts'

const makeInflight = (maxBytes: number) => new Inflight({ maxBytes, maxBytesPerAddress: maxBytes, reservedBytes: 0 })

function makeBuffer(bounds: { maxBytes?: number; maxOverrunBytes?: number; inflight?: Inflight } = {}) {
  const inflight = bounds.inflight ?? makeInflight(1_000_000_000)
  const holder: Holder = { remoteAddress: '127.0.0.1', isStalled: false, giveUp: () => {} }
  let overruns = 0
  const buffer = new MailBuffer({
    maxBytes: bounds.maxBytes ?? 1_000_000,
    maxOverrunBytes: bounds.maxOverrunBytes ?? 1_000,
    inflight,
    holder,
    onOverrun: () => {
      overruns += 1
    },
  })
  return { buffer, inflight, holder, overruns: () => overruns, add: (bytes: Buffer) => buffer.take(bytes, 0, bytes.length) }
}

describe('a message in memory', () => {
  it.each([[0], [1], [16_383], [16_384], [16_385], [100_000], [999_999]])('of %i bytes comes out as it went in', (sizeBytes) => {
    const { buffer, add } = makeBuffer()
    const sent = Buffer.alloc(sizeBytes, 'no two blocks begin alike')
    for (let at = 0; at < sizeBytes; at += 7_001) add(sent.subarray(at, at + 7_001))
    const raw = buffer.finish()
    expect(raw.equals(sent)).toBe(true)
  })

  it('has memory of its own, so that another thread may take it', () => {
    const { buffer, add } = makeBuffer()
    add(Buffer.from('one'))
    const one = buffer.finish()
    add(Buffer.from('two'))
    expect(one.buffer.byteLength).toBe(3)
    if (one.buffer instanceof ArrayBuffer) structuredClone(one, { transfer: [one.buffer] })
    expect(one.length).toBe(0)
    expect(buffer.finish().toString()).toBe('two')
  })

  it('holds on to none of the chunks it came in', () => {
    const { buffer, add } = makeBuffer()
    const chunk = Buffer.from('x')
    for (const letter of 'hello') {
      chunk.write(letter)
      add(chunk)
    }
    chunk.write('!')
    expect(buffer.finish().toString()).toBe('hello')
  })

  it('may be as large as the limit and not a byte larger', () => {
    const { buffer, add } = makeBuffer({ maxBytes: 100 })
    add(Buffer.alloc(100))
    expect(buffer.outcome).toBe('kept')
    add(Buffer.alloc(1))
    expect(buffer.outcome).toBe('too_large')
  })

  it('over the limit is forgotten at once, and nothing more of it is kept', () => {
    const { buffer, add, inflight } = makeBuffer({ maxBytes: 100, maxOverrunBytes: 1_000_000 })
    add(Buffer.alloc(90))
    expect(inflight.bytes).toBe(90)
    for (let index = 0; index < 100; index += 1) add(Buffer.alloc(1_000))
    expect(inflight.bytes).toBe(0)
    expect(buffer.outcome).toBe('too_large')
  })

  it('tells once when it goes on and on', () => {
    const { add, overruns } = makeBuffer({ maxBytes: 100, maxOverrunBytes: 50 })
    add(Buffer.alloc(150))
    expect(overruns()).toBe(0)
    for (let index = 0; index < 3; index += 1) add(Buffer.alloc(1))
    expect(overruns()).toBe(1)
  })

  it('can be followed by another after each end', () => {
    const { buffer, add, inflight } = makeBuffer({ maxBytes: 100 })
    add(Buffer.alloc(101))
    buffer.discard()
    add(Buffer.from('next'))
    buffer.discard()
    expect(inflight.bytes).toBe(0)
    add(Buffer.from('last'))
    expect(buffer.finish().toString()).toBe('last')
  })
})

describe('the bytes of all messages together', () => {
  it('are bounded, and free again when a message is given back', () => {
    const inflight = makeInflight(150)
    const one = makeBuffer({ inflight })
    const two = makeBuffer({ inflight })
    one.add(Buffer.alloc(100))
    two.add(Buffer.alloc(51))
    expect([one.buffer.outcome, two.buffer.outcome]).toEqual(['kept', 'no_room'])
    expect(one.buffer.finish().length).toBe(100)
    expect(inflight.bytes).toBe(100)
    inflight.give(100, one.holder)
    two.buffer.discard()
    two.add(Buffer.alloc(150))
    expect(two.buffer.outcome).toBe('kept')
    expect(inflight.hasRoomFor(one.holder)).toBe(false)
  })
})
