/** What a relay's reply, or its silence, means for the message: the one place that tells trying again from never again. */

import type { Outcome } from '../carrier.ts'

/** The codes of a reply; its words are not kept. */
export type Reply = { readonly code: number; readonly statusCode: string | null }

/** Permanent in form, but about our session and not about this mail: 503 bad sequence (RFC 5321), 530 and 538 sign in or encrypt first (RFC 4954). */
const ABOUT_THE_SESSION: ReadonlySet<number> = new Set([503, 530, 538])
/** The relay is going away, whatever it was asked (RFC 5321 section 3.8). */
export const CLOSING_CODE = 421

/** Reads a whole reply, its lines separated by `\n`; null for what is none, a reply whose lines disagree included (RFC 5321 section 4.2.1). */
export function parseReply(text: string): Reply | null {
  const lines = text.split(/\r?\n/).filter((line) => line !== '')
  const [first = ''] = lines
  const code = /^[2-5][0-9]{2}/.exec(first)?.[0]
  if (code === undefined) return null
  const isWhole = lines.every(
    (line, at) => line.startsWith(code) && (at < lines.length - 1 ? line[3] === '-' : /^.{3}(?: |$)/.test(line)),
  )
  if (!isWhole) return null
  const status = lines
    .map((line) => /^.{3}[ -]([245]\.[0-9]{1,3}\.[0-9]{1,3})(?:\s|$)/.exec(line)?.[1])
    .find((found) => found !== undefined)
  // RFC 2034 section 4: the class must be the code's own.
  return { code: Number(code), statusCode: status?.[0] === code[0] ? (status ?? null) : null }
}

/** What a negative reply to a command of the transaction means; null for a reply that settles nothing (2xx and 3xx). `what` was refused or deferred. */
export function judgeRefusal({ code, statusCode }: Reply, what: string): Outcome | null {
  if (code < 400) return null
  const isForGood = code >= 500 && !ABOUT_THE_SESSION.has(code)
  if (isForGood) return { kind: 'refused', replyCode: code, statusCode, reason: `the relay refused ${what}` }
  return { kind: 'deferred', replyCode: code, statusCode, reason: `the relay would not take ${what} now` }
}

/** Nothing was handed over: the same message can be sent again without being sent twice. */
export function defer(reason: string, reply: Reply | null = null): Outcome {
  return { kind: 'deferred', replyCode: reply?.code ?? null, statusCode: reply?.statusCode ?? null, reason }
}

/** No answer will come. Once the final dot may have reached the relay, it may have taken the message. */
export function judgeSilence(why: string, isHandedOver: boolean): Outcome {
  if (!isHandedOver) return defer(why)
  return { kind: 'unknown', replyCode: null, statusCode: null, reason: `${why} after the whole message was handed over` }
}
