/**
 * Tells one connection what changed: new mail in the inboxes it asked about, inboxes made and deleted. A notification is a hint;
 * the client reads again. Hooks nothing before `start` and everything off at `close`.
 */

import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server'
import { MailError } from '../errors.ts'
import { MAX_SUBSCRIPTIONS } from '../limits.ts'
import { describeError, type Log } from '../log.ts'
import type { PostOffice } from '../post-office.ts'
import { parseUri, resourceNotFound } from './uris.ts'

/** Sends the two notifications; a rejection means that the connection is gone. */
export type Notifier = {
  readonly sendUpdated: (uri: string) => Promise<void>
  readonly sendListChanged: () => Promise<void>
}

/** A watched URI: who asked for it, and how to stop. */
type Watch = { readonly holders: Set<string>; stop: () => void }

/** The subscriptions of one connection. A holder is one request for them, so that each can be given up by itself. */
export class Subscriptions {
  readonly #office: { readonly postOffice: PostOffice; readonly agent: string; readonly log: Log }
  readonly #notifier: Notifier
  readonly #watches = new Map<string, Watch>()
  #stopList: (() => void) | null = null
  #closed = false

  constructor(office: { postOffice: PostOffice; agent: string; log: Log }, notifier: Notifier) {
    this.#office = office
    this.#notifier = notifier
  }

  /** Begins to tell about inboxes made and deleted; once. */
  start(): void {
    if (this.#closed || this.#stopList !== null) return
    const { postOffice, agent } = this.#office
    this.#stopList = postOffice.watchInboxes(
      agent,
      this.#merge(() => this.#notifier.sendListChanged()),
    )
  }

  /** Begins to tell about one inbox. @throws ResourceNotFoundError, ProtocolError for a URI that never changes, MailError */
  async add(uri: string, holder: string): Promise<void> {
    const target = parseUri(uri)
    if (target === null) throw resourceNotFound(uri)
    if (target.kind !== 'inbox' && target.kind !== 'messages') {
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'Only an inbox and its messages can be subscribed to')
    }
    const inboxId = await this.#findInbox(uri, target.inbox)
    if (this.#closed) return
    const watch = this.#watches.get(uri) ?? this.#watch(uri, inboxId)
    watch.holders.add(holder)
  }

  /** Stops telling this holder about one URI. */
  remove(uri: string, holder: string): void {
    const watch = this.#watches.get(uri)
    if (watch === undefined || !watch.holders.delete(holder) || watch.holders.size > 0) return
    watch.stop()
    this.#watches.delete(uri)
  }

  /** Stops telling this holder about anything. */
  removeAll(holder: string): void {
    for (const uri of [...this.#watches.keys()]) this.remove(uri, holder)
  }

  /** Ends everything; what comes later does nothing. */
  close(): void {
    this.#closed = true
    this.#stopList?.()
    this.#stopList = null
    for (const { stop } of this.#watches.values()) stop()
    this.#watches.clear()
  }

  async #findInbox(uri: string, ref: string): Promise<string> {
    try {
      return (await this.#office.postOffice.getInbox(this.#office.agent, ref)).id
    } catch (error) {
      if (error instanceof MailError && error.code === 'inbox_not_found') throw resourceNotFound(uri)
      throw error
    }
  }

  #watch(uri: string, inboxId: string): Watch {
    if (this.#watches.size >= MAX_SUBSCRIPTIONS) {
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, `At most ${MAX_SUBSCRIPTIONS} subscriptions on one connection`)
    }
    const stop = this.#office.postOffice.watchInbox(
      inboxId,
      this.#merge(() => this.#notifier.sendUpdated(uri)),
    )
    const watch = { holders: new Set<string>(), stop }
    this.#watches.set(uri, watch)
    return watch
  }

  /** While one notification is on its way, any number of changes make one more: a flood of mail is no flood of notifications. */
  #merge(send: () => Promise<void>): () => void {
    let sending = false
    let again = false
    const notify = async () => {
      if (sending) {
        again = true
        return
      }
      sending = true
      try {
        do {
          again = false
          await send()
        } while (again && !this.#closed)
      } catch (error) {
        // The client left while we wrote; its close hook ends the watch.
        this.#office.log.debug('mcp_notification_lost', { error: describeError(error) })
      } finally {
        sending = false
      }
    }
    return () => void notify()
  }
}
