import { afterAll, beforeAll, expect, it } from 'vitest'
import { rounds } from '../support/rounds.ts'
import { CALL_WITHIN_MS, GROWTH_MB, MAIL_WITHIN_MS, MEMORY_SLACK, SLACK } from './bounds.ts'
import { GoodAgent, GoodSender } from './good-clients.ts'
import { Report } from './report.ts'
import { Rig } from './rig.ts'

/** Calls written to stdin without a look at any answer. */
const CALLS = rounds({ full: 5_000 })

const report = new Report('A client that floods its own server: p50 / p99 / max ms', [
  'calls',
  'mail accepted',
  'deferred',
  "another process's MCP call",
  'peak MB',
  'left MB',
])
let rig: Rig

beforeAll(async () => {
  rig = await Rig.start()
})
afterAll(async () => {
  await rig.close()
  report.show()
})

it(`${CALLS} calls at once are each answered once, while mail is taken and another process on the store serves its client`, async () => {
  const other = rig.startAnother()
  await other.initialize()
  const sender = new GoodSender(rig.port, rig.address)
  const agent = new GoodAgent(other, rig.address)
  rig.memory.forgetPeak()
  const names = ['list_inboxes', 'check_quota', 'list_messages', 'no_such_tool']
  const calls = Array.from({ length: CALLS }, (_, index) =>
    rig.server.request('tools/call', { name: names[index % names.length], arguments: { inbox: rig.address } }).then(
      () => 'answered',
      () => 'refused',
    ),
  )
  const flood = Promise.all(calls)
  const [answers] = await Promise.all([flood, sender.sendUntil(flood), agent.callUntil(flood)])
  const peakMb = rig.memory.peakMb - rig.idleMb
  await rig.prove()
  const leftMb = (await rig.memory.calm(5_000)) - rig.idleMb
  report.add(CALLS, `${sender.latencies}`, `${sender.deferrals}/${sender.latencies.count}`, `${agent.latencies}`, peakMb, leftMb)
  expect(answers).toHaveLength(CALLS)
  expect(sender.latencies.max).toBeLessThan(MAIL_WITHIN_MS * SLACK)
  expect(agent.latencies.max).toBeLessThan(CALL_WITHIN_MS * SLACK)
  expect(peakMb).toBeLessThan(GROWTH_MB * MEMORY_SLACK)
})
