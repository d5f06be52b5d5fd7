import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { sendData } from '../support/app.ts'
import { Dice } from '../support/dice.ts'
import { rounds } from '../support/rounds.ts'
import { type ServerProcess, startServer } from '../support/server-process.ts'
import { connectSession, openSession, type SmtpSession } from '../support/smtp-session.ts'
import { countMails, countSpooled, DRAIN_DEADLINE_MS, hashMail } from '../support/store-check.ts'
import { GoodSender } from './good-clients.ts'

const CERTIFICATE = fileURLToPath(new URL('../support/smtp-tls-cert.pem', import.meta.url))
const KEY = fileURLToPath(new URL('../support/smtp-tls-key.pem', import.meta.url))

let server: ServerProcess
let dataDir = ''
let address = ''
let smtpUrl = ''

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'inbox-mcp-oddities-'))
  server = startServer(['--data-dir', dataDir, '--smtp-port', '0', '--tls-cert', CERTIFICATE, '--tls-key', KEY])
  await server.initialize()
  const inbox = await server.call('create_inbox', {})
  address = String(inbox.address)
  smtpUrl = String(inbox.smtpUrl)
})
afterAll(async () => {
  server.child.kill('SIGKILL')
  await server.exited
  await rm(dataDir, { recursive: true, force: true })
})
/** Whatever was said, it serves the next. */
afterEach(async () => {
  await expect.poll(() => countSpooled(join(dataDir, 'inbox.sqlite')), { timeout: DRAIN_DEADLINE_MS }).toBe(0)
  const { total } = await server.call('list_messages', { inbox: address })
  await new GoodSender(Number(new URL(smtpUrl).port), address).send()
  await expect.poll(async () => (await server.call('list_messages', { inbox: address })).total).toBe(Number(total) + 1)
})

/** Says it all at once, and hears everything until the connection ends. */
async function sayAtOnce(bytes: string | Buffer): Promise<string> {
  const session = connectSession(smtpUrl)
  session.write(bytes)
  session.end()
  return session.hearRest()
}

function transaction(data: string): string {
  return `MAIL FROM:<a@example.org>\r\nRCPT TO:<${address}>\r\nDATA\r\n${data}\r\n.\r\n`
}

it.each(['NOOP\r\n', 'MAIL FROM:<a@example.org>\r\n', 'EHLO in.clear\r\nMAIL FROM:<a@example.org>\r\n'])(
  'What is said in clear behind STARTTLS is not heard, also inside of TLS: %j',
  async (injected) => {
    const session = await openSession(smtpUrl)
    await session.run([['EHLO client.example', '250']])
    expect(await session.command(`STARTTLS\r\n${injected}`)).toMatch(/^220 /)
    await session.startTls().catch(() => {})
    // Either the handshake fails, or nothing was taken over: neither a greeting nor a sender.
    const reply = await session.command('RCPT TO:<x@y.example>').catch(() => 'closed')
    expect(reply).toMatch(/^503 |^closed$/)
    await session.destroy()
  },
)

it('A mail that began in clear does not go on inside of TLS', async () => {
  const session = await openSession(smtpUrl)
  await session.run([
    ['EHLO client.example', '250'],
    ['MAIL FROM:<a@example.org>', '250'],
    [`RCPT TO:<${address}>`, '250'],
    ['STARTTLS', '220'],
  ])
  await session.startTls()
  await session.run([
    ['DATA', '503'],
    ['EHLO client.example', '250'],
    ['DATA', '503'],
  ])
  await session.destroy()
})

it('Nothing after QUIT is done', async () => {
  const heard = await sayAtOnce(`EHLO a\r\nQUIT\r\n${transaction('after QUIT')}`)
  expect(heard).toMatch(/221 [^\n]*\r\n$/)
  expect(heard).not.toMatch(/^354/m)
})

it.each([
  ['BDAT', `EHLO a\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<${'{inbox}'}>\r\nBDAT 5 LAST\r\nhello`, /^50[02] /m],
  ['AUTH', 'EHLO a\r\nAUTH PLAIN AGEAYg==\r\n', /^50[02] /m],
  ['a PROXY header, version 1', 'PROXY TCP4 192.0.2.1 192.0.2.2 1 25\r\nEHLO a\r\n', /^500 /m],
  ['a PROXY header, version 2', '\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c', /^(?:500 |221 )/m],
  ['XCLIENT', 'EHLO a\r\nXCLIENT ADDR=192.0.2.1\r\n', /^500 /m],
  ['HTTP', 'POST / HTTP/1.1\r\nHost: a\r\n\r\n', /^421 /m],
  ['TLS without STARTTLS', '\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03\r\n', /^500 /m],
  ['UTF-16', Buffer.from('EHLO a\r\n', 'utf16le').toString('latin1'), /^500 /m],
])('%s is not known', async (_, said, reply) => {
  const heard = await sayAtOnce(Buffer.from(said.replace('{inbox}', address), 'latin1'))
  expect(heard).toMatch(reply)
  expect(heard).not.toMatch(/^(?:235|354|250 2\.6\.0)/m)
})

it('A line of a megabyte ends the session, wherever it stands among the commands', async () => {
  const line = 'x'.repeat(1_048_576)
  for (const said of [line, `EHLO ${line}`, `EHLO a\r\nMAIL FROM:<${line}@example.org>\r\n`, `EHLO a\r\nRCPT TO:<${line}`]) {
    expect(await sayAtOnce(`${said}\r\n`)).toMatch(/^500 [^\n]*\r\n$|^421 [^\n]*\r\n$/m)
  }
})

it('A line of a megabyte, NUL and bytes beyond ASCII in a mail are kept as they came', async () => {
  const session = await openSession(smtpUrl)
  await session.begin(address)
  const mail = Buffer.from(`Subject: odd\r\n\r\n${'y'.repeat(1_048_576)}\r\n\0\xff\xfe\x80\r\n`, 'latin1')
  expect(await sendData(session, mail)).toMatch(/^250 /)
  await session.destroy()
  await expect.poll(() => countMails(join(dataDir, 'inbox.sqlite')).get(hashMail(mail))).toBe(1)
})

it(`Command lines of random bytes are answered, or end the session, and nothing is accepted: ${rounds({ full: 500 })}`, async () => {
  const dice = new Dice()
  for (let round = 0; round < rounds({ full: 500 }); round += 1) {
    const bytes = Buffer.from(Array.from({ length: dice.roll(400) }, () => dice.roll(256)))
    const session: SmtpSession = connectSession(smtpUrl)
    session.write('EHLO a\r\n')
    for (let at = 0; at < bytes.length; at += 1 + dice.roll(100)) session.write(bytes.subarray(at, at + 50))
    session.write('\r\nQUIT\r\n')
    session.end()
    const heard = await session.hearRest()
    expect(heard).toMatch(/^(?:221|421|500) /m)
    expect(heard).not.toMatch(/^354/m)
  }
})
