/**
 * The port to persistence. Each method is one atomic step: when its promise resolves, what it did is on disk and visible to every
 * process that shares the store; when it rejects, nothing of it happened. There is no transaction to hold open.
 *
 * Every method that serves a caller names the agent it acts for, and finds nothing of any other agent: not by id, not by address.
 * What is missing and what belongs to somebody else is the same error. A clock is never read here: times are passed in.
 */

import type { DomainStore } from './domain-store.ts'
import type { Packed } from './mail-text.ts'
import type { DeletedInbox, Envelope, Inbox, Message, MessageSummary, Page, PageRequest, Recipient } from './model.ts'
import type { OperatingStore } from './operating-store.ts'
import type { ParsedMail } from './parser.ts'
import type { SearchQuery } from './search/query.ts'
import type { SenderVerdict } from './sender-check.ts'
import type { SendingStore } from './sending-store.ts'
import type { SessionLog } from './session-log.ts'

/** An inbox by its `id` or its `address`. */
export type InboxRef = string

/** An inbox with the `seq` of its newest message (0 while there is none): the cursor from which to wait. */
export type InboxAndCursor = {
  inbox: Inbox
  cursor: number
  /** Why it is suspended, one sentence of ours; null while it is not. */
  suspendedReason: string | null
}

/** A row of a new inbox, every rule already applied. */
export type NewInbox = {
  id: string
  /** Canonical: lower case, domain as A-labels, no tag. */
  address: string
  displayName: string | null
  domainId: string | null
  dailySendLimit: number
  createdAt: number
  /** The same key with the same `fingerprint` answers the inbox that it made, as it is now, for IDEMPOTENCY_KEPT_MS. */
  idempotency: { key: string; fingerprint: string } | null
}

/** Raw mail with its envelope, as the SMTP listener hands it over. */
export type IncomingMail = {
  id: string
  envelope: Envelope
  /** Taken away where it is larger than MAX_HANDED_OVER_BYTES, has memory of its own, and is not leased. */
  raw: Uint8Array
  /** SHA-256 of `raw`, hex. */
  contentHash: string
  /** Same for the same return path, recipients (inbox and address) and bytes: recognises a sender's second try. */
  fingerprint: string
  /** Acceptances of this fingerprint that are open in this process, and no others of its are: what the store knows of them may be old. */
  openIds: readonly string[]
  /** The process that takes it and that has the session, and until when nobody else may file it. */
  leaseOwner: string
  leaseUntil: number
}

/** Whether mail was taken, or recognised as the second try of a sender that never heard our answer to the first. */
export type Acceptance = {
  /** The id to confirm; that of the first try when this was a second. */
  id: string
  duplicate: boolean
}

/** An acceptance that the session of a try held open; the first try has the acceptance's id, a second one the id of the mail that it brought. */
export type OpenTry = { id: string; tryId: string }

/** Mail accepted and durable, not yet filed. */
export type SpooledMail = {
  id: string
  envelope: Envelope
  raw: Uint8Array
}

/** Ids for what filing may have to make, one pair per recipient, in the envelope's order; of recipients filed as one, the first one's serve. */
export type FilingIds = readonly { messageId: string; threadId: string }[]

/** A message that has just appeared in an inbox. */
export type Filed = { inboxId: string; messageId: string; seq: number }

/** What a wait looks for. Each text is a part of the field, compared without regard to case (Unicode); all must hold. */
export type MessageFilter = {
  /** In the sender's address or name. */
  from?: string
  subject?: string
  /** In the subject or the readable text. */
  contains?: string
}

/** A message of a wait that timed out: it came, but was not what was asked for. */
export type NearMiss = {
  messageId: string
  seq: number
  /** Which conditions it failed; `read` when it matched but somebody had read it. */
  failed: readonly ('from' | 'subject' | 'contains' | 'read')[]
  fromAddress: string
  fromName: string | null
  subject: string
}

/** Whether mail came into an inbox; `after` is the newest `seq` known, null when none is. */
export type NewMailQuestion = { readonly inboxId: string; readonly after: number | null }

/** Mail that came into an inbox of the agent: inbound, and still unread. */
export type NewMail = {
  inboxId: string
  address: string
  /** MAX_COUNTED_NEW_MAIL at most; `isMore` when there is more. */
  count: number
  isMore: boolean
  /** The newest `seq` of the inbox. */
  cursor: number
}

