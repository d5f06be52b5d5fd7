import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../../src/mime/report/codes.ts'
import {
  MAX_ACCOUNT_CHARS,
  MAX_FIELD_CHARS,
  MAX_FIELDS,
  MAX_LINE_CHARS,
  MAX_PART_DEPTH,
  MAX_PARTS,
  MAX_REPORT_BYTES,
  MAX_REPORT_RECIPIENTS,
} from '../../../src/mime/report/limits.ts'
import { DAEMON_NAMES, DELAYS, INTRODUCTIONS, OPENINGS, RETURNED_MESSAGE, TRANSCRIPT } from '../../../src/mime/report/markers.ts'
import { type Part, readParts, walkLeaves } from '../../../src/mime/report/parts.ts'
import { PHRASES } from '../../../src/mime/report/phrases.ts'
import { readReport } from '../../../src/mime/report/read-report.ts'
import { readSection } from '../../../src/mime/report/section.ts'
import { letter, multipart, plainReport, RETURNED, recipientsOf, statusReport } from './letters.ts'

const MEGABYTE = 1_048_576
const OPENING = 'Your message could not be delivered.'

/** Numbers that look random and are the same in each run. */
function* countRandomly(seed: number): Generator<number> {
  let state = seed
  for (;;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    yield state
  }
}

