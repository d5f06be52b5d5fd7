import { describe, expect, it } from 'vitest'
import { readReport } from '../../../src/mime/report/read-report.ts'
import { letter, multipart, RETURNED, recipientsOf, statusReport } from './letters.ts'

const BOB = 'Final-Recipient: rfc822; bob@example.org'

describe('a delivery-status report (RFC 3464)', () => {
  it('tells address, code and action of every recipient, in order', () => {
    const raw = statusReport(
      ['Two of your recipients were not reached.'],
      [BOB, 'Action: failed', 'Status: 5.1.1', 'Diagnostic-Code: smtp; 550 5.1.1 <bob@example.org>: no such user'],
      [
        'Final-Recipient: rfc822; Eve@EXAMPLE.net',
        'Action: delayed',
        'Status: 4.4.1',
        'Diagnostic-Code: X-Postfix; connect to mx: Connection refused',
      ],
      ['Final-Recipient: rfc822; amy@example.com', 'Action: delivered', 'Status: 2.0.0'],
      ['Final-Recipient: rfc822; ann@example.com', 'Action: relayed', 'Status: 2.0.0'],
      ['Final-Recipient: rfc822; all@example.com', 'Action: expanded', 'Status: 2.0.0'],
    )
    expect(recipientsOf(raw)).toEqual([
      { recipient: 'bob@example.org', statusCode: '5.1.1', hard: true, action: 'failed' },
      { recipient: 'Eve@example.net', statusCode: '4.4.1', hard: false, action: 'delayed' },
      { recipient: 'amy@example.com', statusCode: '2.0.0', hard: false, action: 'delivered' },
      { recipient: 'ann@example.com', statusCode: '2.0.0', hard: false, action: 'relayed' },
      { recipient: 'all@example.com', statusCode: '2.0.0', hard: false, action: 'expanded' },
    ])
  })

  it.each([
    // [what the row shows, Status, Diagnostic-Code, expected code, expected hard]
    ['the refusing server knows more than the reporting one', '5.0.0', 'smtp; 550 5.1.1 User unknown', '5.1.1', true],
    ['also where it contradicts', '5.1.1', 'smtp; 550 5.7.1 IP address blacklisted by recipient', '5.7.1', false],
    ['and when a relay quotes it', '4.4.7', 'smtp; 554 4.4.7 Message expired.<421 4.4.2 Connection timed out>', '4.4.2', false],
    [
      'a code that is part of an address or a version is none',
      '5.2.2',
      'smtp; 550 host 5.1.1.7 with Fooserver-5.1.1 says no',
      '5.2.2',
      false,
    ],
    ['a full mailbox is not for good', '5.2.2', 'smtp; 552 5.2.2 Mailbox full', '5.2.2', false],
    ['nor is a block list, though it says 5.1.3', '5.1.3', 'smtp; 553 see http://www.spamhaus.org/query', '5.1.3', false],
    ['nor a rate, though it says 5.1.1', '5.1.1', 'smtp; 550 5.1.1 has sent to too many recipients this hour', '5.1.1', false],
    ['nor a filter that says "user unknown" after the data', '5.2.0', 'smtp; 550 Unknown user bob', '5.2.0', false],
    ['nor an unknown sender', '5.1.8', 'smtp; 553 5.1.8 Domain of sender address x@y does not exist', '5.1.8', false],
    ['nor what may be tried again', '4.1.1', 'smtp; 450 4.1.1 User unknown', '4.1.1', false],
    ['a domain that takes no mail is', '5.7.27', 'smtp; 550 Host does not accept mail', '5.7.27', true],
    ['a reply about the address itself is meant', '5.0.0', 'smtp; 550 <bob@example.org>: No such user', '5.0.0', true],
    ['a status with a comment is read', '5.1.2 (no such domain)', '', '5.1.2', true],
    ['a status that is none is none', 'bad', 'smtp; 550 gone fishing', '5.0.0', false],
  ])('weighs status and diagnostic: %s', (_, status, diagnostic, statusCode, hard) => {
    const group = [BOB, 'Action: failed', `Status: ${status}`, ...(diagnostic === '' ? [] : [`Diagnostic-Code: ${diagnostic}`])]
    expect(recipientsOf(statusReport(['Sorry.'], group))).toMatchObject([{ statusCode, hard }])
  })

  it.each([
    ['in reply to RCPT TO command', true],
    ['in reply to end of DATA command', false],
  ])('asks the text which command was answered: "(%s)"', (words, hard) => {
    const group = [BOB, 'Action: failed', 'Status: 5.0.0', 'Diagnostic-Code: smtp; 550 Unknown user']
    const raw = statusReport([`<bob@example.org>: host mx said: 550`, `    Unknown user (${words})`], group)
    expect(recipientsOf(raw)).toMatchObject([{ statusCode: '5.0.0', hard }])
  })

  it('asks the transcript which command was answered, recipient by recipient', () => {
    const group = (address: string) => [
      `Final-Recipient: rfc822; ${address}`,
      'Action: failed',
      'Status: 5.0.0',
      'Diagnostic-Code: smtp; 550 Unknown user',
    ]
    const raw = statusReport(
      [
        '   ----- The following addresses had permanent fatal errors -----',
        '<a@example.org>',
        '<b@example.org>',
        '   ----- Transcript of session follows -----',
        '>>> RCPT To:<a@example.org>',
        '<<< 550 Unknown user a@example.org',
        '>>> DATA',
        '<<< 550 Unknown user b@example.org',
      ],
      group('a@example.org'),
      group('b@example.org'),
    )
    expect(recipientsOf(raw).map(({ hard }) => hard)).toEqual([true, false])
  })

  it('takes codes from the text where a server puts none into its fields', () => {
    const raw = statusReport(
      ['bob@example.org: 550 5.1.1 User unknown', 'eve@example.net: 552 5.2.2 Mailbox full'],
      [BOB, 'Action: failed', 'Status: 5.0.0'],
      ['Final-Recipient: rfc822; eve@example.net', 'Action: failed', 'Status: 5.0.0'],
    )
    expect(recipientsOf(raw)).toMatchObject([
      { statusCode: '5.1.1', hard: true },
      { statusCode: '5.2.2', hard: false },
    ])
  })

  it('names whom we sent to, not where an alias led', () => {
    const raw = statusReport(
      ['Sorry.'],
      [
        'Final-Recipient: rfc822; deep@inside.example.org',
        'Original-Recipient: rfc822; bob@example.org',
        'Action: failed',
        'Status: 5.1.1',
      ],
    )
    expect(recipientsOf(raw)).toMatchObject([{ recipient: 'bob@example.org' }])
  })

  it.each([
    ['rfc822; <bob@example.org>', 'bob@example.org'],
    ['RFC822;bob@EXAMPLE.org.', null],
    ['rfc822; @relay.example.net:bob@example.org', null],
    ['rfc822; |/usr/bin/program bob@example.org', null],
    ['rfc822; bob@example.org (Bob)', 'bob@example.org'],
    ['utf-8; b\\x{F6}b@b\\x{FC}cher.example', 'böb@xn--bcher-kva.example'],
    ['rfc822; bob@ex\u0000ample.org', null],
    ['utf-8; bo\\x{200B}b@example.org', null],
    ['bob@example.org', 'bob@example.org'],
    [`rfc822; ${'b'.repeat(300)}@example.org`, null],
  ])('reads the address of "%s"', (value, recipient) => {
    expect(
      recipientsOf(statusReport(['Sorry.'], [`Final-Recipient: ${value}`, 'Action: failed', 'Status: 5.1.1'])),
    ).toMatchObject([{ recipient, statusCode: '5.1.1', hard: true }])
  })

  it('infers the action from the class where the field is missing or misspelt', () => {
    const raw = statusReport(
      ['Sorry.'],
      [BOB, 'ction: failed', 'Status: 5.3.0'],
      ['Final-Recipient: rfc822; eve@example.net', 'Status: 2.1.5'],
    )
    expect(recipientsOf(raw).map(({ action }) => action)).toEqual(['failed', 'delivered'])
  })

  it('does not trip over fields named like properties of objects', () => {
    const raw = statusReport(['Sorry.'], [BOB, 'Action: constructor', 'Status: 5.1.1', '__proto__: x', 'constructor: y'])
    expect(recipientsOf(raw)).toEqual([{ recipient: 'bob@example.org', statusCode: '5.1.1', hard: true, action: 'failed' }])
  })

  it('separates groups that no empty line separates', () => {
    const raw = statusReport(
      ['Sorry.'],
      [BOB, 'Action: failed', 'Status: 5.1.1', 'Final-Recipient: rfc822; eve@example.net', 'Action: failed', 'Status: 5.2.2'],
    )
    expect(recipientsOf(raw).map(({ recipient }) => recipient)).toEqual(['bob@example.org', 'eve@example.net'])
  })

  it('is still one without any group, about nobody in particular', () => {
    expect(recipientsOf(statusReport(['Delivery report unavailable']))).toEqual([
      { recipient: null, statusCode: null, hard: false, action: 'failed' },
    ])
  })

  it.each(['base64', 'quoted-printable'])('is read through %s', (encoding) => {
    const fields =
      'Reporting-MTA: dns; x\r\n\r\nFinal-Recipient: rfc822; bob=40@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n'
    const plain = encoding === 'base64' ? fields.replace('bob=40@', 'bob@') : fields.replace('bob=40@', 'bob=\r\n=40')
    const body = encoding === 'base64' ? Buffer.from(plain).toString('base64') : plain
    const raw = letter(
      'From: postmaster@example.net',
      ...multipart(
        'multipart/report; report-type="delivery-status"',
        ['', 'Sorry.'],
        ['Content-Type: message/delivery-status', `Content-Transfer-Encoding: ${encoding}`, '', body],
      ),
    )
    expect(recipientsOf(raw)).toMatchObject([{ recipient: 'bob@example.org', statusCode: '5.1.1' }])
  })

  it('is read when its boundary was lost on the way', () => {
    const raw = letter(
      'From: MAILER-DAEMON@example.net',
      'Content-Type: multipart/report; report-type=delivery-status; boundary="lost"',
      '',
      '--other',
      'Content-Type: text/plain',
      '',
      '<bob@example.org>: host mx said: 550 5.1.1 User unknown',
      '--other',
      'Content-Type: message/delivery-status',
      '',
      BOB,
      'Action: failed',
      'Status: 5.1.1',
      '--other--',
    )
    expect(recipientsOf(raw)).toEqual([{ recipient: 'bob@example.org', statusCode: '5.1.1', hard: true, action: 'failed' }])
  })

  it('never speaks for a report that the returned message holds', () => {
    const inner = statusReport(['Sorry.'], ['Final-Recipient: rfc822; victim@example.org', 'Action: failed', 'Status: 5.1.1'])
      .toString()
      .replaceAll('=_b1', '=_b2')
    const raw = letter(
      'From: MAILER-DAEMON@example.net',
      ...multipart(
        'multipart/report; report-type=delivery-status',
        ['', 'Sorry.'],
        ['Content-Type: message/delivery-status', '', BOB, 'Action: failed', 'Status: 5.2.2', ''],
        ['Content-Type: message/rfc822', '', ...inner.split('\r\n')],
      ),
    )
    expect(recipientsOf(raw).map(({ recipient }) => recipient)).toEqual(['bob@example.org'])
  })

  it('is read inside the wrap of a gateway that says nothing itself, but not inside two', () => {
    const wrap = (inner: Buffer) =>
      letter(
        'From: MAILER-DAEMON@gateway.example.net',
        ...multipart(
          'multipart/mixed',
          ['', 'The following addresses had permanent delivery errors'],
          ['Content-Type: message/rfc822', '', ...inner.toString().replaceAll('=_b1', '=_b2').split('\r\n')],
        ),
      )
    const report = statusReport(['Sorry.'], [BOB, 'Action: failed', 'Status: 5.1.1'])
    expect(recipientsOf(wrap(report))).toMatchObject([{ recipient: 'bob@example.org', statusCode: '5.1.1' }])
    expect(recipientsOf(wrap(letter(...wrap(report).toString().replaceAll('=_b2', '=_b3').split('\r\n'))))).toMatchObject([
      { recipient: null },
    ])
  })
})

it('other reports of the same structure are none of ours', () => {
  const disposition = letter(
    'From: MAILER-DAEMON@example.net',
    ...multipart(
      'multipart/report; report-type=disposition-notification',
      ['', 'Your message was displayed.'],
      ['Content-Type: message/disposition-notification', '', BOB, 'Disposition: manual-action/MDN-sent-manually; displayed'],
    ),
  )
  expect(readReport(disposition)).toBeNull()
  expect(readReport(letter('From: x@example.org', ...multipart('multipart/report', ['', 'Yadda.'], RETURNED)))).toBeNull()
})
