/**
 * The mboxrd format (RFC 4155 names the family): each message behind a `From ` line, lines of its own that begin so quoted with a `>`, and a blank line at its
 * end. Line ends of a message stay as they are, so what is written can be read back byte for byte.
 */

import { MAX_ADDRESS_BYTES } from '../limits.ts'

const FROM = Buffer.from('From ')
const LF = 0x0a
const CR = 0x0d
const QUOTE = 0x3e
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** A message as it stands in an mbox; `at` in milliseconds. */
export type MboxMail = { raw: Uint8Array; envelopeFrom: string; at: number }

/**
 * The bytes of a message in an mbox. A message that does not end a line, which no other does, is told by a blank line that ends in CRLF where the `From `
 * line ends in LF.
 */
export function writeMboxMail({ raw, envelopeFrom, at }: MboxMail): Buffer {
  const sender = isSender(envelopeFrom) ? envelopeFrom : 'MAILER-DAEMON'
  const end = raw.at(-1) === LF ? '\n' : '\r\n\r\n'
  return Buffer.concat([Buffer.from(`From ${sender} ${formatTime(at)}\n`), ...quote(toBuffer(raw)), Buffer.from(end)])
}

/** What a message of an mbox was before it was written: `content` stands between its `From ` line and its blank line, if it has one. */
export function readMboxMail(content: Buffer, fromLine: Buffer, blankLine: Buffer | null): Buffer {
  const isUnended = fromLine.at(-2) !== CR && blankLine?.at(0) === CR
  const end = isUnended ? content.length - lengthOfEnd(content) : content.length
  return Buffer.concat(unquote(content.subarray(0, end)))
}

/** Whether a line that begins with `From ` begins a message: it has a time and a year. Text that was not quoted seldom does. */
export function isFromLine(line: Buffer): boolean {
  return /^From .*[0-9]:[0-9]{2}.*[0-9]{4}/.test(line.toString('latin1', 0, 256))
}

/** The return path that a `From ` line names; empty where it names none. */
export function readSender(line: Buffer): string {
  const [, word = ''] = line.toString('latin1', 0, 512).split(/\s/)
  return word.includes('@') && isSender(word) ? word : ''
}

/** With CRLF at the end of each line, as mail travels (RFC 5321 section 2.3.8), where every line ended in LF; otherwise as it is. */
export function endLines(raw: Buffer): Buffer {
  if (raw.includes('\r\n') || !raw.includes(LF)) return raw
  const parts: Buffer[] = []
  let from = 0
  for (let at = raw.indexOf(LF); at !== -1; at = raw.indexOf(LF, from)) {
    parts.push(raw.subarray(from, at), CRLF)
    from = at + 1
  }
  return Buffer.concat([...parts, raw.subarray(from)])
}

const CRLF = Buffer.from('\r\n')

function isSender(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text) && text.length <= MAX_ADDRESS_BYTES
}

/** As asctime(3) has it, in UTC. */
function formatTime(ms: number): string {
  const date = new Date(ms)
  const two = (value: number) => String(value).padStart(2, '0')
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':')
  const day = String(date.getUTCDate()).padStart(2, ' ')
  return `${DAYS[date.getUTCDay()]} ${MONTHS[date.getUTCMonth()]} ${day} ${time} ${date.getUTCFullYear()}`
}

/** Pieces with a `>` before each line of any number of them and `From `. */
function quote(raw: Buffer): Buffer[] {
  const parts: Buffer[] = []
  let from = 0
  for (const at of findQuotable(raw)) {
    parts.push(raw.subarray(from, at), Buffer.from('>'))
    from = at
  }
  return [...parts, raw.subarray(from)]
}

/** Takes one `>` from such lines. The older mboxo quotes only lines without one: of theirs, one with more loses one too many. */
function unquote(content: Buffer): Buffer[] {
  const parts: Buffer[] = []
  let from = 0
  for (const at of findQuotable(content)) {
    if (content[at] !== QUOTE) continue
    parts.push(content.subarray(from, at))
    from = at + 1
  }
  return [...parts, content.subarray(from)]
}

/** Where lines begin that are any number of `>` and then `From `. */
function* findQuotable(bytes: Buffer): Generator<number> {
  for (let found = bytes.indexOf(FROM); found !== -1; found = bytes.indexOf(FROM, found + FROM.length)) {
    let at = found
    while (at > 0 && bytes[at - 1] === QUOTE) at -= 1
    if (at === 0 || bytes[at - 1] === LF) yield at
  }
}

function lengthOfEnd(content: Buffer): number {
  if (content.at(-1) !== LF) return 0
  return content.at(-2) === CR ? 2 : 1
}

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
