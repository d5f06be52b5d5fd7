import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { sendMail } from '../../src/demo/send-mail.ts'
import { record } from '../support/mcp-clients.ts'
import { ENVELOPE } from '../support/mcp-raw.ts'
import { type ServerProcess, startServer } from '../support/server-process.ts'

const DECLARED = {
  ...ENVELOPE,
  'io.modelcontextprotocol/clientCapabilities': { extensions: { 'io.modelcontextprotocol/tasks': {} } },
}
const PATIENT = { timeout: 20_000, interval: 20 }

describe('of two programs on one data directory', () => {
  let root: string
  const args = () => ['--data-dir', root, '--smtp-port', '0']
  /** Has the port, and outlives the other. */
  let home: ServerProcess
  let server: ServerProcess
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'inbox-mcp-tasks-'))
    home = startServer(args())
    await home.initialize('2025-11-25')
  })
  afterAll(async () => {
    await kill(home)
    await rm(root, { recursive: true, force: true })
  })
  afterEach(() => kill(server))

  async function kill({ child, exited }: ServerProcess): Promise<void> {
    child.kill('SIGKILL')
    await exited
  }

  /** An inbox, and the other program. */
  async function start() {
    server = startServer(args())
    const { address, smtpUrl } = await home.call('create_inbox', {})
    const inbox = String(address)
    return {
      inbox,
      send: (subject: string) =>
        sendMail(String(smtpUrl), { from: 'a@example.org', to: inbox, data: `Subject: ${subject}\r\n\r\nHi` }),
      listRead: async () => {
        const { data } = await home.call('list_messages', { inbox })
        return Array.isArray(data) ? data.map(({ read }) => read) : []
      },
    }
  }

  const wait = (inbox: string) => ({ name: 'wait_for_message', arguments: { inbox, timeoutSeconds: 600 } })

  it('each may leave a wait with its own: the mail is for the one that asks first, and for nobody who is gone', async () => {
    const { inbox, send, listRead } = await start()
    const { taskId, resultType } = await server.request('tools/call', { ...wait(inbox), _meta: DECLARED })
    expect(resultType).toBe('task')
    const look = () => server.request('tasks/get', { taskId, _meta: DECLARED })
    expect(await look()).toMatchObject({ status: 'working' })
    await send('first')
    await expect.poll(look, PATIENT).toMatchObject({ status: 'completed' })
    expect(await listRead()).toEqual([true])
    await server.request('tools/call', { ...wait(inbox), _meta: DECLARED })
    await send('second')
    await expect.poll(listRead, PATIENT).toEqual([false, true])
    await kill(server)
    expect(await home.call('wait_for_message', { inbox, timeoutSeconds: 0 })).toMatchObject({ status: 'received' })
  })

  it('one hands back, as it ends, what a task of the older generation took and nobody fetched', async () => {
    const { inbox, send, listRead } = await start()
    await server.initialize('2025-11-25')
    const { task } = await server.request('tools/call', { ...wait(inbox), task: {} })
    await send('only')
    const look = () => server.request('tasks/get', { taskId: record(task).taskId })
    await expect.poll(look, PATIENT).toMatchObject({ status: 'completed' })
    expect(await listRead()).toEqual([true])
    server.child.stdin?.end()
    expect(await server.exited).toEqual({ code: 0, signal: null })
    expect(await listRead()).toEqual([false])
  })
})
