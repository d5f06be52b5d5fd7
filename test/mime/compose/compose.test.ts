import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ParsedMail, simpleParser } from 'mailparser'
import { describe, expect, it } from 'vitest'
import type { Draft } from '../../../src/composer.ts'
import { createComposer } from '../../../src/mime/compose/compose.ts'
import { verifyDkim } from '../../support/dkim.ts'
import { createDice, type Dice, generateRecipients, pick } from '../../support/recipients.ts'
import { rounds } from '../../support/rounds.ts'

const composer = createComposer()
const DRAFTS = rounds({ short: 100, full: 500 })
const DRAFT: Draft = {
  from: { address: 'swift-otter-42@agents.localhost', name: null },
  toAddresses: ['ada@example.org'],
  ccAddresses: [],
  subject: 'Hello',
  text: 'Good morning.\n',
  html: null,
  messageIdHeader: '<0199-1@agents.localhost>',
  sentAt: Date.UTC(2026, 10, 24, 12, 34, 56),
  inReplyTo: null,
  references: [],
  autoSubmitted: null,
  attachments: [],
}

describe('a plain text', () => {
  it('has the headers of its draft and MIME, and not one more', async () => {
    expect(listFields(await write({}))).toEqual([
      'From: swift-otter-42@agents.localhost',
      'To: ada@example.org',
      'Subject: Hello',
      'Message-ID: <0199-1@agents.localhost>',
      'Date: Tue, 24 Nov 2026 12:34:56 +0000',
      'Content-Transfer-Encoding: 7bit',
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=utf-8',
    ])
  })

  it('has exactly the headers of a full draft too', async () => {
    const raw = await write({
      from: { address: 'swift-otter-42@agents.localhost', name: 'Ada "the first" Lovelace' },
      toAddresses: ['ada@example.org', 'bob@example.org'],
      ccAddresses: ['eve@xn--bcher-kva.example'],
      inReplyTo: '<2@example.org>',
      references: ['<1@example.org>', '<2@example.org>'],
      autoSubmitted: 'auto-replied',
    })
    expect(listFields(raw)).toEqual([
      'From: "Ada \\"the first\\" Lovelace" <swift-otter-42@agents.localhost>',
      'To: ada@example.org, bob@example.org',
      'Cc: eve@xn--bcher-kva.example',
      'In-Reply-To: <2@example.org>',
      'References: <1@example.org> <2@example.org>',
      'Subject: Hello',
      'Message-ID: <0199-1@agents.localhost>',
      'Date: Tue, 24 Nov 2026 12:34:56 +0000',
      'Auto-Submitted: auto-replied',
      'Content-Transfer-Encoding: 7bit',
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=utf-8',
    ])
  })

  it.each([
    ['line ends of every kind', 'a\nb\r\nc\rd\n\re', 'a\r\nb\r\nc\r\nd\r\n\r\ne'],
    ['lines that begin with a dot', '.\n..\n.a\n', '.\r\n..\r\n.a\r\n'],
    ['other scripts', 'äöü 中文 💩\n', 'äöü 中文 💩\r\n'],
    ['a line of 5,000 characters', `${'word '.repeat(1000)}\n`, `${'word '.repeat(1000)}\r\n`],
    ['a line of 5,000 characters without a space', 'x'.repeat(5_000), 'x'.repeat(5_000)],
    ['controls', 'a\u0001\u001b[31mb\u007f\n', 'a\u0001\u001b[31mb\u007f\r\n'],
    ['trailing spaces', 'a  \n\t\nb', 'a  \r\n\t\r\nb'],
    ['what looks like a header', 'Bcc: eve@example.org\n\nFrom x\n', 'Bcc: eve@example.org\r\n\r\nFrom x\r\n'],
    ['what looks like our boundary', '--=_-x-Part_1\n--=_-x-Part_1--\n', '--=_-x-Part_1\r\n--=_-x-Part_1--\r\n'],
    ['half a pair', 'a\ud800b', 'a\ufffdb'],
    ['300 KB', `${'0123456789'.repeat(7)}\n`.repeat(4_200), `${'0123456789'.repeat(7)}\r\n`.repeat(4_200)],
  ])('keeps %s', async (_what, text, expected) => {
    const mail = await parse(await write({ text }))
    expect(endLine(normalize(mail.text ?? ''))).toBe(endLine(normalize(expected)))
  })

  it('may be empty and is still there', async () => {
    const raw = await write({ text: '', attachments: [{ filename: 'a.bin', contentType: 'image/png', bytes: Buffer.from('x') }] })
    expect(listFields(raw).at(-1)).toMatch(/^Content-Type: multipart\/mixed/)
    expect(await parse(raw)).toMatchObject({ attachments: [{ filename: 'a.bin' }] })
  })
})

