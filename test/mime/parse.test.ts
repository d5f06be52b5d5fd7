import { describe, expect, it } from 'vitest'
import { MAX_HEADER_ADDRESSES, MAX_SUBJECT_CHARS } from '../../src/limits.ts'
import { NO_FACTS } from '../../src/mail-facts.ts'
import { readHeaderOnly } from '../../src/mime/header/fields.ts'
import { parseMail } from '../../src/mime/parse.ts'
import { mail, mailWith, multipart, textPart } from './mail.ts'

describe('parseMail: the header', () => {
  const raw = mail(
    'From: "Example, Ann" <Ann@EXAMPLE.com>',
    'Reply-To: replies@example.com',
    'To: bob@example.org, Team: c@example.org, D <d@example.org>;',
    'Cc: =?utf-8?q?J=C3=BCrgen?= <e@example.org>',
    'Cc: f@example.org',
    'Subject: =?utf-8?q?Your_c=C3=B6de?=',
    ' is 123456',
    'Date: Tue, 24 Nov 2026 10:20:30 +0100',
    'Message-ID: <1@example.com>',
    'In-Reply-To: <0@example.org>',
    'References: <a@example.org>',
    ' <0@example.org>',
    '',
    'Hello.',
  )
  const fields = {
    fromAddress: 'Ann@example.com',
    fromName: 'Example, Ann',
    replyToAddresses: ['replies@example.com'],
    toAddresses: ['bob@example.org', 'c@example.org', 'd@example.org'],
    ccAddresses: ['e@example.org', 'f@example.org'],
    subject: 'Your cöde is 123456',
    messageIdHeader: '<1@example.com>',
    inReplyTo: '<0@example.org>',
    references: ['<a@example.org>', '<0@example.org>'],
    sentAt: Date.UTC(2026, 10, 24, 9, 20, 30),
  }

  it('gives every field', async () => {
    expect(await parseMail(raw)).toEqual({
      ...fields,
      bodyText: 'Hello.',
      bodyHtml: null,
      attachments: [],
      automatic: null,
      problems: [],
      facts: { ...NO_FACTS, codes: expect.anything() },
    })
  })

  it('gives the same fields when the body must not be touched', () => {
    expect(readHeaderOnly(raw, 'Why.')).toEqual({
      ...fields,
      bodyText: '',
      bodyHtml: null,
      attachments: [],
      automatic: null,
      problems: ['Why.'],
      facts: NO_FACTS,
    })
  })

  it('reads bare line feeds, and leaves the bytes alone', async () => {
    const bare = Buffer.from(raw.toString().replaceAll('\r\n', '\n'))
    const before = Buffer.from(bare)
    expect(await parseMail(bare)).toMatchObject({ ...fields, bodyText: 'Hello.' })
    expect(bare.equals(before)).toBe(true)
  })

  it('has nothing to say of a message without a header', async () => {
    expect(await parseMail(Buffer.from('Just text.\nMore.'))).toEqual({
      fromAddress: '',
      fromName: null,
      replyToAddresses: [],
      toAddresses: [],
      ccAddresses: [],
      subject: '',
      messageIdHeader: null,
      inReplyTo: null,
      references: [],
      sentAt: null,
      bodyText: 'Just text.\nMore.',
      bodyHtml: null,
      attachments: [],
      automatic: null,
      problems: ['The message has no header.', 'The message names no sender address.'],
      facts: expect.anything(),
    })
  })

  it.each([
    ['an unreadable date', mailWith(['Date: the day after tomorrow']), { sentAt: null }, 'The Date header could not be read.'],
    [
      'two From headers',
      mail('From: a@x.test', 'From: b@x.test', '', ''),
      { fromAddress: 'a@x.test' },
      'The message has 2 From headers; the first one was read.',
    ],
    [
      'several senders',
      mail('From: a@x.test, b@x.test', '', ''),
      { fromAddress: 'a@x.test' },
      'The From header names several senders; the first one was read.',
    ],
    [
      'a sender without an address',
      mail('From: Mail System <MAILER-DAEMON>', '', ''),
      { fromAddress: '', fromName: 'Mail System' },
      'The message names no sender address.',
    ],
    ['a recipient that is none', mailWith(['To: nobody']), { toAddresses: [] }, 'Something in the To header is not an address.'],
    ['a bogus Message-ID', mailWith(['Message-ID: a b']), { messageIdHeader: null }, 'The Message-ID header could not be read.'],
    [
      'a subject without end',
      mailWith([`Subject: ${'x'.repeat(2_000)}`]),
      { subject: 'x'.repeat(MAX_SUBJECT_CHARS) },
      'The subject is too long; only its beginning was kept.',
    ],
  ])('says so of %s', async (_, raw, fields, problem) => {
    expect(await parseMail(raw)).toMatchObject({ ...fields, problems: [problem] })
  })

  it('reads 8-bit headers, which declare no charset', async () => {
    expect((await parseMail(mailWith(['Subject: grüße']))).subject).toBe('grüße')
    expect((await parseMail(Buffer.from('From: a@x.test\nSubject: gr\xfc\xdfe\n\n', 'latin1'))).subject).toBe('grüße')
  })

  it('lets nothing that a terminal or a model obeys into a field', async () => {
    const { subject, fromName } = await parseMail(
      mail('From: =?utf-8?q?a=1B]0;x=07b?= <a@x.test>', 'Subject: =?utf-8?q?a=0D=0AX:_y=00=E2=80=AEz?=', '', ''),
    )
    expect(fromName).toBe('a ]0;x b')
    expect(subject).toBe('a X: y z')
  })

  it('keeps a thousand addresses of a hundred thousand', async () => {
    const { toAddresses, problems } = await parseMail(
      mailWith([`To: ${Array.from({ length: 100_000 }, (_, index) => `u${index}@x.test`).join(',\r\n ')}`]),
    )
    expect(toAddresses).toHaveLength(MAX_HEADER_ADDRESSES)
    expect(problems).toContain(`The To header has too many addresses; only the first ${MAX_HEADER_ADDRESSES} were kept.`)
  })
})

