import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { Config } from '../src/config.ts'
import { SILENT_LOG } from '../src/log.ts'
import { importMail, renderImport } from '../src/owner/import-mail.ts'
import { readSource } from '../src/owner/mail-source.ts'
import { runOwner } from '../src/owner-app.ts'
import type { OwnerRequest } from '../src/owner-request.ts'
import { MIGRATIONS } from '../src/sql/migrations.ts'
import { bootApp, TEST_CONFIG, type TestApp, writeMail } from './support/app.ts'
import { makeTerminal } from './support/terminal.ts'

let server: TestApp
beforeAll(async () => {
  server = await bootApp()
})
afterAll(() => server.close())

function makeDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'inbox-mcp-owner-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** Asks beside the server that runs, unless told otherwise. */
async function ask(
  request: OwnerRequest,
  { config = {}, isScreen = false }: { config?: Partial<Config>; isScreen?: boolean } = {},
) {
  const terminal = makeTerminal({ isScreen })
  const smtpPort = Number(new URL(server.smtpUrl).port)
  const around = { terminal, log: SILENT_LOG, nodeVersion: 'v24.21.0', nodeFlags: [], uid: null }
  const code = await runOwner(request, { ...TEST_CONFIG, dataDir: server.dataDir, smtpPort, ...config }, around)
  return { code, text: terminal.text(), bytes: terminal.bytes(), complaints: terminal.complaints, shown: terminal.shown }
}

/** Through the server that runs: a program of its own each time costs its start. */
async function importFrom(
  path: string,
  ref: string,
  { maxBytes = 1_000_000, signal = new AbortController().signal, onImported = () => {} } = {},
): Promise<string> {
  const { app } = server
  const inbox = await app.store.findAnyInbox(ref)
  if (inbox === null) throw new Error('no such inbox')
  const { store } = app
  const { receiver } = app.post
  const source = readSource(path, maxBytes)
  const parts = { source, inbox, store, receiver, idle: () => app.post.idle(), now: Date.now, signal }
  return renderImport(
    await importMail({ ...parts, onProgress: ({ imported }) => imported > 0 && onImported() }),
    inbox.address,
    maxBytes,
  )
}
const subjectsOf = async (ref: string) =>
  (await server.post.listMessages('default', ref, { after: null, page: { limit: 100, offset: 0 } })).data.map(
    ({ subject }) => subject,
  )

describe('beside a server', () => {
  test('the doctor finds it at its port, and its store whole', async () => {
    const { text } = await ask({ kind: 'diagnose' })
    expect(text).toMatch(/^ok +SMTP port +127\.0\.0\.1:\d+ is received at by a server on this store$/m)
    expect(text).toMatch(/^ok +store +whole, /m)
  })

  test('the doctor tells the server of another store from ours', async () => {
    const other = await ask({ kind: 'diagnose' }, { config: { dataDir: makeDir() } })
    expect(other.text).toMatch(/^problem +SMTP port .* belongs to an inbox-mcp with another data directory/m)
    expect(other.code).toBe(1)
  })

  test('the status tells where mail is received and how much there is', async () => {
    await server.createInbox('status')
    await server.deliver('status@agents.localhost', writeMail())
    const { text, code } = await ask({ kind: 'show-status', json: true })
    const status = JSON.parse(text)
    expect([code, status.listener]).toEqual([0, { state: 'ours', smtpUrl: server.smtpUrl }])
    expect(status.store).toMatchObject({ schemaVersion: MIGRATIONS.length, spooled: 0, openDeliveries: 0 })
    expect(status.store.messages).toBeGreaterThan(0)
    expect((await ask({ kind: 'show-status', json: false })).text).toContain(`at ${server.smtpUrl}`)
  })

  test('the status makes no store where there is none', async () => {
    const dataDir = join(makeDir(), 'none')
    const { text, code } = await ask({ kind: 'show-status', json: true }, { config: { dataDir, smtpPort: 0 } })
    expect([code, JSON.parse(text)]).toMatchObject([0, { store: null, listener: { state: 'unknown' }, processes: [] }])
    expect(() => readdirSync(dataDir)).toThrow('ENOENT')
  })

  test('a backup is a store of its own, with what was there', async () => {
    await server.createInbox('saved')
    await server.deliver('saved@agents.localhost', writeMail({ subject: 'Precious' }))
    const dataDir = makeDir()
    const file = join(dataDir, 'inbox.sqlite')
    expect(await ask({ kind: 'back-up', file })).toMatchObject({ code: 0, complaints: [] })
    const found = await ask({ kind: 'export-mail', inbox: 'saved@agents.localhost', file: null }, { config: { dataDir } })
    expect(found.text).toContain('Subject: Precious')
    expect(await ask({ kind: 'back-up', file })).toMatchObject({
      code: 1,
      complaints: [expect.stringMatching(/it exists already\.$/)],
    })
  })
})

