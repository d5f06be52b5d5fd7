/** Delivery status fields (RFC 3464): in their own part, or in the open where a server or the way broke the structure. */

import type { ReportedRecipient } from '../../report.ts'
import { fieldAddress } from './address.ts'
import { type Fields, firstField, readFields } from './fields.ts'
import { judge } from './judge.ts'
import { MAX_REPORT_RECIPIENTS } from './limits.ts'
import { plainWords } from './replies.ts'
import { commandFor, type Section } from './section.ts'

/** Fields of which a group has one at most: a second one begins the next group where the empty line is missing. */
const ONCE: ReadonlySet<string> = new Set(['final-recipient', 'original-recipient', 'action', 'status'])
const ONCE_LINE = /^\s{0,4}([a-z-]{6,20}) {0,3}:/i

/** What the Action field says (RFC 3464 section 2.3.3), and what some servers say instead. */
const ACTIONS: ReadonlyMap<string, ReportedRecipient['action']> = new Map([
  ['failed', 'failed'],
  ['failure', 'failed'],
  ['expired', 'failed'],
  ['undeliverable', 'failed'],
  ['delayed', 'delayed'],
  ['delivered', 'delivered'],
  ['deliverable', 'delivered'],
  ['relayed', 'relayed'],
  ['expanded', 'expanded'],
])

/** The groups of fields that are about a recipient; in the open (`isInline`) only those that name one and say what became of the message. */
export function readGroups(lines: readonly string[], isInline: boolean): readonly Fields[] {
  const groups: Fields[] = []
  let chunk: string[] = []
  let seen = new Set<string>()
  const finish = () => {
    const fields = readFields(chunk)
    if (isAboutRecipient(fields, isInline) && groups.length < MAX_REPORT_RECIPIENTS) groups.push(fields)
    chunk = []
    seen = new Set()
  }
  for (const line of lines) {
    const name = ONCE_LINE.exec(line)?.[1]?.toLowerCase() ?? ''
    if (line.trim() === '' || seen.has(name)) finish()
    if (ONCE.has(name)) seen.add(name)
    if (line.trim() !== '') chunk.push(line)
  }
  finish()
  return groups
}

function isAboutRecipient(fields: Fields, isInline: boolean): boolean {
  const isNamed = fields.has('final-recipient') || fields.has('original-recipient')
  if (!isInline) return isNamed || (fields.has('action') && fields.has('status'))
  return isNamed && (readStatus(fields) !== null || readAction(fields) !== undefined)
}

function readAction(fields: Fields): ReportedRecipient['action'] | undefined {
  // A comment may follow.
  return ACTIONS.get(/^[a-z-]{1,20}/.exec(firstField(fields, 'action').toLowerCase())?.[0] ?? '')
}

/** The code of the Status field; null without one. */
function readStatus(fields: Fields): string | null {
  return /^\s{0,9}([245]\.\d{1,3}\.\d{1,3})/.exec(firstField(fields, 'status'))?.[1] ?? null
}

/** What the groups say, with what `section`, the report's text, adds to them. */
export function readStatusRecipients(groups: readonly Fields[], section: Section): readonly ReportedRecipient[] {
  return groups.map((fields) => readRecipient(fields, section, groups.length === 1))
}

function readRecipient(fields: Fields, section: Section, isOnly: boolean): ReportedRecipient {
  // The original is what we sent to; the final one is where an alias led.
  const recipient = fieldAddress(firstField(fields, 'original-recipient')) ?? fieldAddress(firstField(fields, 'final-recipient'))
  const statusField = readStatus(fields)
  const comment = firstField(fields, 'status')
    .slice(statusField?.length ?? 0)
    .trim()
  const diagnostic = firstField(fields, 'diagnostic-code')
  const account = findAccount(fields, section) ?? (isOnly ? section.words : '')
  const said = readAction(fields)
  const verdict = judge({
    statusField,
    // Behind its code, the Status field may say in words what nothing else does.
    reply: diagnostic === '' ? plainWords(`${account} ${comment}`) : plainWords(withoutType(diagnostic)),
    isDiagnostic: diagnostic !== '' || comment !== '',
    context: plainWords(`${commandFor(section.commands, recipient)} ${account}`),
    category: firstField(fields, 'x-powermta-bouncecategory').toLowerCase(),
    isDelay: said === 'delayed',
  })
  const action = said ?? (verdict.statusCode?.startsWith('2') ? 'delivered' : 'failed')
  return { recipient, statusCode: verdict.statusCode, hard: verdict.hard && action === 'failed', action }
}

/** `smtp; 550 ...` -> `550 ...`. */
function withoutType(diagnostic: string): string {
  return diagnostic.replace(/^\s{0,9}[\w-]{1,20}\s{0,9};/, '')
}

function findAccount(fields: Fields, section: Section): string | null {
  for (const name of ['final-recipient', 'original-recipient', 'x-actual-recipient']) {
    const address = fieldAddress(firstField(fields, name))
    const account = address === null ? undefined : section.accounts.get(address.toLowerCase())
    if (account !== undefined) return account.words
  }
  return null
}
