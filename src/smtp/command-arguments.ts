/**
 * Reads the argument of MAIL and RCPT without changing a character of the address: smtp-server strips source routes, turns A-labels into
 * Unicode and cuts quoted local parts at a space, and an address that was rewritten must not be one that is accepted.
 */

import { MAX_ADDRESS_BYTES } from '../limits.ts'

/** What stands between the angle brackets, and what follows them. */
export type CommandArgument = {
  /** As the client wrote it; empty for `<>`. */
  path: string
  /** `KEY=value` and `KEY`, in their order, as the client wrote them. */
  parameters: readonly string[]
}

/**
 * A quoted string may hold brackets; a backslash takes the next character as it is (RFC 5321 section 4.1.2). No two parts can match the same
 * character, so no line makes this slow.
 */
const ARGUMENT = /^ *<((?:[^<>"\\]|\\.|"(?:[^"\\]|\\.)*")*)>(?: (.*))?$/s
const MAIL = /^mail from ?:/i
const RCPT = /^rcpt to ?:/i
/** Control characters of both sets: they end up in logs and headers. */
const CONTROL = /\p{Cc}/u

/** The argument of `MAIL FROM:`; null when it is none. */
export function parseMailArgument(line: string): CommandArgument | null {
  return parseArgument(line, MAIL)
}

/** The argument of `RCPT TO:`; null when it is none. */
export function parseRecipientArgument(line: string): CommandArgument | null {
  return parseArgument(line, RCPT)
}

function parseArgument(line: string, keyword: RegExp): CommandArgument | null {
  const name = keyword.exec(line)?.[0]
  if (name === undefined || CONTROL.test(line)) return null
  const match = ARGUMENT.exec(line.slice(name.length))
  if (match === null) return null
  const [, path = '', parameters = ''] = match
  return { path, parameters: parameters === '' ? [] : parameters.split(' ').filter((parameter) => parameter !== '') }
}

/** A dot-string or quoted string, an `@`, a domain or address literal. U+FFFD stands for bytes that are no UTF-8. */
const SENDER = /^(?:"(?:[^"\\\uFFFD]|\\.)*"|[^\s@"<>()[\]\\,;:\uFFFD]+)@(?:\[[^\s[\]\\@\uFFFD]+\]|[^\s@"<>()[\]\\,;:\uFFFD]+)$/u

/** Whether this may be a return path: empty (RFC 5321 section 4.5.5), or one plain address of at most MAX_ADDRESS_BYTES. */
export function isSender(path: string): boolean {
  return path === '' || (SENDER.test(path) && Buffer.byteLength(path) <= MAX_ADDRESS_BYTES)
}

/** No source route, no `%` or `!` routing, no quotes, no address literal: nothing that another server would have to unwrap. */
const PLAIN_ADDRESS = /^[^\s@"<>()[\]\\,;:%!\uFFFD]+@[^\s@"<>()[\]\\,;:%!\uFFFD]+$/u

/** Whether an inbox could have this address at all. */
export function isPlainAddress(path: string): boolean {
  return PLAIN_ADDRESS.test(path) && Buffer.byteLength(path) <= MAX_ADDRESS_BYTES
}

/** What is wrong with the parameters of MAIL; null when they are what we advertise (RFC 1870, 6152, 6531). */
export function checkMailParameters(parameters: readonly string[]): 'unknown' | 'malformed' | null {
  const seen = new Set<string>()
  for (const parameter of parameters) {
    const { key, value } = splitParameter(parameter)
    if (!MAIL_PARAMETERS.has(key)) return 'unknown'
    if (seen.has(key) || !isParameterValue(key, value)) return 'malformed'
    seen.add(key)
  }
  return null
}

/** The size that parameters without a fault announce (RFC 1870), in bytes; 0 without one. What no number can hold is the largest that one can. */
export function readDeclaredBytes(parameters: readonly string[]): number {
  const size = parameters.map(splitParameter).find(({ key }) => key === 'SIZE')
  return Math.min(Number(size?.value ?? 0), Number.MAX_SAFE_INTEGER)
}

function splitParameter(parameter: string): { key: string; value: string | null } {
  const equals = parameter.indexOf('=')
  if (equals < 0) return { key: parameter.toUpperCase(), value: null }
  return { key: parameter.slice(0, equals).toUpperCase(), value: parameter.slice(equals + 1) }
}

const MAIL_PARAMETERS: ReadonlySet<string> = new Set(['SIZE', 'BODY', 'SMTPUTF8'])

function isParameterValue(key: string, value: string | null): boolean {
  if (key === 'SIZE') return value !== null && /^[0-9]{1,20}$/.test(value)
  if (key === 'BODY') return value !== null && /^(?:7bit|8bitmime)$/i.test(value)
  return value === null
}
