/** Looks at DNS that wait their turn: bounded as a whole, and by agent, so that one agent that asks and asks keeps no other from its answer for long. */

import {
  DOMAIN_LOOKUP_DEADLINE_MS,
  MAX_DOMAIN_LOOKUPS,
  MAX_WAITING_DOMAIN_LOOKUPS,
  MAX_WAITING_DOMAIN_LOOKUPS_PER_AGENT,
} from '../domain-limits.ts'
import { MailError } from '../errors.ts'

type Waiting = { readonly agent: string; readonly begin: () => void }

/** Runs looks, MAX_DOMAIN_LOOKUPS at a time; what waits is taken by turns of the agents, those first that have the least under way. */
export class LookupQueue {
  readonly #waiting: Waiting[] = []
  /** How many each agent has under way; none of them 0. */
  readonly #underWay = new Map<string, number>()

  /** @throws MailError busy, with `retryAfterSeconds`, when too many wait already */
  async run<Result>(agent: string, look: () => Promise<Result>): Promise<Result> {
    if (this.#count() >= MAX_DOMAIN_LOOKUPS) await this.#wait(agent)
    else this.#begin(agent)
    try {
      return await look()
    } finally {
      this.#end(agent)
    }
  }

  #count(): number {
    return [...this.#underWay.values()].reduce((sum, count) => sum + count, 0)
  }

  async #wait(agent: string): Promise<void> {
    const own = this.#waiting.filter((each) => each.agent === agent).length
    if (own >= MAX_WAITING_DOMAIN_LOOKUPS_PER_AGENT || this.#waiting.length >= MAX_WAITING_DOMAIN_LOOKUPS) {
      throw refuse(this.#waiting.length)
    }
    await new Promise<void>((resolve) => this.#waiting.push({ agent, begin: resolve }))
  }

  #begin(agent: string): void {
    this.#underWay.set(agent, (this.#underWay.get(agent) ?? 0) + 1)
  }

  /** Whose turn it is has its place at once: nobody slips in between. */
  #end(agent: string): void {
    const left = (this.#underWay.get(agent) ?? 1) - 1
    if (left === 0) this.#underWay.delete(agent)
    else this.#underWay.set(agent, left)
    const [next] = this.#waiting.toSorted((a, b) => this.#rank(a) - this.#rank(b))
    if (next === undefined) return
    this.#waiting.splice(this.#waiting.indexOf(next), 1)
    this.#begin(next.agent)
    next.begin()
  }

  #rank({ agent }: Waiting): number {
    return this.#underWay.get(agent) ?? 0
  }
}

/** So long at most until all that wait have had their turn. */
function refuse(waiting: number): MailError {
  const retryAfterSeconds = Math.ceil(((waiting / MAX_DOMAIN_LOOKUPS) * DOMAIN_LOOKUP_DEADLINE_MS) / 1_000)
  return new MailError('busy', 'Too many domains are being looked up at this moment; DNS was not asked.', {
    hint: `Call verify_domain again in ${retryAfterSeconds} seconds. Every domain is looked up daily without that too.`,
    facts: { retryAfterSeconds },
  })
}