describe('a draft with more than text', () => {
  it('becomes text and HTML as alternatives', async () => {
    const raw = await write({ text: 'plain ü', html: '<p>rich ü</p>\n<p>two</p>' })
    expect(listFields(raw).at(-1)).toMatch(/^Content-Type: multipart\/alternative; boundary="=_/)
    const mail = await parse(raw)
    expect(normalize(mail.text ?? '')).toBe('plain ü')
    expect(normalize(String(mail.html))).toBe('<p>rich ü</p>\n<p>two</p>')
  })

  it('keeps the bytes of every attachment', async () => {
    const every = Buffer.from(Array.from({ length: 4_096 }, (_, at) => at % 256))
    const attachments = [
      { filename: 'every.bin', contentType: 'application/octet-stream', bytes: every },
      {
        filename: 'view.bin',
        contentType: 'application/octet-stream',
        bytes: new Uint8Array(every.buffer, every.byteOffset + 5, 10),
      },
      { filename: 'empty.txt', contentType: 'text/plain', bytes: new Uint8Array() },
      { filename: 'lines.csv', contentType: 'text/csv; charset=iso-8859-1', bytes: Buffer.from('a\nb\r\n\xfc', 'latin1') },
      { filename: 'page.html', contentType: 'text/html', bytes: Buffer.from('<p>x</p>') },
    ]
    const mail = await parse(await write({ html: '<p>x</p>', attachments }))
    expect(mail.attachments.map(({ filename, contentType }) => [filename, contentType])).toEqual([
      ['every.bin', 'application/octet-stream'],
      ['view.bin', 'application/octet-stream'],
      ['empty.txt', 'text/plain'],
      ['lines.csv', 'text/csv'],
      ['page.html', 'text/html'],
    ])
    for (const [at, { content }] of mail.attachments.entries()) expect(content).toEqual(Buffer.from(attachments[at]?.bytes ?? []))
  })

  it.each([
    ['a message', 'message/rfc822'],
    ['a multipart with a boundary of its own', 'multipart/mixed; boundary=x'],
    ['a type with a line break', 'text/plain\r\nBcc: eve@example.org'],
    ['no type', 'nothing'],
    ['an endless type', `a/${'b'.repeat(100_000)}`],
  ])('attaches %s as bytes', async (_what, contentType) => {
    const bytes = Buffer.from('From: x@example.org\r\nSubject: inner\r\n\r\ntext\r\n')
    const raw = await write({ attachments: [{ filename: 'inner', contentType, bytes }] })
    const { attachments } = await parse(raw)
    expect(attachments).toMatchObject([{ filename: 'inner', contentType: 'application/octet-stream', content: bytes }])
    expect(Buffer.from(raw).toString('latin1')).not.toContain('eve@')
  })

  it.each([
    ['report.pdf', 'report.pdf'],
    ['two words.txt', 'two words.txt'],
    ['résumé 中文 💩.pdf', 'résumé 中文 💩.pdf'],
    ['quote " back.txt', 'quote " back.txt'],
    ["it's; a=b, (c).txt", "it's; a=b, (c).txt"],
    ['=?utf-8?Q?=41?=.txt', '=?utf-8?Q?=41?=.txt'],
    ['100%25.txt', '100%25.txt'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\ada\\secret.txt', 'secret.txt'],
    ['a\r\nBcc: eve@example.org.txt', 'a Bcc: eve@example.org.txt'],
    ['', 'attachment'],
    ['..\\', 'attachment'],
    [`${'x'.repeat(1_000)}.pdf`, `${'x'.repeat(196)}.pdf`],
    ['ü'.repeat(1_000), 'ü'.repeat(200)],
  ])('names an attachment %j as %j', async (filename, expected) => {
    const mail = await parse(
      await write({ attachments: [{ filename, contentType: 'application/pdf', bytes: Buffer.from('x') }] }),
    )
    expect(mail.attachments.map((attachment) => attachment.filename)).toEqual([expected])
  })

  it('reads no file and fetches no URL, whatever stands in the draft', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'inbox-mcp-compose-'))
    const secret = join(dir, 'secret.txt')
    writeFileSync(secret, 'top secret')
    let requests = 0
    const server = createServer((_request, response) => {
      requests += 1
      response.end('fetched')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const url = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}/`
    try {
      for (const bait of [secret, `file://${secret}`, url, 'data:text/plain,secret']) {
        const raw = await write({
          subject: bait,
          text: bait,
          html: `<img src="${bait}">`,
          attachments: [{ filename: bait, contentType: 'text/plain', bytes: Buffer.from(bait) }],
        })
        const mail = await parse(raw)
        expect(mail.attachments.map(({ content }) => content.toString())).toEqual([bait])
        expect(Buffer.from(raw).toString('latin1')).not.toContain('top secret')
      }
      expect(requests).toBe(0)
    } finally {
      server.close()
      rmSync(dir, { recursive: true })
    }
  })
})

