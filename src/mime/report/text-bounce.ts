/** Reports in words, of servers that do not write RFC 3464. */

import type { ReportedRecipient } from '../../report.ts'
import { fieldAddress } from './address.ts'
import type { Fields } from './fields.ts'
import { judge, type Verdict } from './judge.ts'
import { MAX_REPORT_RECIPIENTS } from './limits.ts'
import { findPhrase, findStatus } from './replies.ts'
import { commandFor, type Section } from './section.ts'

/** What the text says of each recipient; of one unnamed recipient where it names none. */
export function readTextRecipients(section: Section, header: Fields, isDelay: boolean): readonly ReportedRecipient[] {
  const named = failedRecipients(header)
  const recipients: readonly (string | null)[] =
    named.length > 0 ? named : [...section.accounts.values()].map(({ address }) => address)
  const listed = recipients.length > 0 ? recipients : [null]
  const judgeWords = (words: string, recipient: string | null): Verdict => {
    const context = commandFor(section.commands, recipient)
    return judge({ statusField: null, reply: words, isDiagnostic: false, context, category: '', isDelay })
  }
  const ofWhole = judgeWords(section.words, null)
  return listed.map((recipient) => {
    const account = recipient === null ? undefined : section.accounts.get(recipient.toLowerCase())?.words
    const ofAccount = account !== undefined && (tellsReason(account) || listed.length > 1)
    const verdict = ofAccount ? judgeWords(account, recipient) : ofWhole
    return { recipient, ...verdict, action: isDelay ? 'delayed' : 'failed' }
  })
}

function tellsReason(words: string): boolean {
  return findStatus(words) !== null || findPhrase(words) !== null
}

/** Exim, Gmail and others name them in the header. */
function failedRecipients(header: Fields): readonly string[] {
  const values = (header.get('x-failed-recipients') ?? []).join(',')
  const addresses = values.split(',', MAX_REPORT_RECIPIENTS).map(fieldAddress)
  return [...new Set(addresses.filter((address) => address !== null))]
}
