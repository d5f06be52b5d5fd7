import { expect, it } from 'vitest'
import {
  MAX_SESSION_FIELD_CHARS,
  MAX_SESSIONS_PENDING,
  SESSION_FLUSH_DEADLINE_MS,
  SESSION_WRITE_INTERVAL_MS,
} from '../../src/limits.ts'
import { createLog } from '../../src/log.ts'
import { MAX_SESSIONS_UNJUDGED } from '../../src/post-office/pending-sessions.ts'
import { SessionRecorder } from '../../src/post-office/session-recorder.ts'
import type { SessionEntry } from '../../src/session-log.ts'
import type { Store } from '../../src/store.ts'
import { refusal } from '../support/refusals.ts'
import { TestWorld } from '../support/world.ts'
import { settle } from './office.ts'

const ADA = 'ada@agents.localhost'

/** A recorder with a store that keeps what it is given, or fails, and answers when the test lets it. */
function makeRecorder() {
  const world = new TestWorld()
  const writes: (readonly SessionEntry[])[] = []
  const complaints: string[] = []
  const state: { failure: Error | null; gate: Promise<void>; inboxes: string[] } = {
    failure: null,
    gate: Promise.resolve(),
    inboxes: [ADA],
  }
  const recordSessions: Store['recordSessions'] = async (entries) => {
    writes.push(entries)
    await state.gate
    if (state.failure !== null) throw state.failure
  }
  const log = createLog('warn', world.now, (line) => complaints.push(line))
  // Of the store it asks for nothing else.
  const listNewestAddresses: Store['listNewestAddresses'] = async () => {
    if (state.failure !== null) throw state.failure
    return state.inboxes
  }
  const store: Pick<Store, 'recordSessions' | 'listNewestAddresses'> = { recordSessions, listNewestAddresses }
  return { recorder: new SessionRecorder({ store, world, log }), world, writes, complaints, state }
}

const told = (entries: readonly SessionEntry[] | undefined) =>
  entries?.map(({ inboxAddress, reason, count }) => [inboxAddress, reason, count])

it('writes the first at once, and what comes within the interval together after it', async () => {
  const { recorder, world, writes } = makeRecorder()
  recorder.add(refusal(ADA, 'too_large'))
  await settle()
  expect(writes).toHaveLength(1)
  for (let round = 0; round < 1_000; round += 1) recorder.add(refusal('adda@agents.localhost', 'unknown'))
  recorder.add(refusal(ADA, 'mail_loop'))
  await settle()
  expect(writes).toHaveLength(1)
  world.advance(SESSION_WRITE_INTERVAL_MS)
  await settle()
  expect(told(writes[1])).toEqual([
    ['adda@agents.localhost', 'unknown', 1_000],
    [ADA, 'mail_loop', 1],
  ])
  expect(world.timers).toBe(0)
})

it('writes what came while the one before was written after it, not beside it', async () => {
  const { recorder, world, writes, state } = makeRecorder()
  const { promise, resolve } = Promise.withResolvers<void>()
  state.gate = promise
  recorder.add(refusal(ADA, 'too_large'))
  await settle()
  recorder.add(refusal(ADA, 'mail_loop'))
  world.advance(10 * SESSION_WRITE_INTERVAL_MS)
  await settle()
  expect(writes).toHaveLength(1)
  const flushed = recorder.flush()
  resolve()
  await flushed
  expect(writes.map(told)).toEqual([[[ADA, 'too_large', 1]], [[ADA, 'mail_loop', 1]]])
})

it('keeps what could not be written, says so, and tries again after the interval', async () => {
  const { recorder, world, writes, complaints, state } = makeRecorder()
  state.failure = new Error('busy')
  recorder.add(refusal(ADA, 'store_error'))
  await recorder.flush()
  recorder.add(refusal(ADA, 'store_error', { helo: 'later' }))
  expect(complaints).toEqual([expect.stringContaining('session_log_failed')])
  expect(complaints.join()).not.toContain(ADA)
  state.failure = null
  world.advance(SESSION_WRITE_INTERVAL_MS)
  await settle()
  expect(writes[1]).toMatchObject([{ count: 2, helo: 'later' }])
  expect(recorder.size).toBe(0)
})

it('holds so many and no more while the store is away, and of those who say most the least', async () => {
  const { recorder, writes, state } = makeRecorder()
  const { promise, resolve } = Promise.withResolvers<void>()
  state.gate = promise
  recorder.add(refusal(ADA, 'mail_loop'))
  await settle()
  recorder.add(refusal('first@agents.localhost', 'unknown', { remoteAddress: '198.51.100.1' }))
  recorder.add(refusal(ADA, 'too_large', { remoteAddress: '203.0.113.9' }))
  for (let index = 0; index < 3 * MAX_SESSIONS_PENDING; index += 1) {
    recorder.add(refusal(`x${index}@agents.localhost`, 'unknown', { remoteAddress: '203.0.113.9' }))
    recorder.add(
      refusal(`y${index}@agents.localhost`, 'too_many_recipients', { remoteAddress: `2001:db8::${index.toString(16)}` }),
    )
  }
  expect(recorder.size).toBe(MAX_SESSIONS_UNJUDGED)
  await settle()
  expect(recorder.size).toBe(MAX_SESSIONS_PENDING)
  resolve()
  await recorder.flush()
  expect(writes[1]).toHaveLength(MAX_SESSIONS_PENDING)
  const kept = writes[1]?.map(({ inboxAddress }) => inboxAddress) ?? []
  expect(kept).toEqual(
    expect.arrayContaining([ADA, 'first@agents.localhost', `x${3 * MAX_SESSIONS_PENDING - 1}@agents.localhost`]),
  )
})

