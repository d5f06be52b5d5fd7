/** The built program once, from its start to its end. The rest of it, in many processes: test/process and test/faults, by `npm run test:faults`. */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { sendMail } from '../src/demo/send-mail.ts'
import { startServer } from './support/server-process.ts'

it('The program shakes hands, gets a mail, writes nothing but protocol to stdout, and ends with its stdin', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'inbox-mcp-program-'))
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }))
  const server = startServer(['--data-dir', dataDir, '--smtp-port', '0', '--log-level', 'debug'])
  onTestFinished(async () => {
    server.child.kill('SIGKILL')
    await server.exited
  })
  expect(await server.initialize()).toMatchObject({ serverInfo: { name: 'inbox-mcp' } })
  const { address, smtpUrl } = await server.call('create_inbox', {})
  await sendMail(String(smtpUrl), { from: 'a@example.org', to: String(address), data: 'Subject: it works\r\n\r\nHi' })
  const received = await server.call('wait_for_message', { inbox: address })
  expect(received).toMatchObject({ status: 'received', message: { content: { subject: 'it works' } } })
  server.child.stdin?.end()
  expect(await server.exited).toEqual({ code: 0, signal: null })
  expect(server.stdout.filter((line) => JSON.parse(line).jsonrpc !== '2.0')).toEqual([])
  expect(server.stderr()).toContain('"level":"debug"')
})
