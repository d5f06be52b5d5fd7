/**
 * Files mail from elsewhere into an inbox, by the way that mail from the network goes: into the spool, through the parser, into the inbox. So it is threaded and
 * found like any other, and what was taken is there whatever happens next.
 */

import { createHash } from 'node:crypto'
import { MailError } from '../errors.ts'
import type { FoundInbox } from '../operating-store.ts'
import type { Receiver } from '../receiver.ts'
import type { Store } from '../store.ts'
import { IMPORT_BATCH_BYTES, IMPORT_BATCH_MAILS, IMPORT_PAGE_ROWS } from './limits.ts'
import type { SourcedMail } from './mail-source.ts'
import type { ReadMail } from './mbox-reader.ts'
import { formatCount } from './shown.ts'

/** What an import is made of. */
export type ImportParts = {
  source: AsyncIterable<SourcedMail>
  inbox: FoundInbox
  store: Pick<Store, 'listStored' | 'listSpooledHashes'>
  receiver: Pick<Receiver, 'accept' | 'confirm'>
  /** Resolves when what was accepted is filed. */
  idle(): Promise<void>
  now(): number
  onProgress(counts: ImportCounts, done: number): void
  signal: AbortSignal
}

/** What became of the messages. */
export type ImportCounts = {
  imported: number
  /** The same bytes are in the inbox, or came before. */
  known: number
  /** Larger than what is received. */
  tooLarge: number
}

/**
 * Takes what the inbox does not have, byte for byte: begun again after an interruption, it goes on where it was.
 * @throws MailError inbox_suspended, store_unavailable, and what the source throws
 */
export async function importMail(parts: ImportParts): Promise<ImportCounts> {
  const { inbox, source, signal, onProgress } = parts
  if (inbox.status !== 'active')
    throw new MailError('inbox_suspended', `${inbox.address} is suspended: inbox-mcp inboxes resume.`)
  const known = await findKnown(parts)
  const counts: ImportCounts = { imported: 0, known: 0, tooLarge: 0 }
  let batch: Extract<ReadMail, { raw: Buffer }>[] = []
  let batchBytes = 0
  const takeBatch = async () => {
    await takeAll(parts, batch)
    counts.imported += batch.length
    batch = []
    batchBytes = 0
  }
  for await (const { mail, done } of source) {
    signal.throwIfAborted()
    if ('tooLargeBytes' in mail) counts.tooLarge += 1
    else if (known.has(mail.raw)) counts.known += 1
    else {
      known.add(mail.raw)
      batch.push(mail)
      batchBytes += mail.raw.length
    }
    if (batch.length >= IMPORT_BATCH_MAILS || batchBytes >= IMPORT_BATCH_BYTES) await takeBatch()
    onProgress(counts, done)
  }
  await takeBatch()
  return counts
}

/** The last line, with its line end. */
export function renderImport({ imported, known, tooLarge }: ImportCounts, address: string, maxBytes: number): string {
  const more = [
    ...(known > 0 ? [`${formatCount(known, 'message')} passed over that it had already`] : []),
    ...(tooLarge > 0
      ? [`${formatCount(tooLarge, 'message')} left out that --max-message-bytes (${maxBytes}) does not allow`]
      : []),
  ]
  return `${[`${formatCount(imported, 'message')} imported into ${address}`, ...more].join(', ')}.\n`
}

/** All at once, so that they share a commit; filed before the next batch is read, so that memory stays small. */
async function takeAll({ inbox, receiver, idle, now }: ImportParts, batch: readonly { raw: Buffer; envelopeFrom: string }[]) {
  const recipients = [{ inboxId: inbox.id, address: inbox.address, tag: null }]
  const taken = await Promise.all(
    batch.map(({ raw, envelopeFrom }) =>
      // Nothing is known of how it came: without an address whoever checks the sender finds nothing that would vouch for it.
      receiver.accept({ from: envelopeFrom, recipients, helo: '', remoteAddress: '', receivedAt: now() }, raw),
    ),
  )
  // Nobody sends it a second time; what is imported again is known by its bytes.
  for (const { id } of taken) receiver.confirm(id)
  await idle()
}

/** What is in the inbox, or on its way there. Half of each hash is enough, and holds a million messages in 100 MB. */
class KnownMail {
  readonly #hashes = new Set<string>()

  addHash(contentHash: string): void {
    this.#hashes.add(contentHash.slice(0, 32))
  }

  add(raw: Uint8Array): void {
    this.addHash(hash(raw))
  }

  has(raw: Uint8Array): boolean {
    return this.#hashes.has(hash(raw).slice(0, 32))
  }
}

function hash(raw: Uint8Array): string {
  return createHash('sha256').update(raw).digest('hex')
}

/** The spool first: what is filed meanwhile is found in the inbox. */
async function findKnown({ store, inbox }: ImportParts): Promise<KnownMail> {
  const known = new KnownMail()
  for (const contentHash of await store.listSpooledHashes(inbox.id)) known.addHash(contentHash)
  for (let after = 0; ; ) {
    const page = await store.listStored(inbox.id, after, IMPORT_PAGE_ROWS)
    for (const { contentHash } of page) known.addHash(contentHash)
    if (page.length < IMPORT_PAGE_ROWS) return known
    after = page.at(-1)?.seq ?? after
  }
}
