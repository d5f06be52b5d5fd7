import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { WaitInput, WaitResult } from '../../src/post-office.ts'
import { AGENT, bootApp, type TestApp, writeMail } from '../support/app.ts'
import { rounds } from '../support/rounds.ts'

/** Inboxes that have their rounds at once. */
const LANES = 10
const ROUNDS_OF_LANE = rounds({ full: 100 })

describe('a wait', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await bootApp()
  })
  afterAll(() => app.close())

  const wait = (inbox: string, input: Partial<WaitInput> = {}): Promise<WaitResult> =>
    app.post.waitForMessage(
      AGENT,
      inbox,
      { filter: {}, after: 0, timeoutSeconds: 20, ...input },
      { signal: new AbortController().signal },
    )

  it(`neither misses nor repeats in ${LANES * ROUNDS_OF_LANE} rounds of mail before, between and during waits`, async () => {
    const lanes = await Promise.all(Array.from({ length: LANES }, () => app.createInbox()))
    const seen = await Promise.all(lanes.map(({ address }, lane) => runRounds(address, lane)))
    for (const [lane, subjects] of seen.entries()) {
      expect(subjects).toEqual(Array.from({ length: ROUNDS_OF_LANE }, (_, round) => `${lane} ${round}`))
    }
    for (const { address } of lanes) expect(await wait(address, { timeoutSeconds: 0 })).toMatchObject({ status: 'timeout' })
  }, 180_000)

  /** By turns the mail is sent before the wait, together with it, and after it has begun. */
  async function runRounds(address: string, lane: number): Promise<string[]> {
    const subjects: string[] = []
    for (let round = 0; round < ROUNDS_OF_LANE; round += 1) {
      const send = () => accept(address, `${lane} ${round}`)
      let sent: Promise<unknown> = Promise.resolve()
      if (round % 3 === 0) await send()
      if (round % 3 === 1) sent = send()
      const waiting = wait(address)
      if (round % 3 === 2) sent = send()
      const [result] = await Promise.all([waiting, sent])
      subjects.push(result.status === 'received' ? result.reading.message.subject : result.status)
    }
    return subjects
  }

  /** What the listener does with a message, without the socket. */
  async function accept(address: string, subject: string): Promise<void> {
    const { receiver } = app.app.post
    const answer = await receiver.accepts(address)
    if (!answer.accepted) throw new Error(answer.reason)
    const envelope = { from: '', recipients: [answer.recipient], helo: '', remoteAddress: '127.0.0.1', receivedAt: Date.now() }
    receiver.confirm((await receiver.accept(envelope, Buffer.from(writeMail({ subject })))).id)
  }
})
