/**
 * Every operation and every rule; the only thing the transports call. An operation names the agent it is for and an inbox by id or
 * address; it fails with a MailError or not at all.
 */

import type { Ring } from './arrivals.ts'
import type { DomainOperations } from './domain-operations.ts'
import type { DeliveryExplanation, ExplainInput } from './explanation.ts'
import type { Hidden, MailFacts, MailLink, SenderWarning } from './mail-facts.ts'
import type {
  Attachment,
  DeletedInbox,
  Inbox,
  Message,
  MessageSummary,
  Page,
  PageRequest,
  Quota,
  SentMessage,
  Thread,
} from './model.ts'
import type { AttachmentInput } from './post-office/outgoing-files.ts'
import type { ListenerStatus, RefusalReason } from './receiver.ts'
import type { SenderVerdict } from './sender-check.ts'
import type { Session } from './session-log.ts'
import type { InboxRef, MessageChange, MessageFilter, NearMiss, NewMail, NewMailQuestion } from './store.ts'
import type { TextPiece } from './text-piece.ts'

/** What a new inbox is to be; all of it may be left out. */
export type CreateInboxInput = {
  displayName?: string | undefined
  /** A domain of the agent, by id or name, that receives; that of the server when absent. */
  domainId?: string | undefined
  /** Left of the `@`; generated, short and readable, when absent. */
  localPart?: string | undefined
  idempotencyKey?: string | undefined
}

/** A new inbox, where its mail is received, and the cursor from which to wait. */
export type CreatedInbox = Inbox & {
  /** `smtp://host:port`; null while mail is not received. */
  smtpUrl: string | null
  cursor: number
  /** One line: why mail is not received and what to set; null when it is. */
  notice: string | null
}

/** What is known of a mail that came in, beside its text; see mail-facts.ts and sender-check.ts for what each says. */
export type ReadingFacts = {
  /** Surest first; `expiresAt` is counted from when the message was filed. */
  codes: { code: string; confidence: number; reason: string; expiresAt: string | null }[]
  /** The nth is the one marked [n] in the text. */
  links: MailLink[]
  linksLeftOut: number
  hidden: Hidden[]
  divergence: MailFacts['divergence']
  sender: SenderVerdict & { warnings: SenderWarning[] }
}

/**
 * A piece of one view of a message within a budget: of its text with quoted history and signatures folded to a line each, of its full text, or of its
 * HTML. Tokens are bytes of UTF-8 / BYTES_PER_TOKEN; they and offsets are those of the view asked for.
 */
export type Reading = {
  message: MessageSummary &
    Pick<Message, 'sentAt' | 'envelopeFrom' | 'envelopeTo' | 'inReplyTo'> & {
      /** Whether there is an HTML part to read. */
      hasHtml: boolean
    }
  /** Null for mail of ours. */
  facts: ReadingFacts | null
  /** The piece. */
  text: string
  /** Bytes of the view before the piece. */
  offset: number
  returnedTokens: number
  totalTokens: number
  /** Bytes of the view before the next piece; null when this was the last. */
  nextOffset: number | null
  /** Lines that the whole view folds away; `full` shows them. */
  foldedLines: number
  /** Where in `text` the list of the links begins that a text made from HTML ends with, in UTF-16 units; null when not in this piece. */
  linkListAt: number | null
  /** Bytes of the view before that list; null without one. */
  linkListOffset: number | null
}

/** Which piece of a message to read. */
export type ReadOptions = {
  maxTokens: number
  /** Bytes of the view to pass over; a `nextOffset` of an earlier reading of the same part. */
  offset: number
  /** `text` folds quoted history and signatures, `full` does not; `html` is the source of the HTML part, for who tests a template. */
  part: 'text' | 'full' | 'html'
}

/** A piece of an attachment that is text; `isShortened`: what comes after the end is in the file only. */
export type AttachmentReading = TextPiece & { messageId: string; inboxId: string; attachment: Attachment; isShortened: boolean }

/** An attachment that was written to a file. */
export type SavedAttachment = {
  messageId: string
  /** As the mail declares it. */
  attachment: Attachment
  path: string
  /** The same bytes were there before, under this path. */
  existed: boolean
  size: number
  /** Of the bytes, lower-case hex. */
  sha256: string
  /** By the bytes; null when they show none. */
  sniffedType: string | null
  /** The bytes are not what the mail declares. */
  typesDisagree: boolean
}

