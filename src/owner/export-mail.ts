/** Writes an inbox as an mbox, one message after the other, so that its size does not matter. */

import type { FoundInbox } from '../operating-store.ts'
import type { Store } from '../store.ts'
import { EXPORT_PAGE_ROWS } from './limits.ts'
import { writeMboxMail } from './mbox.ts'

/** What is exported, and where to. */
export type ExportParts = {
  store: Pick<Store, 'listStored' | 'getStored'>
  inbox: FoundInbox
  /** Resolves when more may be written. */
  write(chunk: Uint8Array): Promise<void>
  /** How many messages are written. */
  onProgress(count: number): void
  signal: AbortSignal
}

/** Received and sent, in the order in which they came; those that come meanwhile are left out. Answers how many there were. */
export async function exportMail({ store, inbox, write, onProgress, signal }: ExportParts): Promise<number> {
  let count = 0
  let after = 0
  for (;;) {
    const page = await store.listStored(inbox.id, after, EXPORT_PAGE_ROWS)
    for (const { id, seq, createdAt } of page) {
      if (seq > inbox.cursor) return count
      signal.throwIfAborted()
      after = seq
      const stored = await store.getStored(inbox.id, id)
      // Deleted meanwhile.
      if (stored === null) continue
      await write(writeMboxMail({ ...stored, at: createdAt }))
      count += 1
      onProgress(count)
    }
    if (page.length < EXPORT_PAGE_ROWS) return count
  }
}