/** Which bodies of a message to answer. */
export type WantedBodies = 'none' | 'text' | 'html' | 'both'

/** What to change of a message; what is absent stays. */
export type MessageChange = {
  read?: boolean
  addLabels?: readonly string[]
  removeLabels?: readonly string[]
}

/** An inbox that receives. `mailGoesElsewhere`: DNS leads mail for its domain to another server; what comes here all the same is taken. */
export type FoundRecipient = { inboxId: string; status: Inbox['status']; mailGoesElsewhere?: true }

/** See the head of this file for what every method holds to. */
export interface Store extends SendingStore, SessionLog, OperatingStore, DomainStore {
  /** A random UUID made once, when the store was: two processes with the same one share it. Empty until the store is open. */
  readonly storeId: string

  // Inboxes

  /**
   * Makes an inbox, or answers the one that the same idempotency key made (unless that is gone: then makes a new one).
   * @throws MailError address_taken, conflict (same key, other fingerprint), domain_not_found, domain_not_verified (`domainId`, receiving)
   */
  createInbox(agent: string, inbox: NewInbox): Promise<InboxAndCursor>
  /** Newest first. */
  listInboxes(agent: string, page: PageRequest, now: number): Promise<Page<Inbox>>
  /** Addresses of the agent that begin so, in order; for completion. */
  completeAddresses(agent: string, prefix: string, limit: number): Promise<Page<string>>
  /** @throws MailError inbox_not_found */
  getInbox(agent: string, ref: InboxRef, now: number): Promise<InboxAndCursor>
  /**
   * From this step on the inbox is gone for everybody and its address is free; counts say what went with it. The rows themselves
   * are removed by `sweepDeleted`. @throws MailError inbox_not_found
   */
  deleteInbox(agent: string, ref: InboxRef): Promise<DeletedInbox>
  /** Removes at most DELETE_CHUNK_ROWS rows of deleted inboxes; answers whether there is more to do. */
  sweepDeleted(): Promise<boolean>

  // Mail in: for the listener and the spooler, which act for no agent

  /** The inbox that receives for this canonical address without its tag, whoever owns it; null when there is none, or its domain was lost. */
  findRecipient(address: string): Promise<FoundRecipient | null>
  /**
   * Makes raw bytes and envelope durable. Recipients whose inbox has gone or is not active by now are left out, but for return paths of
   * a suspended inbox. A second try (same fingerprint, first one neither confirmed nor open nor older than RETRY_WINDOW_MS) stores nothing and
   * answers the first one's id. Either is open from then on: until it is confirmed or released, or `leaseOwner` has died, whichever comes first. Of those
   * that `leaseOwner` has itself, only `openIds` are.
   * @throws MailError inbox_not_found when no recipient is left
   */
  acceptMail(mail: IncomingMail): Promise<Acceptance>
  /** The senders of these have seen our 250: the same bytes again are new messages. Unknown ids are passed over. */
  confirmMail(ids: readonly string[]): Promise<void>
  /** The sessions of these tries ended, and their senders may not have seen our 250: the same bytes again are a second try. Unknown ones are passed over. */
  releaseMail(tries: readonly OpenTry[]): Promise<void>
  /** Forgets acceptances older than the window; what they would recognise is new mail by then. */
  forgetAcceptances(before: number): Promise<void>
  /**
   * Spooled mail that nobody has a lease on at `now`, oldest first; leased to `owner` until `leaseUntil`. Fewer than `limit` when they are large. A lease
   * that ends later than 2 * SPOOL_LEASE_MS from `now` is none: the clock was set back.
   */
  claimSpool(owner: string, now: number, leaseUntil: number, limit: number): Promise<SpooledMail[]>
  /**
   * Files spooled mail into every recipient inbox that still is there (message, thread, labels, next `seq`) and removes it from the spool,
   * all in this step. Recipients of one inbox get one message: `envelopeTo` is the first of them, its labels are the tags of all (the first
   * MAX_LABELS); one with a `deliveryId` gets its own. Answers what appeared; nothing when another process filed it first. Texts that are bytes are taken
   * away: the caller has them no longer, whatever becomes of the call.
   */
  fileMail(spoolId: string, parsed: Packed<ParsedMail>, ids: FilingIds, now: number): Promise<Filed[]>

