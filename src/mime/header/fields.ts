/** Header block -> the fields of a message that stand in its header, and what was wrong with them, in our words. */

import { MAX_HEADER_ADDRESSES, MAX_REFERENCES, MAX_SUBJECT_CHARS } from '../../limits.ts'
import { NO_FACTS } from '../../mail-facts.ts'
import type { ParsedMail } from '../../parser.ts'
import { viewBytes } from '../bytes.ts'
import { decodeText } from '../charset.ts'
import { cleanLabel, clipChars } from '../clean.ts'
import { type AddressList, parseAddresses } from './addresses.ts'
import { readAutomatic } from './automatic.ts'
import { parseDate } from './dates.ts'
import { decodeEncodedWords } from './encoded-words.ts'
import { type FieldName, type HeaderBlock, type HeaderBounds, splitHeader } from './headers.ts'
import { readMessageId, readReferences } from './message-ids.ts'

/** What a header says of a message; the rest is in its body. */
export type HeaderFields = Omit<ParsedMail, 'bodyText' | 'bodyHtml' | 'attachments' | 'facts'>

/** The fields as people write them, for sentences about them. */
const TITLES = {
  from: 'From',
  'reply-to': 'Reply-To',
  to: 'To',
  cc: 'Cc',
  subject: 'Subject',
  date: 'Date',
  'message-id': 'Message-ID',
  'in-reply-to': 'In-Reply-To',
  references: 'References',
} as const satisfies Partial<Record<FieldName, string>>

type TitledField = keyof typeof TITLES

/** RFC 5322 section 3.6: at most one of each. A second From shows one reader another sender than the next. */
const SINGLE_FIELDS = ['from', 'subject', 'date', 'message-id'] as const

/** Reads what the header says. Never throws and never looks at the body. */
export function readFields(block: HeaderBlock): HeaderFields {
  const problems = [...block.problems]
  for (const name of SINGLE_FIELDS) {
    const count = block.fields.get(name)?.length ?? 0
    if (count > 1) problems.push(`The message has ${count} ${TITLES[name]} headers; the first one was read.`)
  }
  const from = readAddresses(block, 'from', problems)
  const [sender] = from.addresses
  if (!sender) problems.push('The message names no sender address.')
  if (from.addresses.length > 1) problems.push('The From header names several senders; the first one was read.')
  return {
    fromAddress: sender?.address ?? '',
    fromName: sender ? sender.name : from.firstName,
    replyToAddresses: bareAddresses(readAddresses(block, 'reply-to', problems)),
    toAddresses: bareAddresses(readAddresses(block, 'to', problems)),
    ccAddresses: bareAddresses(readAddresses(block, 'cc', problems)),
    subject: readSubject(block, problems),
    messageIdHeader: readId(block, 'message-id', problems),
    inReplyTo: readId(block, 'in-reply-to', problems),
    references: readReferenceIds(block, problems),
    sentAt: readDate(block, problems),
    automatic: readAutomatic(block),
    problems,
  }
}

/**
 * What is read of the header of a message that the worker was lost with. That happens on the main thread, where nothing can be ended, and it may
 * have been the header that was too much: so little is harmless whatever it is.
 */
const HEADER_ONLY_BOUNDS: HeaderBounds = { headerBytes: 16_384, fieldBytes: 2_048 }

/**
 * What the beginning of the header alone says of a message whose body must not be touched; `problem` says why. Reads at most
 * HEADER_ONLY_BOUNDS and loads no library, so that it can run beside everything else.
 */
export function readHeaderOnly(raw: Uint8Array, problem: string): ParsedMail {
  // Twice, so that a header that goes on behind its bound is still seen to.
  const beginning = viewBytes(raw.subarray(0, 2 * HEADER_ONLY_BOUNDS.headerBytes))
  const fields = readFields(splitHeader(beginning, HEADER_ONLY_BOUNDS))
  return { ...fields, bodyText: '', bodyHtml: null, attachments: [], problems: [...fields.problems, problem], facts: NO_FACTS }
}

/** The first field of a name, or for address lists all of them as one list (wrong by RFC 5322, and sent); empty when there is none. */
function readValue(block: HeaderBlock, name: TitledField, which: 'first' | 'all'): string {
  const values = block.fields.get(name) ?? []
  const wanted = which === 'first' ? values.slice(0, 1) : values
  return wanted.map((bytes) => decodeText(bytes, null).text).join(',')
}

function readAddresses(block: HeaderBlock, name: 'from' | 'reply-to' | 'to' | 'cc', problems: string[]): AddressList {
  const list = parseAddresses(readValue(block, name, name === 'from' ? 'first' : 'all'), MAX_HEADER_ADDRESSES)
  const hasSender = name !== 'from' || list.addresses.length > 0
  if (list.flaws.has('unreadable') && hasSender) problems.push(`Something in the ${TITLES[name]} header is not an address.`)
  if (list.flaws.has('long-name')) problems.push(`A name in the ${TITLES[name]} header is too long; only its beginning was kept.`)
  if (list.flaws.has('shortened')) {
    problems.push(`The ${TITLES[name]} header has too many addresses; only the first ${MAX_HEADER_ADDRESSES} were kept.`)
  }
  return list
}

function bareAddresses(list: AddressList): string[] {
  return [...new Set(list.addresses.map(({ address }) => address))]
}

function readSubject(block: HeaderBlock, problems: string[]): string {
  const subject = cleanLabel(decodeEncodedWords(readValue(block, 'subject', 'first')))
  if (subject.length > MAX_SUBJECT_CHARS) problems.push('The subject is too long; only its beginning was kept.')
  return clipChars(subject, MAX_SUBJECT_CHARS)
}

function readId(block: HeaderBlock, name: 'message-id' | 'in-reply-to', problems: string[]): string | null {
  const value = readValue(block, name, 'first')
  const id = readMessageId(value)
  if (id === null && value.trim() !== '') problems.push(`The ${TITLES[name]} header could not be read.`)
  return id
}

function readReferenceIds(block: HeaderBlock, problems: string[]): string[] {
  const { ids, isShortened } = readReferences(readValue(block, 'references', 'all'))
  if (isShortened)
    problems.push(`The References header has too many ids; the first and the newest ${MAX_REFERENCES - 1} were kept.`)
  return ids
}

function readDate(block: HeaderBlock, problems: string[]): number | null {
  const value = readValue(block, 'date', 'first')
  const sentAt = parseDate(value)
  if (sentAt === null && value.trim() !== '') problems.push('The Date header could not be read.')
  return sentAt
}
