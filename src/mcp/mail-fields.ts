/** The fields of a mail, each quoted on one line and cut, so that no sender decides what a line says or how long an answer gets. */

import { MAX_ADDRESS_BYTES, MAX_FILENAME_CHARS, MAX_MESSAGE_ID_CHARS, MAX_ROW_ITEMS, MAX_SHOWN_ITEMS } from '../limits.ts'
import type { Attachment, MessageSummary, Thread } from '../model.ts'
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

/** `#1 "name" ("type", 3 bytes)` of each, up to MAX_SHOWN_ITEMS. */
export function describeAttachments(attachments: readonly Attachment[]): string {
  const shown = attachments.slice(0, MAX_SHOWN_ITEMS).map(({ id, filename, contentType, size }) => {
    const name = filename === null ? '' : ` ${quoteField(filename, MAX_FILENAME_CHARS)}`
    return `#${id}${name} (${quoteField(contentType, ROW_FIELD_CHARS)}, ${count(size, 'byte')})`
  })
  return [...shown, ...describeOmitted(attachments)].join(', ')
}

/** One address. */
export function quoteAddress(address: string): string {
  return quoteField(address, MAX_ADDRESS_BYTES)
}

/** Addresses of one header, up to MAX_SHOWN_ITEMS. */
export function quoteAddresses(addresses: readonly string[]): string {
  return [...addresses.slice(0, MAX_SHOWN_ITEMS).map(quoteAddress), ...describeOmitted(addresses)].join(', ')
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
export function shorten(message: MessageSummary, most: number) {
  const { toAddresses, ccAddresses, replyToAddresses, attachments } = message
  const lists = { toAddresses, ccAddresses, replyToAddresses, attachments }
  const omitted = Object.entries(lists)
    .filter(([, items]) => items.length > most)
    .map(([name, items]) => [name, items.length - most] as const)
  return {
    toAddresses: toAddresses.slice(0, most),
    ccAddresses: ccAddresses.slice(0, most),
    replyToAddresses: replyToAddresses.slice(0, most),
    attachments: attachments.slice(0, most),
    ...(omitted.length > 0 && { omitted: Object.fromEntries(omitted) }),
  }
}

/** A row of a list with its lists and every text in it cut, so that no sender decides how long an answer gets. */
export function shortenRow(row: MessageSummary): MessageSummary {
  const { attachments, toAddresses, ccAddresses, replyToAddresses, ...omitted } = shorten(row, MAX_ROW_ITEMS)
  const names = (values: readonly string[]) => values.map((value) => clip(value, ROW_NAME_CHARS))
  return {
    ...row,
    // Never cut: whose domain it is shows at its end, and no address of a mail is longer.
    fromAddress: clip(row.fromAddress, MAX_ADDRESS_BYTES),
    fromName: row.fromName === null ? null : clip(row.fromName, ROW_NAME_CHARS),
    toAddresses: names(toAddresses),
    ccAddresses: names(ccAddresses),
    replyToAddresses: names(replyToAddresses),
    subject: clip(row.subject, ROW_FIELD_CHARS),
    snippet: clip(row.snippet, ROW_FIELD_CHARS),
    messageIdHeader: row.messageIdHeader === null ? null : clip(row.messageIdHeader, ROW_FIELD_CHARS),
    labels: names(row.labels),
    attachments: attachments.map((attachment) => ({
      ...attachment,
      filename: attachment.filename === null ? null : clip(attachment.filename, ROW_NAME_CHARS),
      contentType: clip(attachment.contentType, ROW_NAME_CHARS),
    })),
    ...omitted,
  }
}

/** A thread as a row: its subject is that of a mail. */
export function shortenThread(thread: Thread): Thread {
  return { ...thread, subject: clip(thread.subject, ROW_FIELD_CHARS) }
}

function describeOmitted(items: readonly unknown[]): string[] {
  return items.length > MAX_SHOWN_ITEMS ? [`and ${items.length - MAX_SHOWN_ITEMS} more`] : []
}