describe('parseMail: the text', () => {
  const html = '<p>Hi <a href="https://x.test/v?t=1">verify</a></p>'
  const READ = 'Hi verify [1]\n\nLinks:\n[1] https://x.test/v?t=1'

  it.each([
    ['plain text', mailWith([], 'a\r\nb\r\n'), 'a\nb', null],
    ['base64', mailWith(['Content-Transfer-Encoding: base64'], Buffer.from('grüße\nb').toString('base64')), 'grüße\nb', null],
    ['quoted-printable', mailWith(['Content-Transfer-Encoding: quoted-printable'], 'gr=C3=BC=\r\n=C3=9Fe =3D'), 'grüße =', null],
    [
      'quoted-printable that is none',
      mailWith(['Content-Transfer-Encoding: quoted-printable'], 'a=ZZ=4 b=\r\n'),
      'a=ZZ=4 b',
      null,
    ],
    ['an unknown transfer encoding', mailWith(['Content-Transfer-Encoding: x-none'], 'a'), 'a', null],
    ['flowed text', mailWith(['Content-Type: text/plain; format=flowed; delsp=yes'], 'one \r\ntwo\r\n'), 'onetwo', null],
    ['HTML alone', mailWith(['Content-Type: text/html'], html), READ, html],
    ['alternatives', multipart('alternative', textPart('Hi plain'), textPart(html, 'text/html')), READ, html],
    ['alternatives in the wrong order', multipart('alternative', textPart(html, 'text/html'), textPart('Hi plain')), READ, html],
    [
      'alternatives whose plain one is blank',
      multipart('alternative', textPart(' \r\n'), textPart(html, 'text/html')),
      READ,
      html,
    ],
    ['alternatives that are all plain', multipart('alternative', textPart('a'), textPart('b'), textPart('a')), 'a\n\nb', null],
    [
      'HTML with a footer of text',
      multipart('mixed', textPart(html, 'text/html'), textPart('-- list')),
      'Hi verify [1]\n\n-- list\n\nLinks:\n[1] https://x.test/v?t=1',
      html,
    ],
    ['several texts', multipart('mixed', textPart('a'), textPart('b')), 'a\n\nb', null],
    ['no Content-Type that makes sense', mailWith(['Content-Type: text'], 'a'), 'a', null],
    ['text of another kind', mailWith(['Content-Type: text/markdown'], '# a'), '# a', null],
    ['nothing', mailWith([], ''), '', null],
  ])('of %s', async (_, raw, bodyText, bodyHtml) => {
    expect(await parseMail(raw)).toMatchObject({ bodyText, bodyHtml, problems: [] })
  })

  it('of a bounce tells what went wrong', async () => {
    const status = [
      'Content-Type: message/delivery-status',
      '',
      'Reporting-MTA: dns; mx.test',
      '',
      'Action: failed',
      'Status: 5.1.1',
    ]
    const original = ['Content-Type: message/rfc822', '', 'Subject: original', '', 'Hi']
    const mail = await parseMail(multipart('report; report-type=delivery-status', textPart('Undelivered.'), status, original))
    expect(mail.bodyText).toBe('Undelivered.\n\nReporting-MTA: dns; mx.test\n\nAction: failed\nStatus: 5.1.1')
    expect(mail.attachments).toMatchObject([{ contentType: 'message/rfc822' }])
  })

  it.each([
    ['undeclared UTF-8', null, Buffer.from('grüße'), []],
    [
      'undeclared Latin-1',
      null,
      Buffer.from('grüße', 'latin1'),
      ['The charset of the text is missing, unknown or wrong and was guessed.'],
    ],
    ['declared Latin-1', 'iso-8859-1', Buffer.from('grüße', 'latin1'), []],
    ['declared us-ascii, sent UTF-8', 'us-ascii', Buffer.from('grüße'), []],
    [
      'declared UTF-8, sent Latin-1',
      'utf-8',
      Buffer.from('grüße', 'latin1'),
      ['The charset of the text is missing, unknown or wrong and was guessed.'],
    ],
  ])('of %s', async (_, charset, bytes, problems) => {
    const head = mailWith([`Content-Type: text/plain${charset === null ? '' : `; charset=${charset}`}`], '')
    expect(await parseMail(Buffer.concat([head, bytes]))).toMatchObject({ bodyText: 'grüße', problems })
  })

  it('of HTML that declares its own charset', async () => {
    const html = Buffer.concat([Buffer.from('<meta charset="koi8-r">'), Buffer.of(0xf0, 0xd2, 0xc9)])
    expect((await parseMail(Buffer.concat([mailWith(['Content-Type: text/html'], ''), html]))).bodyText).toBe('При')
  })

  it('is free of what cannot be seen, in HTML also behind entities', async () => {
    expect((await parseMail(mailWith([], 'a\0b\x1b[2J\u202ec\u{e0041}\td'))).bodyText).toBe('ab[2Jc\td')
    const { bodyText, bodyHtml } = await parseMail(mailWith(['Content-Type: text/html'], '<p>a\0&#8238;&#x1b;&#xe0041;b</p>'))
    expect(bodyText).toBe('ab')
    expect(bodyHtml).toBe('<p>a&#8238;&#x1b;&#xe0041;b</p>')
  })

  it('is what stands there, when the parts that are announced are not', async () => {
    const problem = 'The message has none of the parts it announces; its body was read as text.'
    expect(await parseMail(mailWith(['Content-Type: multipart/mixed'], 'Hello.'))).toMatchObject({
      bodyText: 'Hello.',
      problems: [problem],
    })
    expect(await parseMail(mailWith(['Content-Type: multipart/mixed; boundary=x'], 'Hello.'))).toMatchObject({
      bodyText: 'Hello.',
      problems: [problem],
    })
  })

  it('goes on behind a part that announces parts and has none', async () => {
    const empty = ['Content-Type: multipart/related; boundary=none', '', 'lost']
    expect(await parseMail(multipart('mixed', textPart('a'), empty, textPart('b')))).toMatchObject({
      bodyText: 'a\n\nb',
      problems: ['A part of the message has none of the parts it announces and is left out.'],
    })
  })
})