describe('import and export', () => {
  test('an inbox that was exported is the same when it is imported, byte for byte', async () => {
    await server.createInbox('from')
    await server.createInbox('to')
    const bodies = ['From me\r\n\r\n.\r\n>From you', 'ends with blank lines\r\n\r\n\r\n', '\u00fc\r\nx']
    for (const body of bodies) await server.deliver('from@agents.localhost', writeMail({ subject: body.slice(0, 4), body }))
    const dir = makeDir()
    const file = join(dir, 'from.mbox')
    const exported = await ask({ kind: 'export-mail', inbox: 'from@agents.localhost', file })
    expect(exported).toMatchObject({ code: 0, text: `3 messages of from@agents.localhost are in ${file}.\n` })
    expect(await importFrom(file, 'to@agents.localhost')).toBe('3 messages imported into to@agents.localhost.\n')
    const rawsOf = async (ref: string) => {
      const { data } = await server.post.listMessages('default', ref, { after: null, page: { limit: 100, offset: 0 } })
      return await Promise.all(
        data.map(async ({ id }) => Buffer.from(await server.post.getRaw('default', ref, id)).toString('latin1')),
      )
    }
    expect(await rawsOf('to@agents.localhost')).toEqual(await rawsOf('from@agents.localhost'))
    const again = await ask({ kind: 'export-mail', inbox: 'to@agents.localhost', file: null })
    const withoutTimes = (text: string) => text.replaceAll(/^From \S+ .*$/gm, 'From -')
    expect(withoutTimes(again.bytes.toString('latin1'))).toBe(withoutTimes(readFileSync(file, 'latin1')))
  })

  test('what is imported is threaded and found, unread, and waited for in the server that runs', async () => {
    const { id, cursor } = await server.createInbox('threads')
    const file = join(makeDir(), 'a.mbox')
    const mail = (id: string, more: string) =>
      `From a@example.org Wed Nov  4 02:03:04 2026\nFrom: Ada <a@example.org>\nMessage-ID: <${id}@x>\n${more}\n\nA walrus.\n\n`
    writeFileSync(file, mail('1', 'Subject: Hello') + mail('2', 'Subject: Re: Hello\nIn-Reply-To: <1@x>'))
    const waiting = server.post.waitForMessage(
      'default',
      id,
      { filter: {}, after: cursor, timeoutSeconds: 50 },
      { signal: new AbortController().signal },
    )
    const imported = await ask({ kind: 'import-mail', source: file, inbox: 'Threads+tag@AGENTS.localhost' })
    expect(imported).toMatchObject({ code: 0, text: '2 messages imported into threads@agents.localhost.\n' })
    expect(imported.shown.at(-1)).toMatch(/^100 %/)
    const heard = await waiting
    expect([heard.status, JSON.stringify(heard).includes('"subject":"Hello"')]).toEqual(['received', true])
    const found = await server.post.listMessages('default', id, {
      after: null,
      page: { limit: 9, offset: 0 },
      query: 'walrus',
    })
    expect(found.data.map(({ subject, read, delivery }) => [subject, read, delivery])).toEqual([
      ['Re: Hello', false, 'email'],
      ['Hello', true, 'email'],
    ])
    expect((await server.post.listThreads('default', id, { limit: 9, offset: 0 })).total).toBe(1)
    const peeked = await server.post.peekMessage('default', id, found.data[0]?.id ?? '')
    expect(peeked.message).toMatchObject({ envelopeFrom: 'a@example.org', envelopeTo: 'threads@agents.localhost' })
  })

  test('the same bytes are filed once, however often they come', async () => {
    await server.createInbox('twice')
    const file = join(makeDir(), 'a.mbox')
    const one = 'From a Wed Nov  4 02:03:04 2026\nSubject: One\n\nx\n\n'
    writeFileSync(file, one + one)
    expect(await importFrom(file, 'twice@agents.localhost')).toBe(
      '1 message imported into twice@agents.localhost, 1 message passed over that it had already.\n',
    )
    writeFileSync(file, `${one}${one.replaceAll('One', 'Two')}`)
    expect(await importFrom(file, 'twice@agents.localhost')).toBe(
      '1 message imported into twice@agents.localhost, 1 message passed over that it had already.\n',
    )
    expect(await subjectsOf('twice@agents.localhost')).toEqual(['Two', 'One'])
  })

  test('an import that was interrupted goes on where it was', async () => {
    await server.createInbox('stopped')
    const file = join(makeDir(), 'a.mbox')
    const mails = Array.from({ length: 80 }, (_, index) => `From a Wed Nov  4 02:03:04 2026\nSubject: ${index}\n\nx\n\n`)
    writeFileSync(file, mails.join(''))
    const stopping = new AbortController()
    const stopped = importFrom(file, 'stopped@agents.localhost', { signal: stopping.signal, onImported: () => stopping.abort() })
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' })
    expect((await subjectsOf('stopped@agents.localhost')).length).toBe(32)
    expect(await importFrom(file, 'stopped@agents.localhost')).toBe(
      '48 messages imported into stopped@agents.localhost, 32 messages passed over that it had already.\n',
    )
    expect(new Set(await subjectsOf('stopped@agents.localhost')).size).toBe(80)
  })

  test('a Maildir and a directory of .eml files are read, new mail after old', async () => {
    await server.createInbox('dirs')
    const dir = makeDir()
    for (const name of ['cur', 'new', 'tmp']) mkdirSync(join(dir, name))
    writeFileSync(join(dir, 'cur', '1.x:2,S'), 'Subject: Old\n\nx\n')
    writeFileSync(join(dir, 'new', '2.x'), 'Subject: New\n\nx\n')
    writeFileSync(join(dir, 'tmp', '3.x'), 'Subject: Half')
    writeFileSync(join(dir, 'new', '.hidden'), 'Subject: Hidden')
    expect(await importFrom(dir, 'dirs@agents.localhost')).toContain('2 messages imported')
    const other = makeDir()
    writeFileSync(join(other, 'b.EML'), 'Subject: B\r\n\r\nx\r\n')
    writeFileSync(join(other, 'a.eml'), 'From: a@x\r\nSubject: A\r\n\r\nx')
    writeFileSync(join(other, 'notes.txt'), 'no mail')
    mkdirSync(join(other, 'c.eml'))
    expect(await importFrom(other, 'dirs@agents.localhost')).toContain('2 messages imported')
    expect(await importFrom(join(other, 'a.eml'), 'dirs@agents.localhost')).toContain('0 messages imported')
    expect(await subjectsOf('dirs@agents.localhost')).toEqual(['B', 'A', 'New', 'Old'])
  })

  test('what is too large is left out and said', async () => {
    await server.createInbox('large')
    const file = join(makeDir(), 'a.mbox')
    const one = (size: number) => `From a Wed Nov  4 02:03:04 2026\nSubject: ${size}\n\n${'x'.repeat(size)}\n\n`
    writeFileSync(file, one(10) + one(100_000) + one(20))
    expect(await importFrom(file, 'large@agents.localhost', { maxBytes: 65_536 })).toBe(
      '2 messages imported into large@agents.localhost, 1 message left out that --max-message-bytes (65536) does not allow.\n',
    )
    expect(await subjectsOf('large@agents.localhost')).toEqual(['20', '10'])
  })

  test('what cannot be imported is refused in one line', async () => {
    await server.createInbox('errors')
    const dir = makeDir()
    mkdirSync(join(dir, 'empty'))
    writeFileSync(join(dir, 'binary'), Buffer.alloc(100))
    const refusals = ['missing', 'empty', 'binary'].map((name) =>
      importFrom(join(dir, name), 'errors@agents.localhost').then(String, (error: unknown) =>
        error instanceof Error ? error.message : '',
      ),
    )
    expect(await Promise.all(refusals)).toEqual([
      expect.stringMatching(/cannot be imported: there is no such file or directory\.$/),
      expect.stringMatching(/cannot be imported: it is no Maildir and has no \.eml files\.$/),
      expect.stringMatching(/^This is no mbox/),
    ])
    const inbox = { id: 'x', address: 'a@b', agent: 'default', status: 'suspended' as const, cursor: 0, messages: 0 }
    const { store, post } = server.app
    const parts = { inbox, store, receiver: post.receiver, idle: () => post.idle(), now: Date.now, onProgress: () => {} }
    const suspended = importMail({ ...parts, source: readSource(dir, 1), signal: new AbortController().signal })
    await expect(suspended).rejects.toMatchObject({ code: 'inbox_suspended' })
    const nobody = await ask({ kind: 'export-mail', inbox: 'nobody@agents.localhost', file: null })
    expect(nobody).toMatchObject({ code: 1, complaints: [expect.stringMatching(/^inbox-mcp: There is no inbox "nobody@agents/)] })
  })

  test('mail is not written to a screen, where it could move the cursor', async () => {
    const { code, complaints, bytes } = await ask({ kind: 'export-mail', inbox: 'x@y', file: null }, { isScreen: true })
    expect([code, bytes.length]).toEqual([2, 0])
    expect(complaints[0]).toMatch(/name a FILE/)
  })

  test('hostile mail is filed as from the network', async () => {
    await server.createInbox('hostile')
    const file = join(makeDir(), 'a.mbox')
    const mails = [
      '\u0000\u0000',
      'Subject: \u001b[2J\n'.repeat(500),
      `Content-Type: multipart/mixed; boundary=x\n\n${'--x\n'.repeat(5_000)}`,
      '>From '.repeat(1_000),
    ]
    writeFileSync(file, mails.map((mail) => `From evil@example.org Wed Nov  4 02:03:04 2026\n${mail}\n\n`).join(''))
    expect(await importFrom(file, 'hostile@agents.localhost')).toContain('4 messages imported')
    expect(await subjectsOf('hostile@agents.localhost')).toHaveLength(4)
  })
})

test('What the store says to the owner is written to stdout, and nothing to do it to is no success', async () => {
  expect(await ask({ kind: 'list-suspended' })).toMatchObject({ code: 0, text: 'No inbox is suspended.\n' })
  expect((await ask({ kind: 'resume-inbox', address: 'a@b' })).code).toBe(1)
  expect(await ask({ kind: 'list-domains' })).toMatchObject({ code: 0, text: 'No agent has a domain.\n' })
  expect((await ask({ kind: 'release-domain', domain: 'example.org' })).code).toBe(1)
})

test('A data directory that is no good is one line', async () => {
  const file = join(makeDir(), 'file')
  writeFileSync(file, '')
  const { code, complaints } = await ask({ kind: 'list-suspended' }, { config: { dataDir: file } })
  expect([code, complaints.length]).toEqual([1, 1])
  expect((await ask({ kind: 'list-unknown' }, { config: { dataDir: '' } })).code).toBe(2)
})
