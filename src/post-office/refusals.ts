/** Deliveries turned away lately, so that a wait can say why nothing came. Bounded, in memory, of this process only. */

import { parseSubAddress } from '../addresses.ts'
import { MAX_REFUSALS_KEPT } from '../limits.ts'
import type { RefusalReason } from '../receiver.ts'

type Refusal = { inboxAddress: string; reason: RefusalReason; atMs: number }

/** The newest refusals; the oldest make room. */
export class Refusals {
  readonly #kept: Refusal[] = []

  /** `address` as the sender named it; what cannot be an inbox of ours is not kept. */
  add(address: string, reason: RefusalReason, atMs: number): void {
    const parsed = parseSubAddress(address)
    if (parsed === null) return
    this.#kept.push({ inboxAddress: parsed.inboxAddress, reason, atMs })
    if (this.#kept.length > MAX_REFUSALS_KEPT) this.#kept.shift()
  }

  /** Refusals of deliveries to this inbox since then, oldest first. */
  since(inboxAddress: string, sinceMs: number): { reason: RefusalReason; at: string }[] {
    return this.#kept
      .filter((refusal) => refusal.inboxAddress === inboxAddress && refusal.atMs >= sinceMs)
      .map(({ reason, atMs }) => ({ reason, at: new Date(atMs).toISOString() }))
  }
}