  // Messages

  /**
   * Newest first; `after` leaves only those with a greater `seq`. `cursor` is the inbox's newest seq. Of the addresses and attachments of each, the
   * first MAX_LISTED_ITEMS. @throws MailError inbox_not_found
   */
  listMessages(
    agent: string,
    ref: InboxRef,
    query: { after: number | null; page: PageRequest },
  ): Promise<Page<MessageSummary> & { cursor: number }>
  /**
   * As `listMessages`, but only what matches; `total` counts all that does. Of bodies the first MAX_INDEXED_CHARS are searched. What is not indexed yet is
   * indexed first, one step of it a call: while more is left `isComplete` is false, nothing was searched, and the caller calls again.
   * @throws MailError inbox_not_found
   */
  searchMessages(
    agent: string,
    ref: InboxRef,
    search: SearchQuery,
    query: { after: number | null; page: PageRequest },
  ): Promise<Page<MessageSummary> & { cursor: number; isComplete: boolean }>
  /**
   * Makes up to INDEX_STEP_ROWS messages, of whatever inbox, ready to be searched, so that no search has to; answers whether there is more to do. For no
   * agent.
   */
  indexMessages(): Promise<boolean>
  /** Keeps what was found out about the sender of a message. @throws MailError inbox_not_found, message_not_found */
  saveSenderVerdict(agent: string, ref: InboxRef, messageId: string, verdict: SenderVerdict): Promise<void>
  /**
   * Of the bodies, which may have 6 MB each, those asked for, or both: another is empty, but null where there is no HTML. Long ones are bytes.
   * @throws MailError inbox_not_found, message_not_found
   */
  getMessage(
    agent: string,
    ref: InboxRef,
    messageId: string,
    options: { markRead: boolean; bodies?: WantedBodies },
  ): Promise<Packed<Message>>
  /** The raw bytes as they were received. @throws MailError inbox_not_found, message_not_found */
  getRaw(agent: string, ref: InboxRef, messageId: string): Promise<Uint8Array>
  /**
   * The oldest inbound unread message after `after` that matches, marked read in this step, so that of two waiters one gets it.
   * `cursor` is the seq of the message taken, or the inbox's newest seq when there is none. One call looks at SCAN_STEP_ROWS messages, and
   * SCAN_STEP_CHARS of their text, at most: where there are more, `isComplete` is false, `cursor` the seq of the last one looked at, and the
   * caller goes on from there. Of its bodies the message has the text, as `getMessage` answers it. @throws MailError inbox_not_found, inbox_suspended is not thrown here
   */
  takeMessage(
    agent: string,
    ref: InboxRef,
    filter: MessageFilter,
    after: number,
  ): Promise<{ message: Packed<Message> | null; cursor: number; isComplete: boolean }>
  /**
   * Inbound messages after `after` that a wait with this filter did not take, newest first, and why. Of those that are not among the newest
   * SCAN_STEP_ROWS, or lie behind SCAN_STEP_CHARS of text, nothing is said.
   */
  listNearMisses(agent: string, ref: InboxRef, filter: MessageFilter, after: number, limit: number): Promise<NearMiss[]>
  /**
   * Of these inboxes, those that the agent has, in the order asked: unread mail after `after`, or, where that is null, filed at `since` or later. Says nothing
   * of the others.
   */
  countNewMail(agent: string, inboxes: readonly NewMailQuestion[], since: number): Promise<NewMail[]>
  /** @throws MailError inbox_not_found, message_not_found, invalid_argument (more than MAX_LABELS) */
  updateMessage(agent: string, ref: InboxRef, messageId: string, change: MessageChange): Promise<MessageSummary>
  /** Removes one message for good; its raw bytes go with their last reader. @throws MailError inbox_not_found, message_not_found */
  deleteMessage(agent: string, ref: InboxRef, messageId: string): Promise<void>
  /** Message ids of an inbox that begin so, newest first; for completion. @throws MailError inbox_not_found */
  completeMessageIds(agent: string, ref: InboxRef, prefix: string, limit: number): Promise<Page<string>>

  /** Finishes what was begun and closes the file. Later calls reject with store_unavailable. */
  close(): Promise<void>
}

/** Re-exported so that an implementation needs one import. */
export type { Recipient }
