import { describe, expect, it } from 'vitest'
import { SMALL_SMTP_MESSAGE_BYTES } from '../../src/receiving-limits.ts'
import { type Holder, Inflight } from '../../src/smtp/inflight.ts'

type TestHolder = Holder & { isStalled: boolean; gaveUp: boolean }

function makeInflight(maxBytes = 100, maxBytesPerAddress = maxBytes, reservedBytes = 0) {
  const inflight = new Inflight({ maxBytes, maxBytesPerAddress, reservedBytes })
  const hold = (bytes: number, isStalled = false, remoteAddress = '127.0.0.1') => {
    const holder: TestHolder = {
      remoteAddress,
      isStalled,
      gaveUp: false,
      giveUp: () => {
        holder.gaveUp = true
        inflight.give(bytes, holder)
      },
    }
    return { holder, taken: inflight.take(bytes, holder) }
  }
  return { inflight, hold }
}

describe('under pressure', () => {
  it('the largest stalled message makes room, and no more of them than needed', () => {
    const { inflight, hold } = makeInflight()
    const held = [hold(20, true), hold(40, true), hold(30, true), hold(10)]
    expect(hold(50).taken).toBe(true)
    expect(held.map(({ holder }) => holder.gaveUp)).toEqual([false, true, true, false])
    expect(inflight.bytes).toBe(80)
  })

  it('one may begin as soon as a stalled one makes room for it', () => {
    const { inflight, hold } = makeInflight()
    const { holder } = hold(100)
    const newcomer = hold(0).holder
    expect(inflight.hasRoomFor(newcomer)).toBe(false)
    holder.isStalled = true
    expect(inflight.hasRoomFor(newcomer)).toBe(true)
    expect([holder.gaveUp, inflight.bytes]).toEqual([true, 0])
  })

  it('small messages have room of their own that large ones cannot take', () => {
    const most = 10 * SMALL_SMTP_MESSAGE_BYTES
    const { hold } = makeInflight(most, most, 2 * SMALL_SMTP_MESSAGE_BYTES)
    expect(hold(most).taken).toBe(true)
    expect(hold(SMALL_SMTP_MESSAGE_BYTES + 1).taken).toBe(false)
    expect(hold(SMALL_SMTP_MESSAGE_BYTES).taken).toBe(true)
    expect(hold(SMALL_SMTP_MESSAGE_BYTES).taken).toBe(true)
    expect(hold(1).taken).toBe(false)
  })

  it('nobody gives up a message that comes in, nor its own', () => {
    const { inflight, hold } = makeInflight()
    const [one, two] = [hold(60), hold(40)]
    expect(hold(1).taken).toBe(false)
    one.holder.isStalled = true
    expect(inflight.take(10, one.holder)).toBe(false)
    expect([one.holder.gaveUp, two.holder.gaveUp, inflight.bytes]).toEqual([false, false, 100])
  })
})

describe('one address', () => {
  const away = '192.0.2.1'

  it('holds no more than its share, with however many sessions', () => {
    const { hold } = makeInflight(100, 50)
    expect([30, 20, 1].map((bytes) => hold(bytes, false, away).taken)).toEqual([true, true, false])
    expect(hold(50, false, '192.0.2.2').taken).toBe(true)
  })

  it('beyond its share gives up its own stalled messages and nobody else’s', () => {
    const { hold } = makeInflight(100, 50)
    const other = hold(50, true, '192.0.2.2').holder
    const own = hold(30, true, away).holder
    expect(hold(40, false, away).taken).toBe(true)
    expect([own.gaveUp, other.gaveUp]).toEqual([true, false])
  })

  it('that is loopback has no share of its own', () => {
    const { hold } = makeInflight(100, 50)
    expect([hold(60).taken, hold(40).taken]).toEqual([true, true])
  })
})
