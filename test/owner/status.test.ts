import { describe, expect, test } from 'vitest'
import { findProcesses } from '../../src/owner/processes.ts'
import { formatAge, formatBytes, formatCount } from '../../src/owner/shown.ts'
import { composeStatus, renderStatus, type StatusParts } from '../../src/owner/status.ts'

const NOW = Date.UTC(2026, 10, 24, 12)
const SUMMARY = {
  schemaVersion: 4,
  inboxes: 1_200,
  suspendedInboxes: 0,
  messages: 34_000,
  newestAt: NOW - 120_000,
  spooled: 0,
  spooledSince: null,
  openDeliveries: 0,
  unknownDeliveries: 0,
  usedBytes: 900_000,
}
const PARTS: StatusParts = {
  version: '1.2.3',
  dataDir: '/data',
  smtpUrl: 'smtp://127.0.0.1:2525',
  port: { state: 'ours' },
  processes: [12, 34],
  store: { file: '/data/inbox.sqlite', sizeBytes: 3_000_000, summary: SUMMARY },
}
const render = (change: Partial<StatusParts> = {}) => renderStatus(composeStatus({ ...PARTS, ...change }), NOW)
const withSummary = (change: Partial<typeof SUMMARY>) =>
  render({ store: { file: '/data/inbox.sqlite', sizeBytes: 1, summary: { ...SUMMARY, ...change } } })

describe('the status', () => {
  test('is a few lines for people', () => {
    expect(render()).toBe(`version   1.2.3
mail      received by a server on this store, at smtp://127.0.0.1:2525
servers   2 (pid 12, pid 34)
inboxes   1,200
messages  34,000
newest    2026-11-24T11:58:00.000Z, 2 minutes ago
spool     empty
outbox    empty
store     /data/inbox.sqlite, 2.9 MB, 879 KB in use, schema 4
`)
  })

  test('tells what waits and what is in doubt', () => {
    const waiting = { spooled: 1, spooledSince: NOW - 3_000, openDeliveries: 2, unknownDeliveries: 1, suspendedInboxes: 3 }
    const text = withSummary({ ...waiting, spooledSince: NOW - 3_000 } as never)
    expect(text).toContain('spool     1 message to be filed, the oldest 3 seconds ago')
    expect(text).toContain('outbox    2 deliveries; 1 delivery in doubt (inbox-mcp outbox unknown)')
    expect(text).toContain('inboxes   1,200, 3 of them suspended')
    expect(withSummary({ newestAt: NOW + 5_000 })).toContain('ahead of the clock')
    expect(withSummary({ newestAt: null } as never)).toContain('newest    none\n')
  })

  test.each([
    [{ port: { state: 'free' } }, 'no server has the port'],
    [{ port: { state: 'other_program', greeting: '220 x' } }, 'something else has the port'],
    [{ port: null, smtpUrl: null }, 'at any free port'],
    [{ processes: [] }, 'none runs'],
    [{ processes: null }, 'cannot be told'],
    [{ store: null }, 'none yet in /data'],
  ] as const)('%j', (change, words) => {
    expect(render(change as Partial<StatusParts>)).toContain(words)
  })

  test('is JSON for programs, with times as ISO 8601', () => {
    const { store, ...rest } = composeStatus(PARTS)
    expect(rest).toEqual({
      version: '1.2.3',
      dataDir: '/data',
      listener: { state: 'ours', smtpUrl: 'smtp://127.0.0.1:2525' },
      processes: [12, 34],
    })
    expect(store).toMatchObject({ messages: 34_000, newestAt: '2026-11-24T11:58:00.000Z', spooledSince: null })
    expect(composeStatus({ ...PARTS, store: null, port: { state: 'silent' } })).toMatchObject({
      store: null,
      listener: { state: 'other', smtpUrl: null },
    })
  })
})

test('Processes are found that have a file open, but not this one', () => {
  expect(findProcesses(import.meta.filename)).toEqual(process.platform === 'linux' ? [] : null)
  expect(findProcesses('/nowhere/at/all')).toBe(null)
})

test('Sizes, ages and counts are said as people say them', () => {
  expect([0, 1_023, 1_024, 1_572_864, 2 ** 50].map(formatBytes)).toEqual(['0 B', '1023 B', '1.0 KB', '1.5 MB', '1024 TB'])
  expect([0, 1_000, 59_999, 60_000, 7_200_000, 86_400_000 * 3].map(formatAge)).toEqual([
    '0 seconds',
    '1 second',
    '59 seconds',
    '1 minute',
    '2 hours',
    '3 days',
  ])
  expect([formatCount(1, 'message'), formatCount(2_000, 'message')]).toEqual(['1 message', '2,000 messages'])
})