/** What to wait for, and how long. */
export type WaitInput = {
  filter: MessageFilter
  /** Only what came later than this cursor; 0 means anything unread. */
  after: number
  timeoutSeconds: number
  /** Of a wait made of several: how long those before it lasted, and whether another follows. Then a time-out says only how far it looked, not why. */
  part?: { waitedBeforeMs: number; isLast: boolean } | undefined
}

/** How a wait and its caller keep in touch. */
export type WaitHooks = {
  /** The caller's abort: the wait rejects with the signal's reason and nothing stays taken. */
  signal: AbortSignal
  /** About once a second, with the seconds waited so far. */
  onProgress?: ((elapsedSeconds: number) => void) | undefined
}

/** A message to be sent. */
export type SendInput = {
  to: readonly string[]
  cc?: readonly string[] | undefined
  bcc?: readonly string[] | undefined
  subject: string
  text: string
  html?: string | undefined
  attachments?: readonly AttachmentInput[] | undefined
  /** Continues this thread. */
  threadId?: string | undefined
  /** No person asked for it: marked Auto-Submitted (RFC 3834), so that machines do not answer. */
  automatic?: boolean | undefined
  idempotencyKey?: string | undefined
}

/** A reply to a message of the same inbox. */
export type ReplyInput = {
  messageId: string
  text: string
  html?: string | undefined
  /** Also to the other recipients. */
  replyAll?: boolean | undefined
  attachments?: readonly AttachmentInput[] | undefined
  /** No person asked for it: marked Auto-Submitted, and refused where the message itself is automatic. */
  automatic?: boolean | undefined
  idempotencyKey?: string | undefined
}

/** What was queued; `repeated` when the same idempotency key had queued it before. */
export type SendResult = SentMessage & { repeated: boolean }

/** A wait for delivery news that ended. */
export type DeliveryWaitResult = { status: 'news' | 'timeout'; sent: SentMessage; waitedSeconds: number }

/** A wait that ended. Time-out is a normal result. */
export type WaitResult =
  | { status: 'received'; reading: Reading; cursor: number }
  | {
      status: 'timeout'
      cursor: number
      waitedSeconds: number
      /** Came during the wait or after `after`, but was not what was asked for. */
      nearMisses: NearMiss[]
      /** Deliveries to this address turned away during the wait or shortly before it: why, and when (ISO 8601). */
      refusals: { reason: RefusalReason; at: string }[]
      /** Addresses that look like this one, are no inbox, and were written to meanwhile; newest first. */
      lookalikes: Pick<Session, 'address' | 'at' | 'count'>[]
      /** Why no mail can come at all; null when it can. */
      notice: string | null
    }

/** What this server is and whether it works; nothing of any agent. */
export type ServerStatus = {
  version: string
  agent: string
  domain: string
  listener: ListenerStatus
  /** `configured` when mail to the outside has somewhere to go. */
  relay: 'none' | 'dry-run' | 'configured'
  /** Whom agents may write to. */
  sendTo: 'anyone' | 'correspondents' | 'list'
  readOnly: boolean
  maxMessageBytes: number
}

/** The operations, for whatever transport. Each is finished and durable when its promise resolves. */
export interface PostOffice extends DomainOperations {
  /** @throws MailError invalid_argument, address_taken, conflict, domain_not_found, domain_not_verified, read_only */
  createInbox(agent: string, input: CreateInboxInput): Promise<CreatedInbox>
  /** Newest first. */
  listInboxes(agent: string, page: PageRequest): Promise<Page<Inbox>>
  /** @throws MailError inbox_not_found; the same for every method below that names an inbox */
  getInbox(agent: string, ref: InboxRef): Promise<Inbox>
  /** For good: messages and threads go with it, the address is free at once. */
  deleteInbox(agent: string, ref: InboxRef): Promise<DeletedInbox>
  checkQuota(agent: string, ref: InboxRef): Promise<Quota>

