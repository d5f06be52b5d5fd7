import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sendMail } from '../../src/demo/send-mail.ts'
import { writeMail } from '../support/app.ts'
import { rounds } from '../support/rounds.ts'
import { type ServerProcess, startServer } from '../support/server-process.ts'

const ROUNDS = rounds({ full: 20 })
const SENDERS = 4
/** Acknowledged messages of a round before the process is killed. */
const KILL_AFTER = 20

describe('a process killed with -9', () => {
  let dataDir: string
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'inbox-mcp-crash-'))
  })
  afterAll(() => rm(dataDir, { recursive: true, force: true }))

  it(
    `loses nothing it has answered with 250 and repeats nothing; times killed under load: ${ROUNDS}`,
    async () => {
      const acknowledged = new Set<string>()
      const sent = new Set<string>()
      for (let round = 0; round < ROUNDS; round += 1) await killUnderLoad(round, sent, acknowledged)

      const server = await start()
      const subjects = await collectSubjects(server, acknowledged.size)
      server.child.kill('SIGKILL')
      await server.exited

      expect([...acknowledged].filter((subject) => !subjects.includes(subject))).toEqual([])
      expect(subjects.filter((subject) => !sent.has(subject))).toEqual([])
      expect(new Set(subjects).size).toBe(subjects.length)
    },
    ROUNDS * 10_000 + 180_000,
  )

  async function start(): Promise<ServerProcess> {
    const server = startServer(['--data-dir', dataDir, '--smtp-port', '0'])
    await server.initialize()
    return server
  }

  async function killUnderLoad(round: number, sent: Set<string>, acknowledged: Set<string>): Promise<void> {
    const server = await start()
    const inbox = await server.call('create_inbox', { localPart: 'target', idempotencyKey: 'target' })
    const smtpUrl = String(inbox.smtpUrl)
    let answered = 0
    const send = async (sender: number) => {
      for (let index = 0; ; index += 1) {
        const subject = `${round} ${sender} ${index}`
        sent.add(subject)
        await sendMail(
          smtpUrl,
          { from: 'a@example.org', to: 'target@agents.localhost', data: writeMail({ subject }) },
          (direction, line) => {
            // The answer to the final dot is the only one that counts.
            if (direction === '<' && line.startsWith('250 2.6.0')) {
              acknowledged.add(subject)
              answered += 1
              if (answered === KILL_AFTER) server.child.kill('SIGKILL')
            }
          },
        )
      }
    }
    await Promise.allSettled(Array.from({ length: SENDERS }, (_, sender) => send(sender)))
    expect(await server.exited).toMatchObject({ signal: 'SIGKILL' })
    expect(answered).toBeGreaterThanOrEqual(KILL_AFTER)
  }

  /** Waits until as many are filed as were acknowledged, then reads them all. */
  async function collectSubjects(server: ServerProcess, atLeast: number): Promise<string[]> {
    const subjects: string[] = []
    while (subjects.length < atLeast) {
      const result = await server.call('wait_for_message', { inbox: 'target@agents.localhost', timeoutSeconds: 20 })
      if (result.status !== 'received') break
      subjects.push(JSON.stringify(result))
    }
    const listed: string[] = []
    for (let offset: unknown = 0; offset !== null; ) {
      const page = await server.call('list_messages', { inbox: 'target@agents.localhost', limit: 100, offset })
      const data = Array.isArray(page.data) ? page.data : []
      listed.push(...data.map(({ content }) => String(content.subject)))
      offset = page.nextOffset
    }
    return listed
  }
})
