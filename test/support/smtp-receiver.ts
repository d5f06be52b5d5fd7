/** A post office in memory that does what a test tells it, and remembers what it was asked and told. */

import type { Envelope } from '../../src/model.ts'
import type { Receiver, RecipientAnswer, Refusal, RefusalReason } from '../../src/receiver.ts'

/** What becomes of one message: taken, rejected with an error, or not answered until the test settles it. */
export type Script = 'take' | Error | Promise<void>

export class ScriptedReceiver implements Receiver {
  /** Address to answer; everything else is unknown. */
  readonly inboxes = new Map<string, RecipientAnswer | Error | Promise<RecipientAnswer>>()
  /** For the messages to come, in their order; then `take`. */
  readonly scripts: Script[] = []
  readonly asked: string[] = []
  readonly taken: { id: string; envelope: Envelope; raw: Buffer }[] = []
  readonly confirmed: string[] = []
  readonly released: string[] = []
  readonly refusals: [address: string, reason: RefusalReason][] = []
  /** Of the last one, all that was said of the session. */
  lastRefusal: Refusal | null = null
  #offered = 0
  #watchers: { isMet: () => boolean; resolve: () => void }[] = []

  constructor(...addresses: string[]) {
    for (const address of addresses) this.addInbox(address)
  }

  addInbox(address: string, inboxId = `inbox of ${address}`): void {
    this.inboxes.set(address, { accepted: true, recipient: { inboxId, address, tag: null } })
  }

  /** How many messages were handed over, taken or not. */
  get offered(): number {
    return this.#offered
  }

  async accepts(address: string): Promise<RecipientAnswer> {
    this.asked.push(address)
    this.#tell()
    const answer = await this.inboxes.get(address)
    if (answer instanceof Error) throw answer
    return answer ?? { accepted: false, reason: 'unknown' }
  }

  async accept(envelope: Envelope, raw: Uint8Array): Promise<{ id: string }> {
    this.#offered += 1
    const id = `message-${this.#offered}`
    this.#tell()
    const script = this.scripts.shift() ?? 'take'
    if (script instanceof Error) throw script
    if (script !== 'take') await script
    this.taken.push({ id, envelope, raw: Buffer.from(raw) })
    this.#tell()
    return { id }
  }

  confirm(id: string): void {
    this.confirmed.push(id)
    this.#tell()
  }

  release(id: string): void {
    this.released.push(id)
    this.#tell()
  }

  refused(refusal: Refusal): void {
    this.refusals.push([refusal.address, refusal.reason])
    this.lastRefusal = refusal
    this.#tell()
  }

  /** Resolves once something it was asked or told makes `isMet` true. */
  until(isMet: () => boolean): Promise<void> {
    if (isMet()) return Promise.resolve()
    return new Promise((resolve) => this.#watchers.push({ isMet, resolve }))
  }

  #tell(): void {
    const watchers = this.#watchers
    this.#watchers = []
    for (const watcher of watchers) {
      if (watcher.isMet()) watcher.resolve()
      else this.#watchers.push(watcher)
    }
  }
}