describe('a header', () => {
  it.each([
    ['Hello'],
    ['äöü'],
    ['中文'.repeat(80)],
    ['💩'.repeat(249)],
    ['=?utf-8?Q?=41?='],
    ['see =?utf-8?Q?a b?= here'],
    ['a "quoted" thing'],
    ['two  spaces   and more'],
    ['  around  '],
    [`a${' '.repeat(900)}b`],
    ['word '.repeat(199).trim()],
    ['x'.repeat(998)],
    [`${'x'.repeat(500)} ${'y'.repeat(497)}`],
    ['ends with ?='],
    ['=?'],
  ])('keeps the subject %j', async (subject) => {
    expect((await parse(await write({ subject }))).subject).toBe(subject)
  })

  it.each([
    ['\r\nBcc: eve@example.org', ' Bcc: eve@example.org'],
    ['a\rb\nc\0d', 'a b c d'],
    ['a\u2028b', 'a b'],
  ])('puts the subject %j on one line', async (subject, expected) => {
    const raw = await write({ subject })
    expect((await parse(raw)).subject).toBe(expected)
    expect(listFields(raw)).toHaveLength(8)
  })

  it.each([
    ['Ada', 'Ada'],
    ['Lovelace, Ada', 'Lovelace, Ada'],
    ['Ada <eve@example.org>', 'Ada <eve@example.org>'],
    ['eve@example.org, x', 'eve@example.org, x'],
    ['"; eve@example.org;', '"; eve@example.org;'],
    ['team: eve@example.org;', 'team: eve@example.org;'],
    ['Zoë 中文 💩', 'Zoë 中文 💩'],
    ['back \\ slash', 'back \\ slash'],
    ['a\r\nBcc: eve@example.org', 'a Bcc: eve@example.org'],
    ['x'.repeat(2_000), 'x'.repeat(100)],
    ['ü'.repeat(2_000), 'ü'.repeat(100)],
  ])('shows the name %j as %j, and one sender', async (name, expected) => {
    const raw = await write({ from: { address: DRAFT.from.address, name } })
    expect((await parse(raw)).from?.value).toEqual([{ address: DRAFT.from.address, name: expected }])
    expect(listFields(raw)).toHaveLength(8)
  })

  it('names the whole chain of references, folded', async () => {
    const references = Array.from({ length: 50 }, (_, at) => `<${at}.${'x'.repeat(at * 15)}@example.org>`)
    const raw = await write({ references, inReplyTo: references[49] ?? null })
    expect((await parse(raw)).references).toEqual(references)
    expect((await parse(raw)).inReplyTo).toBe(references[49])
  })

  it('leaves out ids that could not be repeated exactly', async () => {
    const hostile = ['<a b@x>', '<a>\r\nBcc: eve@example.org', '<ä@x>', 'bare@x', '<<a@x>', `<${'x'.repeat(2_000)}@x>`, '<>', '']
    const raw = await write({ references: ['<1@x>', ...hostile, '<2@x>'], inReplyTo: '<a\r\nBcc: eve@example.org>' })
    expect(listFields(raw).filter((field) => /^(?:In-Reply-To|References|Bcc):/i.test(field))).toEqual([
      'References: <1@x> <2@x>',
    ])
  })

  it('names 50 recipients on lines that fit', async () => {
    const toAddresses = Array.from({ length: 50 }, (_, at) => `${'x'.repeat(60)}${at}@${'y'.repeat(60)}.example`)
    const mail = await parse(await write({ toAddresses }))
    expect([mail.to].flat().flatMap((field) => field?.value.map(({ address }) => address))).toEqual(toAddresses)
  })

  it('is left out where there is nobody to name', async () => {
    expect(listFields(await write({ toAddresses: [] })).map((field) => field.slice(0, field.indexOf(':')))).toEqual([
      ...['From', 'Subject', 'Message-ID', 'Date', 'Content-Transfer-Encoding', 'MIME-Version', 'Content-Type'],
    ])
  })
})

