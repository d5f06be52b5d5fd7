/** Changes of mail that know how mail is built: fields, parts, boundaries, encodings, HTML. */

import type { Dice } from '../../support/dice.ts'
import { BYTE_MUTATORS, type Mutator, mutate, patch, pickToken, rollFew, toBytes } from './bytes.ts'
import { CHARSETS, CSS_TOKENS, ENCODINGS, FIELDS, HTML_TOKENS, TYPES, UNICODE_NASTIES } from './dictionary.ts'

const CRLF = '\r\n'

/** Larger inputs cost more than they find; some are larger all the same, for what costs the square of a size. */
const MAX_BYTES = 6_000
const MAX_COMMON_BYTES = 24_000
const MAX_LARGE_BYTES = 150_000
const MAX_HUGE_BYTES = 1_200_000

function changeHeader(mail: string, change: (fields: string[]) => string[]): string {
  const end = mail.indexOf(CRLF + CRLF)
  const head = end < 0 ? mail : mail.slice(0, end)
  return change(head.split(/\r\n(?![ \t])/)).join(CRLF) + (end < 0 ? '' : mail.slice(end))
}

const doubleField: Mutator = (mail, dice) =>
  changeHeader(mail, (fields) => fields.toSpliced(dice.roll(fields.length + 1), 0, dice.pick(fields)))

const removeField: Mutator = (mail, dice) => changeHeader(mail, (fields) => fields.toSpliced(dice.roll(fields.length), 1))

const swapFields: Mutator = (mail, dice) => changeHeader(mail, (fields) => fields.toSorted(() => dice.roll(3) - 1))

const addField: Mutator = (mail, dice) =>
  changeHeader(mail, (fields) => {
    const value = Array.from({ length: rollFew(dice, 6) }, () => pickToken(dice)).join(dice.pick(['', ' ', '; ', `${CRLF} `]))
    return fields.toSpliced(
      dice.roll(fields.length + 1),
      0,
      `${dice.pick(FIELDS)}${dice.pick([': ', ':', ' : ', ':\t'])}${value}`,
    )
  })

const renameField: Mutator = (mail, dice) =>
  changeHeader(mail, (fields) => {
    const at = dice.roll(fields.length)
    return fields.with(at, (fields[at] ?? '').replace(/^[^:]{0,100}/, dice.pick(FIELDS)))
  })

const encodeField: Mutator = (mail, dice) =>
  changeHeader(mail, (fields) => {
    const at = dice.roll(fields.length)
    const [name = '', ...rest] = (fields[at] ?? '').split(':')
    const value = rest.join(':') + (dice.roll(2) === 0 ? toBytes(dice.pick(UNICODE_NASTIES)) : '')
    const word = dice.roll(2) === 0 ? Buffer.from(value, 'latin1').toString('base64') : value.replaceAll(/[^A-Za-z0-9]/g, toHex)
    const text = `=?${dice.pick(CHARSETS)}?${dice.roll(2) === 0 ? 'b' : 'q'}?${word}?=`
    return fields.with(at, `${name}: ${text.repeat(dice.roll(20) === 0 ? rollFew(dice, 200) : 1)}`)
  })