describe('a hostile report', () => {
  const repeat = (text: string) => text.repeat(Math.ceil((3 * MEGABYTE) / text.length))
  const status = (line: string) => statusReport(['Sorry.'], ['Final-Recipient: rfc822; bob@example.org', 'Action: failed', line])

  // A quadratic reader takes hours for these: the time-out of the test is the assertion.
  it.each<[string, Buffer]>([
    ['one line of letters', plainReport('x', OPENING, repeat('a'))],
    ['one line of at signs', plainReport('x', OPENING, repeat('@'))],
    ['one line of addresses', plainReport('x', OPENING, repeat('a@b.cd '))],
    ['one line of brackets', letter(`From: ${repeat('<')}`, '', OPENING)],
    ['one line of "recipient"', plainReport('x', OPENING, repeat('recipient'))],
    ['one line of introductions', plainReport('x', OPENING, repeat('rcpt to:<a'))],
    ['one line of codes', plainReport('x', OPENING, repeat('550 5.1.1 '))],
    ['one line of half codes', plainReport('x', OPENING, repeat('550-5.1.'))],
    ['one line of host names', plainReport('x', OPENING, repeat('a.b does not '))],
    ['one line of dashes', plainReport('x', OPENING, repeat('-'))],
    ['many empty lines', plainReport('x', OPENING, repeat('\n'))],
    ['many lines that name someone', plainReport('x', OPENING, repeat('a@example.org b@example.org\n'))],
    [
      'many lines of a transcript',
      plainReport('x', '  ----- Transcript of session follows -----', repeat('>>> RCPT\n<<< 550 <a@example.org>\n')),
    ],
    ['HTML of opening brackets', letter('From: MAILER-DAEMON', 'Content-Type: text/html', '', OPENING, repeat('<a'))],
    ['HTML of entities', letter('From: MAILER-DAEMON', 'Content-Type: text/html', '', OPENING, repeat('&lt'))],
    [
      'quoted-printable of soft breaks',
      letter('From: MAILER-DAEMON', 'Content-Transfer-Encoding: quoted-printable', '', OPENING, repeat('= \t')),
    ],
    ['base64 of nothing', letter('From: MAILER-DAEMON', 'Content-Transfer-Encoding: base64', '', repeat('!'))],
    ['a header without end', Buffer.from(`From: MAILER-DAEMON@x\r\n${repeat('X: y\r\n')}`)],
    [
      'a field without end',
      letter('From: MAILER-DAEMON@x', `X-Failed-Recipients: ${repeat(' a@example.org,\r\n')}`, '', OPENING),
    ],
    [
      'many fields of failed recipients',
      Buffer.from(`From: MAILER-DAEMON@x\r\n${repeat('X-Failed-Recipients: a@b,c@d\r\n')}\r\n${OPENING}`),
    ],
    ['parameters without end', letter(`Content-Type: multipart/report${repeat('; a="')}`, '', OPENING)],
    ['a diagnostic without end', status(`Diagnostic-Code: smtp; ${repeat('550 <')}`)],
    ['a status without end', status(`Status: ${repeat(' ')}5`)],
    ['fields that begin groups', status(repeat('Status: 5.1.1\r\nAction: failed\r\n'))],
    [
      'parts without end',
      letter(...multipart('multipart/report; report-type=delivery-status', ['', repeat('--=_b1\r\n\r\nx\r\n')])),
    ],
    ['JSON that nests', letter('x-amz-sns-message-id: 1', '', repeat('['), '{', repeat('['), '}')],
    [
      'JSON in JSON',
      letter('x-amz-sns-message-id: 1', '', `{"Message":${JSON.stringify(`{"Message":${JSON.stringify('{"Message":"{}"}')}}`)}}`),
    ],
  ])('of %s is read to its end', (_, raw) => {
    expect(() => readReport(raw)).not.toThrow()
  })

  it('names no more recipients than the limit', () => {
    const many = Array.from({ length: MAX_REPORT_RECIPIENTS + 500 }, (_, index) => `user${index}@example.org`)
    const groups = many.map((address) => [`Final-Recipient: rfc822; ${address}`, 'Action: failed', 'Status: 5.1.1'])
    expect(recipientsOf(statusReport(['Sorry.'], ...groups))).toHaveLength(MAX_REPORT_RECIPIENTS)
    expect(recipientsOf(plainReport('x', OPENING, ...many))).toHaveLength(MAX_REPORT_RECIPIENTS)
    const failed = letter('From: MAILER-DAEMON@x', ...many.map((address) => `X-Failed-Recipients: ${address}`), '', OPENING)
    expect(recipientsOf(failed).length).toBeLessThanOrEqual(MAX_REPORT_RECIPIENTS)
    const bouncedRecipients = many.map((emailAddress) => ({ emailAddress }))
    expect(recipientsOf(letter('x-amz-sns-message-id: 1', '', JSON.stringify({ bounce: { bouncedRecipients } })))).toHaveLength(
      MAX_REPORT_RECIPIENTS,
    )
    const complaint = multipart('multipart/report', [
      'Content-Type: message/feedback-report',
      '',
      'Feedback-Type: abuse',
      ...many.map((address) => `Original-Rcpt-To: ${address}`),
    ])
    expect(readReport(letter(...complaint))?.recipients.length).toBeLessThanOrEqual(MAX_REPORT_RECIPIENTS)
  })

  it('does not hide the refusal behind a long text', () => {
    const raw = plainReport('x', OPENING, '', '<bob@example.org>: 550 5.1.1 User unknown', 'x'.repeat(MAX_LINE_CHARS * 20))
    expect(recipientsOf(raw)).toMatchObject([{ recipient: 'bob@example.org', statusCode: '5.1.1', hard: true }])
  })

  it('is not read beyond the limit of bytes', () => {
    const early = statusReport(['Sorry.'], ['Final-Recipient: rfc822; bob@example.org', 'Action: failed', 'Status: 5.1.1'])
    expect(recipientsOf(Buffer.concat([early, Buffer.alloc(MAX_REPORT_BYTES * 3, 'x')]))).toHaveLength(1)
    const late = statusReport(
      ['x'.repeat(MAX_REPORT_BYTES)],
      ['Final-Recipient: rfc822; bob@example.org', 'Action: failed', 'Status: 5.1.1'],
    )
    expect(readReport(late)).toBeNull()
  })

  it('leaves the bytes alone, also when they are a view into others', () => {
    const raw = statusReport(['Sorry.'], ['Final-Recipient: rfc822; bob@example.org', 'Action: failed', 'Status: 5.1.1'])
    const padded = Buffer.concat([Buffer.from('From: x\r\n\r\n'), raw, Buffer.from('y')])
    const view = new Uint8Array(padded.buffer, padded.byteOffset + 11, raw.length)
    expect(readReport(view)).toEqual(readReport(raw))
    expect(padded.subarray(11, 11 + raw.length)).toEqual(raw)
  })

  it('of random bytes, or with random bytes in it, never throws and never answers what is no address or code', () => {
    const random = countRandomly(7)
    const next = () => random.next().value ?? 0
    const seeds = [
      statusReport(
        ['<bob@example.org>: 550 5.1.1 User unknown'],
        ['Final-Recipient: rfc822; bob@example.org', 'Action: failed', 'Status: 5.1.1'],
      ),
      plainReport(
        'failure notice',
        OPENING,
        '<bob@example.org>:',
        '550 5.1.1 User unknown',
        '--- Below this line is a copy of the message.',
      ),
      letter(
        ...multipart(
          'multipart/report',
          ['Content-Type: message/feedback-report', '', 'Feedback-Type: abuse', 'Original-Rcpt-To: bob@example.org'],
          RETURNED,
        ),
      ),
    ]
    for (let round = 0; round < 3_000; round++) {
      const raw = Buffer.from(seeds[round % seeds.length] ?? Buffer.alloc(0))
      for (let edits = next() % 12; edits >= 0; edits--) raw[next() % raw.length] = next() % 256
      const cut = next() % 3 === 0 ? raw.subarray(0, next() % raw.length) : raw
      for (const recipient of readReport(cut)?.recipients ?? []) {
        const address = typeof recipient === 'object' && recipient !== null ? recipient.recipient : recipient
        expect(address ?? 'none@example.org').toMatch(/^[^\s<>@\p{Cc}]+@[a-z0-9.-]+$/u)
        if (typeof recipient === 'object' && recipient !== null)
          expect(recipient.statusCode ?? '5.0.0').toMatch(/^[245]\.\d{1,3}\.\d{1,3}$/)
      }
    }
  })
})