  /** Newest first; `after` is a cursor, `query` a search (see search/query.ts). @throws MailError invalid_argument (query) */
  listMessages(
    agent: string,
    ref: InboxRef,
    query: { after: number | null; page: PageRequest; query?: string | undefined },
  ): Promise<Page<MessageSummary> & { cursor: number }>
  /** Marks as read. @throws MailError message_not_found; the same for every method below that names a message */
  readMessage(agent: string, ref: InboxRef, messageId: string, options: ReadOptions): Promise<Reading>
  /** As `readMessage` with the default budget, but leaves the message unread: for resources, which a client may prefetch. */
  peekMessage(agent: string, ref: InboxRef, messageId: string): Promise<Reading>
  /** Answers the oldest matching unread message and marks it read; never misses, never repeats. @throws MailError inbox_suspended */
  waitForMessage(agent: string, ref: InboxRef, input: WaitInput, hooks: WaitHooks): Promise<WaitResult>
  /** A message that a wait took and nobody will see is unread again, for the next wait. */
  giveBackMessage(agent: string, ref: InboxRef, messageId: string): Promise<void>
  /**
   * Why there is no mail. An address of another agent's inbox is explained as one that is nobody's. @throws MailError inbox_not_found only for an id, or
   * with `messageId`; message_not_found, invalid_argument
   */
  explainDelivery(agent: string, input: ExplainInput): Promise<DeliveryExplanation>
  updateMessage(agent: string, ref: InboxRef, messageId: string, change: MessageChange): Promise<MessageSummary>
  deleteMessage(agent: string, ref: InboxRef, messageId: string): Promise<void>
  /** The raw bytes as they were received. */
  getRaw(agent: string, ref: InboxRef, messageId: string): Promise<Uint8Array>
  /** @throws MailError attachment_not_found */
  getAttachment(
    agent: string,
    ref: InboxRef,
    messageId: string,
    attachmentId: string,
  ): Promise<{ contentType: string; bytes: Uint8Array }>
  /** Marks nothing as read. @throws MailError attachment_not_found, invalid_argument (no text, offset) */
  readAttachment(
    agent: string,
    ref: InboxRef,
    messageId: string,
    attachmentId: string,
    options: Pick<ReadOptions, 'maxTokens' | 'offset'>,
  ): Promise<AttachmentReading>
  /**
   * Writes it below the download directory, under a safe form of `filename` or of the name the mail gives it; never over anything. Again, it answers the
   * same path. @throws MailError attachment_not_found, read_only, store_unavailable (the directory)
   */
  saveAttachment(
    agent: string,
    ref: InboxRef,
    messageId: string,
    attachmentId: string,
    filename?: string | undefined,
  ): Promise<SavedAttachment>

  /**
   * Queues a message; delivery follows. @throws MailError invalid_argument, inbox_suspended, recipient_not_allowed, daily_limit_reached,
   * relay_not_configured, message_too_large, thread_not_found, attachment_not_found, conflict, read_only, domain_not_verified (its domain was lost)
   */
  sendMessage(agent: string, ref: InboxRef, input: SendInput): Promise<SendResult>
  /** As `sendMessage`, and message_not_found. */
  replyToMessage(agent: string, ref: InboxRef, input: ReplyInput): Promise<SendResult>
  /** A message of ours with what became of each recipient. */
  getSentMessage(agent: string, ref: InboxRef, messageId: string): Promise<SentMessage>
  /** Answers once something has happened to the deliveries of a message after the cursor; at once if it has already. */
  waitForDelivery(
    agent: string,
    ref: InboxRef,
    input: { messageId: string; after: number; timeoutSeconds: number },
    hooks: WaitHooks,
  ): Promise<DeliveryWaitResult>
  /** Newest message first. */
  listThreads(agent: string, ref: InboxRef, page: PageRequest): Promise<Page<Thread>>
  /** Oldest message first. @throws MailError thread_not_found */
  getThread(agent: string, ref: InboxRef, threadId: string, page: PageRequest): Promise<Page<MessageSummary> & { thread: Thread }>

  /** For completion: values that begin so, at most `limit` of them, and how many there are. */
  completeAddresses(agent: string, prefix: string, limit: number): Promise<Page<string>>
  completeMessageIds(agent: string, ref: InboxRef, prefix: string, limit: number): Promise<Page<string>>

  status(agent: string): ServerStatus

  /** Calls back after every change of what the inbox holds, until the answer is called. */
  watchInbox(inboxId: string, listener: (ring: Ring) => void): () => void
  /** Calls back after mail arrived in an inbox, of whatever agent, until the answer is called; `countNewMail` says whose it is. */
  watchMail(listener: (inboxId: string) => void): () => void
  /** Of these inboxes, those of the agent, and how much unread mail came after `after`; see Store. */
  countNewMail(agent: string, inboxes: readonly NewMailQuestion[], since: number): Promise<NewMail[]>
  /** Calls back after an inbox of the agent was made or deleted, until the answer is called. */
  watchInboxes(agent: string, listener: () => void): () => void
}