function toHex(character: string): string {
  return `=${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
}

/** Changes one of the matches of a pattern. */
function changeMatch(mail: string, pattern: RegExp, dice: Dice, change: (match: string) => string): string {
  const matches = [...mail.matchAll(pattern)]
  if (matches.length === 0) return mail
  const match = dice.pick(matches)
  return patch(mail, match.index, match[0].length, change(match[0]))
}

const swapCharset: Mutator = (mail, dice) =>
  changeMatch(mail, /charset\s*=\s*"?[^\s";]*"?|(?<==\?)[^?\s]{1,40}(?=\?[bq]\?)/gi, dice, (match) =>
    /^charset/i.test(match) ? `charset=${dice.pick(CHARSETS)}` : dice.pick(CHARSETS),
  )

const swapEncoding: Mutator = (mail, dice) =>
  changeMatch(mail, /content-transfer-encoding:[^\r\n]*/gi, dice, () => `Content-Transfer-Encoding: ${dice.pick(ENCODINGS)}`)

const swapType: Mutator = (mail, dice) => changeMatch(mail, /(?<=content-type:\s{0,9})[^\s;]+/gi, dice, () => dice.pick(TYPES))

const swapStatus: Mutator = (mail, dice) =>
  changeMatch(
    mail,
    /(?<=\n(?:status|action|final-recipient|feedback-type|diagnostic-code):)[^\r\n]*/gi,
    dice,
    () => ` ${pickToken(dice)}${pickToken(dice)}`,
  )

/** The declared boundaries. */
function listBoundaries(mail: string): string[] {
  return [...mail.matchAll(/boundary\s*=\s*(?:"([^"\r\n]{1,100})"|([^\s";]{1,100}))/gi)].map(
    ([, quoted, bare]) => quoted ?? bare ?? '',
  )
}

/** Parts doubled, removed, put in another order. */
const shuffleParts: Mutator = (mail, dice) => {
  const boundaries = listBoundaries(mail)
  if (boundaries.length === 0) return mail
  const edge = `--${dice.pick(boundaries)}`
  const [first = '', ...parts] = mail.split(edge)
  if (parts.length === 0) return mail
  const at = dice.roll(parts.length)
  const changed = [
    () => parts.toSpliced(at, 1),
    () => parts.toSpliced(at, 0, dice.pick(parts)),
    () => parts.toSorted(() => dice.roll(3) - 1),
    () => parts.flatMap((part) => Array<string>(rollFew(dice, 40)).fill(part)),
  ]
  return [first, ...dice.pick(changed)()].join(edge)
}

/** Edges that are nearly those declared, or belong to another part. */
const confuseBoundaries: Mutator = (mail, dice) => {
  const boundaries = listBoundaries(mail)
  const edge = boundaries.length === 0 ? 'edge' : dice.pick(boundaries)
  const other = boundaries.length === 0 ? 'edge2' : dice.pick(boundaries)
  const near = dice.pick([
    edge.slice(0, -1),
    `${edge}x`,
    `${edge}--`,
    ` ${edge}`,
    `${edge} `,
    edge.toUpperCase(),
    other,
    '',
    `"${edge}"`,
    '-',
  ])
  return dice.pick([
    () => changeMatch(mail, /boundary\s*=\s*"?[^\s";]{1,100}"?/gi, dice, () => `boundary="${near}"`),
    () => mail.replaceAll(`--${edge}--`, ''),
    () => mail.replaceAll(`--${edge}`, `--${near}`),
    () =>
      patch(
        mail,
        dice.roll(mail.length + 1),
        0,
        `${CRLF}--${near}${dice.pick(['', '--', ' ', '\t'])}${CRLF}`.repeat(rollFew(dice, 30)),
      ),
  ])()
}

/** Put within another mail, once or often. */
const nest: Mutator = (mail, dice) => {
  const depth = dice.roll(10) === 0 ? rollFew(dice, 300) : rollFew(dice, 12)
  const open: string[] = []
  const close: string[] = []
  for (let level = 0; level < depth; level += 1) {
    const type = dice.pick([
      'multipart/mixed',
      'multipart/alternative',
      'multipart/related',
      'multipart/report',
      'message/rfc822',
    ])
    const edge = `n${dice.roll(20) === 0 ? 0 : level}`
    open.push(
      type === 'message/rfc822'
        ? `Content-Type: ${type}${CRLF}${CRLF}`
        : `Content-Type: ${type}; boundary=${edge}${CRLF}${CRLF}--${edge}${CRLF}`,
    )
    if (type !== 'message/rfc822' && dice.roll(4) > 0) close.unshift(`${CRLF}--${edge}--${CRLF}`)
  }
  return `From: nest@x.test${CRLF}Subject: nest${CRLF}${open.join('')}${mail}${close.join('')}`
}

const insertHtml: Mutator = (mail, dice) => patch(mail, afterHeader(mail, dice), 0, toBytes(writeSoup(dice)))

function afterHeader(mail: string, dice: Dice): number {
  const end = Math.max(0, mail.indexOf(CRLF + CRLF))
  return end + dice.roll(mail.length - end + 1)
}

/** HTML that nobody would write: tags, styles and words in any order. */
export function writeSoup(dice: Dice): string {
  const style = () =>
    Array.from({ length: rollFew(dice, 6) }, () => dice.pick(CSS_TOKENS)).join(dice.pick([';', ' ', '', '{', '}']))
  return Array.from({ length: rollFew(dice, 40) }, () => {
    const kind = dice.roll(12)
    if (kind < 7) return dice.pick(HTML_TOKENS)
    if (kind === 7) return `<${dice.pick(['p', 'div', 'span', 'td', 'a', 'font', 'x-y'])} style="${style()}">`
    if (kind === 8) return `<style>${style()}${style()}</style>`
    if (kind === 9) return dice.pick(UNICODE_NASTIES)
    if (kind === 10) return `<a href="${pickToken(dice)}">${pickToken(dice)}</a>`
    return dice.pick(['hello ', 'Please verify ', '482913 ', 'paypal.com ', 'https://x.test/a?b=c ', '\n'])
  }).join('')
}

/** A new body of HTML in some encoding. */
const replaceBody: Mutator = (mail, dice) =>
  changeHeader(`${mail.slice(0, Math.max(0, mail.indexOf(CRLF + CRLF)))}`, (fields) => {
    const kept = fields.filter((field) => !/^content-/i.test(field) && field !== '')
    const text = toBytes(writeSoup(dice))
    const encoding = dice.pick(['8bit', 'base64', 'quoted-printable'])
    const encoded =
      encoding === 'base64'
        ? Buffer.from(text, 'latin1').toString('base64').replaceAll(/.{76}/g, `$&${CRLF}`)
        : encoding === 'quoted-printable'
          ? text.replaceAll(/[^\x21-\x3c\x3e-\x7e \r\n]/g, toHex)
          : text
    const type = dice.roll(4) === 0 ? 'text/plain' : 'text/html'
    return [
      ...kept,
      `Content-Type: ${type}; charset=${dice.pick(['utf-8', 'utf-8', ...CHARSETS])}`,
      `Content-Transfer-Encoding: ${encoding}`,
      '',
      encoded,
    ]
  })

const MAIL_MUTATORS: readonly Mutator[] = [
  ...[doubleField, removeField, swapFields, addField, addField, renameField, encodeField, swapCharset, swapEncoding, swapType],
  ...[swapStatus, shuffleParts, confuseBoundaries, nest, insertHtml, insertHtml, replaceBody],
]

/** One seed, changed. */
export function mutateMail(dice: Dice, seeds: readonly string[]): Buffer {
  const size = dice.roll(1_000)
  const maxBytes = size === 0 ? MAX_HUGE_BYTES : size < 10 ? MAX_LARGE_BYTES : size < 250 ? MAX_COMMON_BYTES : MAX_BYTES
  const seed = [0, 1, 2].map(() => dice.pick(seeds)).find((text) => text.length <= maxBytes) ?? ''
  const mutators = dice.roll(2) === 0 ? BYTE_MUTATORS : dice.roll(2) === 0 ? MAIL_MUTATORS : [...BYTE_MUTATORS, ...MAIL_MUTATORS]
  return Buffer.from(mutate(seed, mutators, dice, seeds).slice(0, maxBytes), 'latin1')
}