describe('the same draft', () => {
  it('is the same message, byte for byte', async () => {
    const change = { html: '<p>x</p>', attachments: [{ filename: 'a', contentType: 'a/b', bytes: Buffer.from('x') }] }
    expect(Buffer.from(await write(change))).toEqual(Buffer.from(await write(change)))
  })

  it('cannot hold the boundary of its own message', async () => {
    const first = boundaryOf(await write({ html: '<p>x</p>' }))
    const mail = await parse(await write({ text: `--${first}\n`, html: '<p>x</p>' }))
    expect(normalize(mail.text ?? '')).toBe(`--${first}\n`)
    expect(mail.html).toBe('<p>x</p>')
  })
})

describe(`${DRAFTS} generated drafts`, () => {
  it('become clean messages that say what was asked for and nothing else', async () => {
    const dice = createDice(5)
    const strings = [...generateRecipients(2_000, 9)]
    for (let made = 0; made < DRAFTS; made += 1) {
      const draft = generateDraft(dice, strings)
      const raw = await composer.compose(draft, null)
      checkWire(raw)
      const names = listFields(raw).map((field) => field.slice(0, field.indexOf(':')))
      expect(new Set(names).size).toBe(names.length)
      expect(names.filter((name) => !ALLOWED_FIELDS.includes(name))).toEqual([])
      const mail = await parse(raw)
      expect(mail.from?.value.map(({ address }) => address)).toEqual([draft.from.address])
      expect(addressesOf(mail.to)).toEqual(draft.toAddresses)
      // The parser shows A-labels as what they mean.
      expect(addressesOf(mail.cc)).toEqual(draft.ccAddresses.map((address) => address.replace('xn--bcher-kva', 'bücher')))
      expect(mail.messageId).toBe(draft.messageIdHeader)
      expect(normalize(mail.text ?? '').trimEnd()).toBe(normalize(draft.text.toWellFormed()).trimEnd())
      expect(mail.attachments.map(({ content }) => content)).toEqual(draft.attachments.map(({ bytes }) => Buffer.from(bytes)))
    }
  })
})

describe('a signature', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const privateKeyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const key = { domain: 'example.org', selector: 'mail', privateKeyPem }

  it.each([
    ['a plain text', {}],
    ['blank lines at the end and white space', { text: 'a  b\t\n \n\n\n' }],
    ['an empty text', { text: '' }],
    [
      'long folded headers',
      { subject: 'wörd '.repeat(100), references: Array.from({ length: 50 }, (_, at) => `<${at}@example.org>`) },
    ],
    [
      'HTML and an attachment',
      { html: '<p>ü</p>', attachments: [{ filename: 'ü', contentType: 'a/b', bytes: Buffer.alloc(100_000) }] },
    ],
  ])('holds for %s', async (_what, change: Partial<Draft>) => {
    const raw = await composer.compose({ ...DRAFT, ...change }, key)
    checkWire(raw)
    const { valid, tags } = verifyDkim(raw, publicKey)
    expect(valid).toBe(true)
    expect([tags.get('d'), tags.get('s')]).toEqual(['example.org', 'mail'])
    expect(tags.get('h')?.split(':')).toEqual(
      expect.arrayContaining(['from', 'to', 'subject', 'date', 'message-id', 'mime-version']),
    )
    // Only the signature stands before what would have gone out without it.
    const unsigned = Buffer.from(await composer.compose({ ...DRAFT, ...change }, null))
    expect(Buffer.from(raw).subarray(raw.byteLength - unsigned.byteLength)).toEqual(unsigned)
  })

  it('does not hold once a letter is changed', async () => {
    const text = Buffer.from(await composer.compose(DRAFT, key)).toString()
    for (const [from, to] of [
      ['Good morning', 'Good mourning'],
      ['Subject: Hello', 'Subject: Hallo'],
    ] as const) {
      expect(verifyDkim(Buffer.from(text.replace(from, to)), publicKey).valid).toBe(false)
    }
  })

  it('is never left out silently when the key cannot sign', async () => {
    const ed25519 = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    await expect(composer.compose(DRAFT, { ...key, privateKeyPem: 'nonsense' })).rejects.toThrow('cannot sign')
    await expect(composer.compose(DRAFT, { ...key, privateKeyPem: ed25519 })).rejects.toThrow('cannot sign')
  })
})

