/** What holds of everything that is read of a mail, whoever wrote it; each answers the promises that were broken, in words. */

import { removeInvisible } from '../../../src/invisible.ts'
import {
  MAX_ADDRESS_BYTES,
  MAX_ATTACHMENTS,
  MAX_FILENAME_CHARS,
  MAX_HEADER_ADDRESSES,
  MAX_HTML_CHARS,
  MAX_MESSAGE_ID_CHARS,
  MAX_REFERENCES,
  MAX_SENDER_NAME_CHARS,
  MAX_SUBJECT_CHARS,
  MAX_TEXT_CHARS,
} from '../../../src/limits.ts'
import { MAX_FOUND_LINKS, MAX_FOUND_LINKS_CHARS, MailFacts } from '../../../src/mail-facts.ts'
import type { Packed } from '../../../src/mail-text.ts'
import { readText } from '../../../src/mail-text.ts'
import { MAX_CODE_CHARS } from '../../../src/mime/codes/candidates.ts'
import { MAX_FOUND_CODES } from '../../../src/mime/codes.ts'
import { MAX_KEPT_LINK_TEXT_CHARS } from '../../../src/mime/links/links.ts'
import { MAX_REPORT_RECIPIENTS } from '../../../src/mime/report/limits.ts'
import type { AttachmentFile, AttachmentText, ParsedAttachment, ParsedMail } from '../../../src/parser.ts'
import type { Report } from '../../../src/report.ts'

