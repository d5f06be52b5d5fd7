/** nodemailer's errors read for what they mean. Its texts hold the relay's words and are not repeated. */

import type { Outcome } from '../carrier.ts'
import { RelayFailure } from './relay-failure.ts'
import { CLOSING_CODE, defer, judgeRefusal, judgeSilence, parseReply, type Reply } from './relay-reply.ts'

/** What was answered when a command of the transaction failed, by nodemailer's name for it. */
const ANSWERED: Readonly<Record<string, string>> = { 'MAIL FROM': 'the sender', 'RCPT TO': 'the recipient', DATA: 'the message' }

type ErrorFacts = { code: string; originalCode: string; command: string; reply: Reply | null }

/** Why a connection could not be made ready for mail. */
export function explainSetup(error: unknown): RelayFailure {
  if (error instanceof RelayFailure) return error
  const { code, originalCode, reply } = readFacts(error)
  return new RelayFailure(describeSetup(code, originalCode, reply), reply)
}

/** What became of a message when its transaction failed. `isHandedOver`: the final dot may have been written. */
export function judgeError(error: unknown, isHandedOver: boolean): Outcome {
  if (error instanceof RelayFailure) return judgeSilence(error.message, isHandedOver)
  const { code, command, reply } = readFacts(error)
  const isTooLarge = code === 'EMESSAGE' && command === 'MAIL FROM'
  if (isTooLarge)
    return { kind: 'refused', replyCode: null, statusCode: null, reason: 'the message is larger than the relay takes' }
  // A reply to nothing that was asked, or half a reply before the end, settles nothing; only that the relay is closing counts at any time.
  const what = ANSWERED[command] ?? (reply?.code === CLOSING_CODE ? 'the message' : undefined)
  const judged = reply === null || what === undefined ? null : judgeRefusal(reply, what)
  return judged ?? judgeSilence(describeLoss(code), isHandedOver)
}

/** What became of a message that the relay answered with what nodemailer takes for a yes. */
export function judgeAnswer(response: string, isHandedOver: boolean): Outcome {
  const reply = parseReply(response)
  if (!isHandedOver) return defer('the relay answered before it had the whole message', reply)
  if (reply === null || reply.code >= 300) return judgeSilence("the relay's answer made no sense", true)
  return { kind: 'sent', replyCode: reply.code, statusCode: reply.statusCode, reason: 'the relay took it' }
}

function describeSetup(code: string, originalCode: string, reply: Reply | null): string {
  if (code === 'EAUTH') return 'the relay did not let us sign in'
  if (/CERT|SIGNED|VERIFY|ISSUER/.test(originalCode)) return "the relay's certificate is not trusted"
  if (code === 'ETLS' && reply !== null) return 'the relay offers no encryption'
  if (code === 'ETLS' || /SSL|TLS|EPROTO/.test(originalCode)) return 'the connection to the relay could not be encrypted'
  if (code === 'ETIMEDOUT') return 'the relay was not ready in time'
  if (reply !== null) return 'the relay refused the session'
  if (code === 'EPROTOCOL') return 'what answers is no mail relay'
  return 'the connection was lost before the relay was ready'
}

function describeLoss(code: string): string {
  if (code === 'ETIMEDOUT') return 'the relay did not answer in time'
  if (code === 'EPROTOCOL' || code === 'EENVELOPE' || code === 'EMESSAGE') return "the relay's answer made no sense"
  return 'the connection was lost'
}

function readFacts(error: unknown): ErrorFacts {
  const text = (name: string) => {
    const value: unknown = error instanceof Error ? Reflect.get(error, name) : undefined
    return typeof value === 'string' ? value : ''
  }
  return { code: text('code'), originalCode: text('originalCode'), command: text('command'), reply: parseReply(text('response')) }
}