const ALLOWED_FIELDS = [
  ...['From', 'To', 'Cc', 'Subject', 'Message-ID', 'Date', 'In-Reply-To', 'References', 'Auto-Submitted'],
  ...['MIME-Version', 'Content-Type', 'Content-Transfer-Encoding'],
]

/** Composes, and checks what must hold of every message. */
async function write(change: Partial<Draft>): Promise<Uint8Array> {
  const raw = await composer.compose({ ...DRAFT, ...change }, null)
  checkWire(raw)
  return raw
}

/** RFC 5322 sections 2.1.1 and 2.3, and the promise of 7 bits. */
function checkWire(raw: Uint8Array): void {
  const text = Buffer.from(raw).toString('latin1')
  expect(text.endsWith('\r\n')).toBe(true)
  expect(/[^\t\r\n\x20-\x7e]/.exec(text)).toBeNull()
  expect(/\r(?!\n)|(?<!\r)\n/.exec(text)).toBeNull()
  const longest = text.split('\r\n').reduce((most, line) => Math.max(most, line.length), 0)
  expect(longest).toBeLessThanOrEqual(998)
  const headers = text.slice(0, text.indexOf('\r\n\r\n'))
  expect(headers.split('\r\n').filter((line) => line.trim() === '')).toEqual([])
}

/** The header fields as they stand, unfolded. */
function listFields(raw: Uint8Array): string[] {
  const text = Buffer.from(raw).toString('latin1')
  return text
    .slice(0, text.indexOf('\r\n\r\n'))
    .split(/\r\n(?![ \t])/)
    .map((field) => field.replaceAll('\r\n', ''))
}

function boundaryOf(raw: Uint8Array): string {
  return /boundary="([^"]+)"/.exec(Buffer.from(raw).toString('latin1'))?.[1] ?? ''
}

function parse(raw: Uint8Array): Promise<ParsedMail> {
  return simpleParser(Buffer.from(raw), { skipHtmlToText: true, skipTextToHtml: true, skipImageLinks: true })
}

function normalize(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n')
}

/** A message ends with a line end, whether its text did or not. */
function endLine(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`
}

function addressesOf(field: ParsedMail['to']): (string | undefined)[] {
  return [field].flat().flatMap((one) => one?.value.map(({ address }) => address) ?? [])
}

function generateDraft(dice: Dice, strings: readonly string[]): Draft {
  const foreign = () => strings[dice(strings.length)] ?? ''
  const some = <Item>(make: () => Item) => Array.from({ length: dice(4) }, make)
  return {
    ...DRAFT,
    from: { address: DRAFT.from.address, name: pick(dice, [null, foreign(), `${foreign()} ${foreign()}`]) },
    toAddresses: some(() => `to-${dice(1_000)}@example.org`),
    ccAddresses: some(() => `cc.${dice(1_000)}@xn--bcher-kva.example`),
    subject: pick(dice, [foreign(), foreign().repeat(8), `Re: ${foreign()}`]),
    text: pick(dice, [foreign(), `${foreign()}\n${foreign()}\n`, foreign().repeat(40)]),
    html: pick(dice, [null, `<p>${foreign()}</p>`]),
    inReplyTo: pick(dice, [null, '<1@example.org>', `<${foreign()}>`]),
    references: some(() => pick(dice, ['<1@example.org>', `<${foreign()}>`, foreign()])),
    autoSubmitted: pick(dice, [null, 'auto-generated', 'auto-replied']),
    attachments: some(() => ({
      filename: foreign(),
      contentType: pick(dice, ['text/plain', 'image/png', 'message/rfc822', foreign()]),
      bytes: Buffer.from(foreign().repeat(dice(50))),
    })),
  }
}