/** So many different unknown names from one client, none like an inbox, with something else in their midst. */
function flood(recorder: SessionRecorder, names: number, amid: () => void): void {
  for (let index = 0; index < names; index += 1) {
    if (index === Math.floor(names / 3)) amid()
    recorder.add(refusal(`zz${index}qq@elsewhere.example`, 'unknown', { remoteAddress: '203.0.113.9' }))
  }
}

it('keeps what was meant for an inbox through a flood of names that come before it is written, whoever sends both', async () => {
  const { recorder, world, writes } = makeRecorder()
  recorder.add(refusal('first@agents.localhost', 'unknown'))
  await settle()
  const typo = refusal('adda@agents.localhost', 'unknown', { remoteAddress: '203.0.113.9' })
  flood(recorder, MAX_SESSIONS_PENDING + 500, () => recorder.add(typo))
  await settle()
  flood(recorder, 10 * MAX_SESSIONS_PENDING, () => recorder.add({ ...typo, address: 'aada@agents.localhost' }))
  world.advance(SESSION_WRITE_INTERVAL_MS)
  await settle()
  expect(writes[1]).toHaveLength(MAX_SESSIONS_PENDING)
  const kept = writes[1]?.map(({ inboxAddress }) => inboxAddress) ?? []
  expect(kept).toEqual(expect.arrayContaining(['adda@agents.localhost', 'aada@agents.localhost']))
})

it('lets what only looks like inboxes push out no more than half of the rest', async () => {
  const { recorder, world, writes, state } = makeRecorder()
  state.inboxes = ['quick-otter@agents.localhost']
  recorder.add(refusal('first@agents.localhost', 'unknown'))
  await settle()
  for (let index = 0; index < 400; index += 1)
    recorder.add(refusal(`${index}@x.example`, 'too_large', { remoteAddress: '198.51.100.7' }))
  for (let index = 0; index < 3 * MAX_SESSIONS_PENDING; index += 1) {
    recorder.add(refusal(`quick-otter@a${index}.agents.localhost`, 'unknown', { remoteAddress: '203.0.113.9' }))
    if (index === MAX_SESSIONS_PENDING) await settle()
  }
  world.advance(SESSION_WRITE_INTERVAL_MS)
  await settle()
  const kept = writes[1] ?? []
  expect(kept).toHaveLength(MAX_SESSIONS_PENDING)
  expect(kept.filter(({ reason }) => reason === 'too_large')).toHaveLength(400)
})

it('goes on as before where nobody can say which addresses there are', async () => {
  const { recorder, complaints, state } = makeRecorder()
  const { promise, resolve } = Promise.withResolvers<void>()
  state.gate = promise
  recorder.add(refusal('first@agents.localhost', 'unknown'))
  await settle()
  state.failure = new Error('busy')
  flood(recorder, 2 * MAX_SESSIONS_PENDING, () => {})
  await settle()
  expect(recorder.size).toBe(MAX_SESSIONS_PENDING)
  expect(complaints).toHaveLength(1)
  resolve()
  await recorder.flush()
})

it('keeps nobody waiting who wants to read, while the store is locked', async () => {
  const { recorder, world, state } = makeRecorder()
  const { promise, resolve } = Promise.withResolvers<void>()
  state.gate = promise
  await recorder.flushSoon()
  recorder.add(refusal(ADA, 'too_large'))
  const read = recorder.flushSoon()
  world.advance(SESSION_FLUSH_DEADLINE_MS)
  await read
  resolve()
  await recorder.flushSoon()
  expect(recorder.size).toBe(0)
  expect(world.timers).toBe(0)
})

it('keeps nothing of what no inbox could have, and nothing of return paths', async () => {
  const { recorder } = makeRecorder()
  for (const address of ['"q"@[127.0.0.1]', 'nobody', 'a%b@c', 'bounce+0123456789abcdef-01@agents.localhost', '']) {
    recorder.add(refusal(address, 'unknown'))
  }
  expect(recorder.size).toBe(0)
})

it('cuts and cleans what a client said', async () => {
  const { recorder, writes } = makeRecorder()
  recorder.add(refusal(ADA, 'unknown', { helo: `a\r\n\u202eb\u{e0041}${'\u{1f600}'.repeat(5_000)}`, mailFrom: ' \0x\ufffd' }))
  await recorder.flush()
  const [entry] = writes[0] ?? []
  expect(entry?.helo).toMatch(/^a b\u{1f600}+/u)
  expect(entry?.helo.isWellFormed()).toBe(true)
  expect(entry?.helo.length).toBeLessThanOrEqual(MAX_SESSION_FIELD_CHARS)
  expect(entry?.mailFrom).toBe('x')
})

it('writes no more by itself once it is closed, and leaves no timer', async () => {
  const { recorder, world, writes } = makeRecorder()
  recorder.add(refusal(ADA, 'unknown'))
  await recorder.flush()
  recorder.add(refusal(ADA, 'too_large'))
  recorder.close()
  expect(world.timers).toBe(0)
  recorder.add(refusal(ADA, 'mail_loop'))
  world.advance(SESSION_WRITE_INTERVAL_MS)
  await settle()
  expect(writes).toHaveLength(1)
  await recorder.flush()
  expect(told(writes[1])).toEqual([
    [ADA, 'too_large', 1],
    [ADA, 'mail_loop', 1],
  ])
})
