/** The fields of a mail, each quoted on one line and cut, so that no sender decides what a line says or how long an answer gets. */

import {
  MAX_ADDRESS_BYTES,
  MAX_FILENAME_CHARS,
  MAX_MESSAGE_ID_CHARS,
  MAX_ROW_ITEMS,
  MAX_SHOWN_ITEMS,
  MAX_SHOWN_LIST_BYTES,
} from '../limits.ts'
import type { Attachment, MessageSummary, Thread } from '../model.ts'
import { measureJson } from './budget.ts'
import { clip, quoteField } from './fence.ts'
import { count } from './render.ts'

/** Characters of a subject, a snippet or a Message-ID in a row of a list; read_message has all of it. */
export const ROW_FIELD_CHARS = 200
/** Characters of a name, a file name, a type or a label there, and of an address that is not the sender's. */
export const ROW_NAME_CHARS = 100

/** `"Name" "address"`, without what is missing. */
export function describePerson(name: string | null, address: string): string {
  const shown = name === null || name === '' ? '' : quoteField(name, ROW_FIELD_CHARS)
  return [shown, address === '' ? '' : quoteAddress(address)].filter((part) => part !== '').join(' ')
}

/** `#1 "name" ("type", 3 bytes)` of each, and how many are not shown. */
export function describeAttachments(attachments: readonly Attachment[], omitted = 0): string {
  const shown = attachments.map(({ id, filename, contentType, size }) => {
    const name = filename === null ? '' : ` ${quoteField(filename, MAX_FILENAME_CHARS)}`
    return `#${id}${name} (${quoteField(contentType, ROW_FIELD_CHARS)}, ${count(size, 'byte')})`
  })
  return [...shown, ...describeOmitted(omitted)].join(', ')
}

/** One address. */
export function quoteAddress(address: string): string {
  return quoteField(address, MAX_ADDRESS_BYTES)
}

/** Addresses of one header, and how many are not shown. */
export function quoteAddresses(addresses: readonly string[], omitted = 0): string {
  return [...addresses.map(quoteAddress), ...describeOmitted(omitted)].join(', ')
}

/** Empty for what the mail does not have. */
export function quoteOptional(value: string | null): string {
  return value === null || value === '' ? '' : quoteField(value, MAX_MESSAGE_ID_CHARS)
}

/** Short values, such as labels. */
export function quoteList(values: readonly string[]): string {
  return values.map((value) => quoteField(value, ROW_FIELD_CHARS)).join(', ')
}

/** The lists of a message that a sender may make long, cut; `omitted` says how many are missing of each. */
export function shorten({ toAddresses, ccAddresses, replyToAddresses, attachments }: MessageSummary) {
  const lists = {
    toAddresses: fitItems(toAddresses),
    ccAddresses: fitItems(ccAddresses),
    replyToAddresses: fitItems(replyToAddresses),
    attachments: fitItems(attachments),
  }
  const omitted = {
    toAddresses: toAddresses.length - lists.toAddresses.length,
    ccAddresses: ccAddresses.length - lists.ccAddresses.length,
    replyToAddresses: replyToAddresses.length - lists.replyToAddresses.length,
    attachments: attachments.length - lists.attachments.length,
  }
  return { lists, omitted }
}

/** Those of the counts that say something, as a structure has them. */
export function structureOmitted(omitted: Readonly<Record<string, number>>) {
  const some = Object.entries(omitted).filter(([, amount]) => amount > 0)
  return some.length === 0 ? {} : { omitted: Object.fromEntries(some) }
}

/** What a row of a list has from the mail, every text in it cut, so that no sender decides how long a row gets. */
export function shortenRow(row: MessageSummary) {
  const names = (values: readonly string[]) => values.map((value) => clip(value, ROW_NAME_CHARS))
  const isOurs = row.direction === 'outbound'
  return {
    // Never cut: whose domain it is shows at its end, and no address of a mail is longer.
    ...(!isOurs && { fromAddress: clip(row.fromAddress, MAX_ADDRESS_BYTES) }),
    ...(!isOurs && row.fromName !== null && row.fromName !== '' && { fromName: clip(row.fromName, ROW_NAME_CHARS) }),
    ...(isOurs && { toAddresses: names(row.toAddresses.slice(0, MAX_ROW_ITEMS)) }),
    ...structureOmitted({ toAddresses: isOurs ? row.toAddresses.length - MAX_ROW_ITEMS : 0 }),
    subject: clip(row.subject, ROW_FIELD_CHARS),
    ...(row.snippet !== '' && { snippet: clip(row.snippet, ROW_FIELD_CHARS) }),
    ...(row.labels.length > 0 && { labels: names(row.labels) }),
  }
}

/** A thread's subject is that of a mail. */
export function shortenSubject({ subject }: Pick<Thread, 'subject'>): string {
  return clip(subject, ROW_FIELD_CHARS)
}

function fitItems<Item>(items: readonly Item[]): Item[] {
  let roomBytes = MAX_SHOWN_LIST_BYTES
  const end = items.slice(0, MAX_SHOWN_ITEMS).findIndex((item) => {
    roomBytes -= measureJson(item) + 1
    return roomBytes < 0
  })
  return items.slice(0, end < 0 ? MAX_SHOWN_ITEMS : end)
}

function describeOmitted(amount: number): string[] {
  return amount > 0 ? [`and ${amount} more`] : []
}