describe('parts', () => {
  it('are bounded in number and depth', () => {
    const flat = letter('Content-Type: multipart/mixed; boundary=b', '', '--b\r\n\r\nx\r\n'.repeat(MAX_PARTS * 3))
    expect([...walkLeaves(readParts(flat))].length).toBeLessThanOrEqual(MAX_PARTS)
    let nested = ['Content-Type: text/plain', '', 'deep']
    for (let level = 0; level < 50; level++)
      nested = [`Content-Type: multipart/mixed; boundary=b${level}`, '', `--b${level}`, ...nested, `--b${level}--`]
    expect(depthOf(readParts(letter(...nested)))).toBeLessThanOrEqual(MAX_PART_DEPTH + 2)
  })

  it('have bounded headers', () => {
    const root = readParts(
      letter(
        ...Array.from({ length: MAX_FIELDS * 2 }, (_, index) => `X-${index}: y`),
        `Folded: ${'a\r\n '.repeat(MAX_FIELD_CHARS)}`,
      ),
    )
    expect(root.fields.size).toBe(MAX_FIELDS)
    const folded = readParts(letter(`Folded: ${'a\r\n '.repeat(MAX_FIELD_CHARS)}`, ''))
    expect(folded.fields.get('folded')?.[0]?.length).toBeLessThanOrEqual(MAX_FIELD_CHARS * 2)
  })
})

it('what is said about one recipient is bounded', () => {
  const section = readSection(['<bob@example.org>:', ...Array.from({ length: 1_000 }, () => 'x'.repeat(100))].join('\n'))
  expect(section.accounts.get('bob@example.org')?.words.length).toBeLessThanOrEqual(MAX_ACCOUNT_CHARS)
  expect(section.words.length).toBeLessThanOrEqual(MAX_ACCOUNT_CHARS)
})

it('every expression of the tables reads a bounded stretch', () => {
  const expressions = [
    ...PHRASES.flatMap(({ words }) => words),
    ...OPENINGS,
    ...COMMANDS.map(({ words }) => words),
    ...RETURNED_MESSAGE,
    TRANSCRIPT,
    DAEMON_NAMES,
  ].filter((words) => typeof words !== 'string')
  // Outside of character classes: no star, no plus, no open-ended count.
  const unbounded = expressions.filter(({ source }) => /[*+]|\{\d+,\}/.test(source.replaceAll(/\\.|\[[^\]]*\]/g, '')))
  expect(unbounded).toEqual([])
  expect(expressions.length).toBeGreaterThan(20)
})

it('every word of the tables is in the form that it is compared with', () => {
  const tables = [PHRASES.flatMap((entry) => entry.words), OPENINGS, DELAYS, INTRODUCTIONS]
  for (const table of tables) {
    const words = table.filter((word) => typeof word === 'string')
    expect(words.filter((word) => word !== word.toLowerCase() || /\s\s|[^\S ]/.test(word))).toEqual([])
    expect(words.filter((word, index) => words.indexOf(word) !== index)).toEqual([])
  }
})

function depthOf(part: Part): number {
  return 1 + Math.max(0, ...part.parts.map(depthOf))
}