const CONTROLS = /\p{Cc}/v
const CONTROLS_OF_TEXT = /[\p{Cc}--[\n\t]]/v
const LINE_SEPARATORS = /[\u2028\u2029]/
/** Those of the marks within a text (src/mime/marks.ts): none of them may come out. */
const MARKS = /[\ufdd0-\ufdef]/
const SENTENCE = /^[A-Z][A-Za-z0-9 ,;.()'-]{1,200}\.$/

type Check = readonly [isBroken: boolean, what: string]

function broken(checks: readonly Check[]): string[] {
  return checks.flatMap(([isBroken, what]) => (isBroken ? [what] : []))
}

/** A field of one line. */
function checkLabel(name: string, text: string, maxChars: number): string[] {
  return broken([
    [text.length > maxChars, `${name} has ${text.length} characters`],
    [!text.isWellFormed(), `${name} has half a character`],
    [CONTROLS.test(text) || LINE_SEPARATORS.test(text), `${name} has a control character`],
    [removeInvisible(text) !== text, `${name} has an invisible character`],
    [text.length < maxChars - 1 && text !== text.trim(), `${name} has white space at an end`],
  ])
}

function checkText(name: string, text: string, maxChars: number): string[] {
  return broken([
    [text.length > maxChars, `${name} has ${text.length} characters`],
    [!text.isWellFormed(), `${name} has half a character`],
    [CONTROLS_OF_TEXT.test(text) || LINE_SEPARATORS.test(text), `${name} has a control character`],
    [removeInvisible(text) !== text, `${name} has an invisible character`],
  ])
}

function checkAddress(name: string, address: string): string[] {
  return [
    ...checkLabel(name, address, MAX_ADDRESS_BYTES),
    ...broken([[Buffer.byteLength(address) > MAX_ADDRESS_BYTES || !/^.+@[^@]+$/v.test(address), `${name} is no address`]]),
  ]
}

function checkId(name: string, id: string): string[] {
  return [...checkLabel(name, id, MAX_MESSAGE_ID_CHARS), ...broken([[!/^<[^<>\s]+>$/.test(id), `${name} is no id`]])]
}

/** Every field of a mail that was read. */
export function checkMail(mail: Packed<ParsedMail>): string[] {
  const text = readText(mail.bodyText)
  const lists = { to: mail.toAddresses, cc: mail.ccAddresses, 'reply-to': mail.replyToAddresses }
  return [
    ...(mail.fromAddress === '' ? [] : checkAddress('fromAddress', mail.fromAddress)),
    ...(mail.fromName === null ? [] : checkLabel('fromName', mail.fromName, MAX_SENDER_NAME_CHARS)),
    ...Object.entries(lists).flatMap(([name, list]) => [
      ...broken([
        [list.length > MAX_HEADER_ADDRESSES || new Set(list).size < list.length, `${name} has ${list.length} addresses`],
      ]),
      ...list.flatMap((address) => checkAddress(name, address)),
    ]),
    ...checkLabel('subject', mail.subject, MAX_SUBJECT_CHARS),
    ...[mail.messageIdHeader, mail.inReplyTo].flatMap((id) => (id === null ? [] : checkId('id', id))),
    ...mail.references.flatMap((id) => checkId('reference', id)),
    ...checkText('bodyText', text, MAX_TEXT_CHARS),
    ...(mail.bodyHtml === null ? [] : checkText('bodyHtml', readText(mail.bodyHtml), MAX_HTML_CHARS)),
    ...mail.attachments.flatMap(checkAttachment),
    ...broken([
      [mail.references.length > MAX_REFERENCES, `${mail.references.length} references`],
      [mail.attachments.length > MAX_ATTACHMENTS, `${mail.attachments.length} attachments`],
      [mail.sentAt !== null && Number.isNaN(new Date(mail.sentAt).getTime()), `sentAt is ${mail.sentAt}`],
      [MARKS.test(text), 'bodyText has a mark of ours'],
      [!mail.problems.every((problem) => SENTENCE.test(problem)), `not sentences of ours: ${mail.problems.join('|')}`],
    ]),
    ...checkFacts(mail.facts, text),
  ]
}

function checkAttachment({ filename, contentType, size }: ParsedAttachment): string[] {
  return [
    ...(filename === null ? [] : checkLabel('filename', filename, MAX_FILENAME_CHARS)),
    ...broken([
      [filename !== null && (/[\\/]/.test(filename) || /^\.*$/.test(filename)), 'filename is a path'],
      [!/^[a-z0-9!#$&^_.+-]{1,127}\/[a-z0-9!#$&^_.+-]{1,127}$/.test(contentType), `contentType is ${contentType}`],
      [!Number.isSafeInteger(size) || size < 0, `size is ${size}`],
    ]),
  ]
}

function checkFacts(facts: MailFacts, text: string): string[] {
  const parsed = MailFacts.safeParse(facts)
  if (!parsed.success) return [`facts: ${parsed.error.message}`]
  const { codes, links, folds, hidden, linksLeftOut } = facts
  return [
    ...codes.flatMap(({ code, confidence, reason, expiresInSeconds }, at) =>
      broken([
        [!/^[A-Za-z0-9-]+$/.test(code) || code.length > MAX_CODE_CHARS, `code ${code}`],
        [!(confidence > 0 && confidence <= 1) || confidence > (codes[at - 1]?.confidence ?? 1), `confidence ${confidence}`],
        [!/^[a-z ,-]{1,80}$/.test(reason), `reason ${reason}`],
        [
          expiresInSeconds !== null && !(Number.isFinite(expiresInSeconds) && expiresInSeconds >= 0),
          `expires ${expiresInSeconds}`,
        ],
        [
          expiresInSeconds !== null && Number.isNaN(new Date(Date.UTC(2026, 0) + expiresInSeconds * 1_000).getTime()),
          'expires beyond time',
        ],
      ]),
    ),
    ...links.flatMap(({ text: words, url, host }) => [
      ...checkLabel('link text', words, MAX_KEPT_LINK_TEXT_CHARS),
      ...checkLabel('link url', url, MAX_FOUND_LINKS_CHARS),
      ...broken([[host !== '' && !/^[\x21-\x7e]+$/.test(host), `host ${host}`]]),
    ]),
    ...checkFolds(folds, Buffer.from(text)),
    ...broken([
      [codes.length > MAX_FOUND_CODES, `${codes.length} codes`],
      [links.length > MAX_FOUND_LINKS, `${links.length} links`],
      [links.reduce((sum, { url }) => sum + url.length, 0) > MAX_FOUND_LINKS_CHARS, 'links too long'],
      [!Number.isSafeInteger(linksLeftOut) || linksLeftOut < 0, `${linksLeftOut} links left out`],
      [hidden.some(({ count, chars }) => !(count > 0 && Number.isSafeInteger(count) && Number.isSafeInteger(chars))), 'hidden'],
      [new Set(hidden.map(({ kind }) => kind)).size < hidden.length, 'hidden twice'],
    ]),
  ]
}

function checkFolds(folds: MailFacts['folds'], text: Buffer): string[] {
  return folds.flatMap(({ start, end, lines }, at) => {
    const isWhole = (start === 0 || text[start - 1] === 0x0a) && (end === text.length || text[end] === 0x0a)
    const isApart = start >= (folds[at - 1]?.end ?? 0) && start < end && end <= text.length
    const folded = text.toString('utf8', start, end).split('\n').length
    return broken([
      [!isWhole || !isApart, `fold ${start} to ${end} of ${text.length}`],
      [lines !== folded, `fold of ${folded} lines says ${lines}`],
    ])
  })
}

/** A report: what it names goes to the outbox and to an agent. */
export function checkReport(report: Report | null): string[] {
  if (report === null) return []
  const named = report.recipients.map((one) => (one === null || typeof one === 'string' ? one : one.recipient))
  return [
    ...named.flatMap((address) => (address === null ? [] : checkAddress('recipient', address))),
    ...broken([
      [named.length > MAX_REPORT_RECIPIENTS, `${named.length} recipients`],
      [named.length === 0, 'a report on nobody'],
      [report.kind === 'complaint' && !/^[a-z-]{1,20}$/.test(report.feedbackType), 'feedback type'],
      [
        report.kind === 'delivery-status' &&
          report.recipients.some(({ statusCode }) => statusCode !== null && !/^[245]\.\d{1,3}\.\d{1,3}$/.test(statusCode)),
        'status code',
      ],
    ]),
  ]
}

/** An attachment, as it was listed and as it was read. */
export function checkFile(file: AttachmentFile | null, listed: ParsedAttachment): string[] {
  if (file === null) return ['an attachment that was listed cannot be read']
  return broken([
    [file.bytes.length !== listed.size, `${file.bytes.length} bytes, listed with ${listed.size}`],
    [!/^[0-9a-f]{64}$/.test(file.sha256), 'sha256'],
    [file.sniffedType !== null && !/^[a-z0-9.+-]+\/[a-z0-9.+-]+$/.test(file.sniffedType), `sniffed ${file.sniffedType}`],
  ])
}

/** A piece of an attachment as text. */
export function checkAttachmentText(text: AttachmentText | null, maxBytes: number): string[] {
  if (text === null) return ['an attachment that was listed has no text, nor a reason']
  if (text.kind !== 'text') return []
  const { piece } = text
  return [
    ...checkText('attachment text', piece.text, MAX_TEXT_CHARS),
    ...broken([
      [Buffer.byteLength(piece.text) > Math.max(maxBytes, 4), `${Buffer.byteLength(piece.text)} bytes for ${maxBytes}`],
      [piece.nextOffset !== null && (piece.nextOffset <= piece.offset || piece.nextOffset >= piece.totalBytes), 'next offset'],
    ]),
  ]
}
