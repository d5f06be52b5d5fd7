/** Evidence about one recipient -> status code and whether it is for good. */

import { HARD_CATEGORIES, HARD_STATUS_CODES, STATUS_CODES_OF_RCPT, STATUS_OF_REPLY } from './codes.ts'
import type { Phrases } from './phrases.ts'
import { REASONS, type Reason } from './reasons.ts'
import { findCommand, findPhrase, findReply, findStatus, namesRecipientFirst } from './replies.ts'

/** What a report says about one recipient. Texts as `plainWords` makes them. */
export type Evidence = {
  /** Of a Status field, `class.subject.detail`; null without one. */
  readonly statusField: string | null
  /** The reply of the server that refused, or the words that stand for it. */
  readonly reply: string
  /** The reply was given in a field of its own: then what the Status field says was meant. */
  readonly isDiagnostic: boolean
  /** More text about this recipient, only for the command that was answered. */
  readonly context: string
  /** As the sending software classed it; empty without. */
  readonly category: string
  /** Nothing is lost yet. */
  readonly isDelay: boolean
}

/** The outcome for one recipient. */
export type Verdict = { readonly statusCode: string | null; readonly hard: boolean }

/** Weighs the evidence. A code as said wins over one derived from words; words win over codes in whether it is for good. */
export function judge(evidence: Evidence): Verdict {
  const said = chooseStatus(findStatus(evidence.reply), evidence.statusField)
  const phrase = findPhrase(evidence.reply)
  const reason = findReason(evidence, said, phrase)
  // Some say 4.0.0 of a domain that does not exist and give up at once all the same.
  const isOver = !evidence.isDelay && (!said?.startsWith('4') || phrase?.weight === 'certain')
  const hard = reason !== null && REASONS[reason].hard && isOver
  return { statusCode: stateStatus(evidence, said, reason), hard }
}

/** The server that refused knows more than the one that reports, unless it only said that something failed. */
function chooseStatus(ofReply: string | null, ofField: string | null): string | null {
  if (ofReply !== null && isSpecific(ofReply)) return ofReply
  return ofField ?? ofReply
}

function isSpecific(status: string): boolean {
  return !status.endsWith('.0.0')
}

function stateStatus(evidence: Evidence, said: string | null, reason: Reason | null): string | null {
  const isMeant = said !== null && (isSpecific(said) || evidence.isDiagnostic || said !== evidence.statusField)
  if (isMeant) return said
  const reply = findReply(evidence.reply)
  if (reason !== null) return withClass(REASONS[reason].statusCode, evidence.isDelay ? '4' : (reply?.charAt(0) ?? null))
  if (said !== null || reply === null) return said
  return STATUS_OF_REPLY[reply] ?? `${reply.charAt(0)}.0.0`
}

/** A full mailbox may be answered with 452 or 552. Failures of the network have no reply of their own. */
function withClass(statusCode: string, statusClass: string | null): string {
  return statusClass === null || statusCode.startsWith('4.4.') ? statusCode : statusClass + statusCode.slice(1)
}

function findReason(evidence: Evidence, said: string | null, phrase: Phrases | null): Reason | null {
  const hardByCode = (said !== null && HARD_STATUS_CODES.has(said)) || HARD_CATEGORIES.has(evidence.category)
  if (phrase === null) return hardByCode ? 'userUnknown' : null
  if (phrase.reason === 'userUnknown') {
    return phrase.weight === 'certain' || hardByCode || isAnswerToRcpt(evidence, said) ? 'userUnknown' : 'mailboxRefused'
  }
  return hardByCode && phrase.weight === undefined ? 'userUnknown' : phrase.reason
}

/** "User unknown" after the data is a filter of that mailbox, often switched off again; in answer to RCPT it is meant. */
function isAnswerToRcpt(evidence: Evidence, said: string | null): boolean {
  if (said !== null && STATUS_CODES_OF_RCPT.has(said)) return true
  const command = findCommand(evidence.reply) ?? findCommand(evidence.context)
  if (command !== null) return command === 'rcpt'
  return (said === null || !isSpecific(said)) && namesRecipientFirst(evidence.reply)
}
