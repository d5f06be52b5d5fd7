/** The part of the store that its owner and the works behind the scenes use: what is in it, what is to go, what can be kept in less room. */

/** What a store holds, of all agents. Times in milliseconds. */
export type StoreSummary = {
  schemaVersion: number
  inboxes: number
  suspendedInboxes: number
  messages: number
  /** When the newest message was filed; null without one. */
  newestAt: number | null
  /** Accepted and not yet filed. */
  spooled: number
  /** When the oldest of these came; null without one. */
  spooledSince: number | null
  /** Deliveries that are not ended. */
  openDeliveries: number
  /** Deliveries that may have arrived. */
  unknownDeliveries: number
  /** Bytes of the file in use; the rest of it is used again. */
  usedBytes: number
}

/** An inbox, whoever owns it. */
export type FoundInbox = {
  id: string
  address: string
  agent: string
  status: 'active' | 'suspended'
  /** The seq of its newest message. */
  cursor: number
  messages: number
}

/** A message, as an export and an import look for it. */
export type StoredMail = {
  id: string
  seq: number
  /** SHA-256 of its raw bytes, hex. */
  contentHash: string
  /** When it was filed. */
  createdAt: number
}

/** What is kept no longer. Null where that is no reason. */
export type ExpiryRules = {
  /** Messages filed before this go. */
  before: number | null
  /** The oldest messages go while more bytes of the file than this are in use. */
  mostBytes: number | null
}

/** Raw bytes that may be kept in less room. */
export type UnpackedMail = { contentHash: string; raw: Uint8Array }

/** What became of them; null where they stay as they are. */
export type PackedMail = { contentHash: string; packed: Uint8Array | null }

/** Methods hold to what the head of store.ts says. None acts for an agent: they are for the owner, and for what works behind the scenes. */
export interface OperatingStore {
  summarize(): Promise<StoreSummary>
  /** By id or by address without its tag; null when there is none. */
  findAnyInbox(ref: string): Promise<FoundInbox | null>
  /** Messages of an inbox after `after`, in the order of `seq`. */
  listStored(inboxId: string, after: number, limit: number): Promise<StoredMail[]>
  /** The raw bytes and the return path of a message, whoever owns it; null when it is gone. */
  getStored(inboxId: string, messageId: string): Promise<{ raw: Uint8Array; envelopeFrom: string } | null>
  /** Content hashes of what waits in the spool for this inbox. */
  listSpooledHashes(inboxId: string): Promise<string[]>
  /**
   * Removes some of what is kept no longer, oldest first, as `deleteMessage` would: at most DELETE_CHUNK_ROWS rows of it. What has a delivery that is not
   * ended stays. Answers how many messages went, and whether there may be more.
   */
  removeExpired(rules: ExpiryRules): Promise<{ removed: number; isDone: boolean }>
  /**
   * Raw bytes of messages filed before `before` that nobody has tried to pack, oldest first: PACK_STEP_BYTES of them, or one message. `until` is what to
   * tell `keepPacked`; null when there is nothing to do.
   */
  listUnpacked(before: number): Promise<{ mail: UnpackedMail[]; until: number | null }>
  /** Keeps bytes packed from now on; reading answers the same bytes as before. What was filed up to `until` is not tried again. */
  keepPacked(mail: readonly PackedMail[], until: number): Promise<void>
}
