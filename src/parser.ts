/** The port to whatever turns raw mail into fields. Implemented in `mime/`, in a worker that may be killed. */

import type { MailFacts } from './mail-facts.ts'
import type { Packed } from './mail-text.ts'
import type { Report } from './report.ts'
import type { TextPiece } from './text-piece.ts'

/** A part of a message that is not its text. Its position in the list, counted from 1, is its id. */
export type ParsedAttachment = {
  /** Cleaned of control, bidi and path characters; null where the mail names none. */
  readonly filename: string | null
  readonly contentType: string
  /** Bytes after decoding. */
  readonly size: number
}

/** What could be read of a message. Every string is free of control characters; body texts keep line feeds and tabs. */
export type ParsedMail = {
  /** Bare address of the first From; empty when there is none to read. */
  readonly fromAddress: string
  readonly fromName: string | null
  readonly replyToAddresses: readonly string[]
  readonly toAddresses: readonly string[]
  readonly ccAddresses: readonly string[]
  readonly subject: string
  /** With angle brackets; null when the mail has none. */
  readonly messageIdHeader: string | null
  readonly inReplyTo: string | null
  /** Oldest first. */
  readonly references: readonly string[]
  /** What the Date header claims, milliseconds UTC; null when absent or unreadable. */
  readonly sentAt: number | null
  /**
   * Readable text: the text part, or the HTML part turned into text, its links marked [n] and listed at the end. Whole: `facts.folds` says what a reader
   * may be spared.
   */
  readonly bodyText: string
  readonly bodyHtml: string | null
  readonly attachments: readonly ParsedAttachment[]
  /**
   * Sent by a machine, as its headers say: Auto-Submitted other than `no` (RFC 3834), or Precedence bulk, junk or auto_reply;
   * `list` with List-Id, List-Unsubscribe or Precedence list (RFC 2919, RFC 2369).
   */
  readonly automatic: 'auto-submitted' | 'list' | null
  /** What could not be read, in our words, one sentence each; empty when all could. */
  readonly problems: readonly string[]
  readonly facts: MailFacts
}

/** An attachment, decoded. */
export type AttachmentFile = {
  readonly bytes: Uint8Array
  /** Of the bytes, lower-case hex. */
  readonly sha256: string
  /** The type that the bytes show; null when they show none. */
  readonly sniffedType: string | null
  /** The mail declares another type than its bytes show. */
  readonly typesDisagree: boolean
}

/** An attachment as text: a piece of it, or why there is none. */
export type AttachmentText =
  /** `isShortened`: the rest is in the attachment only. */
  | { readonly kind: 'text'; readonly piece: TextPiece; readonly isShortened: boolean }
  | { readonly kind: 'binary'; readonly sniffedType: string | null }
  | { readonly kind: 'past-end' }

/** Reads mail. Nothing a sender writes makes a method reject, hang or grow without end. */
export interface Parser {
  /**
   * Never rejects because of the mail: what cannot be parsed within the time and memory cap comes back with the headers that
   * could be read and a sentence in `problems`. Rejects only after `close`. Takes the bytes as they are and leaves them alone.
   * Long texts come as bytes, to be handed on as they are.
   */
  parse(raw: Uint8Array): Promise<Packed<ParsedMail>>

  /** The delivery-status or complaint report that this is; null for ordinary mail. Never rejects because of the mail. */
  report(raw: Uint8Array): Promise<Report | null>

  /** An attachment by its id; null when there is none or it cannot be decoded within the caps. */
  attachment(raw: Uint8Array, attachmentId: string): Promise<AttachmentFile | null>

  /** The same as text: at most `maxBytes` of UTF-8 from `offset` on. */
  attachmentText(
    raw: Uint8Array,
    attachmentId: string,
    range: { offset: number; maxBytes: number },
  ): Promise<AttachmentText | null>

  /** Ends the worker. Pending calls reject. */
  close(): Promise<void>
}
