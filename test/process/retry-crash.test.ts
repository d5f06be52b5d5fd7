import { expect, it, onTestFinished } from 'vitest'
import { bootApp, sendData, writeMail } from '../support/app.ts'
import { startServer } from '../support/server-process.ts'
import { openSession } from '../support/smtp-session.ts'

const MAIL = Buffer.from(writeMail({ subject: 'once' }))

it('A sender whose server is killed after the commit is recognised at another process on the store in the same moment', async () => {
  const sibling = await bootApp()
  onTestFinished(() => sibling.close())
  const { address } = await sibling.createInbox()
  const server = startServer(['--data-dir', sibling.dataDir, '--smtp-port', '0'])
  onTestFinished(() => void server.child.kill('SIGKILL'))
  await server.initialize()
  const { smtpUrl } = await server.call('create_inbox', {})

  const open = async (url: string) => {
    const session = await openSession(url)
    await session.begin(address)
    return session
  }
  const [cut, other, retry] = [await open(String(smtpUrl)), await open(sibling.smtpUrl), await open(sibling.smtpUrl)]
  const accepted = await sendData(cut, MAIL)
  expect(accepted).toMatch(/^250 .* as /)
  // Its session is open, and the process that has it lives: this is another message.
  const another = await sendData(other, MAIL)
  expect(another).toMatch(/^250 .* as /)
  expect(another).not.toBe(accepted)
  server.child.kill('SIGKILL')
  // What the sender sees of it, not what the parent of the process does: no moment passes in between.
  await cut.closed
  expect(await sendData(retry, MAIL)).toBe(accepted)
  for (const session of [other, retry]) await session.command('QUIT')
})
