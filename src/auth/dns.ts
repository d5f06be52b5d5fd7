/** DNS as the check may use it: so many questions, so long, and what was heard is remembered for a while. */

import { Resolver } from 'node:dns/promises'
import {
  DNS_ABSENCE_KEPT_MS,
  DNS_ANSWER_KEPT_MS,
  DNS_TIMEOUT_MS,
  DNS_TRIES,
  MAX_DNS_ANSWER_CHARS,
  MAX_DNS_ANSWERS,
  MAX_LOOKUPS,
} from './limits.ts'

/** Records as node:dns shapes them for each type. */
type Records = readonly unknown[]

/** What was heard: records, or that there are none of this type, or no such name. */
type Answer = { records: Records } | { absence: 'ENODATA' | 'ENOTFOUND' }

const TYPES = new Set(['A', 'AAAA', 'MX', 'TXT', 'PTR', 'CNAME', 'NS'])

/** The servers, and what they answered lately. */
export class Dns {
  readonly #resolver = new Resolver({ timeout: DNS_TIMEOUT_MS, tries: DNS_TRIES, maxTimeout: DNS_TIMEOUT_MS })
  readonly #kept = new Map<string, { answer: Answer; until: number }>()
  #silentUntil = 0

  /** `servers` as `address:port`; null for those of the system. */
  constructor(servers: readonly string[] | null) {
    if (servers !== null) this.#resolver.setServers(servers)
  }

  /** Nothing answered lately: whoever asks now would only wait. */
  get isSilent(): boolean {
    return performance.now() < this.#silentUntil
  }

  /** @throws Error with a code of node:dns where no answer came */
  async ask(name: string, type: string): Promise<Answer> {
    const key = `${type} ${name.toLowerCase()}`
    const kept = this.#kept.get(key)
    if (kept && performance.now() < kept.until) return kept.answer
    const answer = await this.#askServers(name, type)
    this.#keep(key, answer)
    return answer
  }

  /** Whether DNS works at all: the root is there for every resolver that resolves anything. Remembers when it is not. */
  async isAlive(): Promise<boolean> {
    try {
      const answer = await this.ask('.', 'NS')
      return 'records' in answer
    } catch {
      // Whatever went wrong, nothing that DNS says of a mail can be believed now.
      this.#silentUntil = performance.now() + DNS_ABSENCE_KEPT_MS
      return false
    }
  }

  async #askServers(name: string, type: string): Promise<Answer> {
    if (!TYPES.has(type)) throw dnsError('EBADQUERY', 'this type of record is not asked for')
    try {
      const records: unknown = await this.#resolver.resolve(name, type)
      if (JSON.stringify(records).length > MAX_DNS_ANSWER_CHARS) throw dnsError('EBADRESP', 'the answer is too large')
      return { records: Array.isArray(records) ? records : [] }
    } catch (error) {
      const absence = codeOf(error)
      if (absence !== 'ENODATA' && absence !== 'ENOTFOUND') throw error
      return { absence }
    }
  }

  #keep(key: string, answer: Answer): void {
    const isPresent = 'records' in answer
    this.#kept.delete(key)
    this.#kept.set(key, { answer, until: performance.now() + (isPresent ? DNS_ANSWER_KEPT_MS : DNS_ABSENCE_KEPT_MS) })
    // The oldest first: a Map keeps the order in which it was filled.
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= MAX_DNS_ANSWERS) break
      this.#kept.delete(oldest)
    }
  }
}

/** The questions of one check. */
export class Lookups {
  readonly #dns: Dns
  readonly #endsAt: number
  readonly #ended: Promise<never>
  readonly #timer: NodeJS.Timeout
  #asked = 0
  #found = 0
  #missed = 0

  constructor(dns: Dns, budgetMs: number) {
    this.#dns = dns
    this.#endsAt = performance.now() + budgetMs
    const { promise, reject } = Promise.withResolvers<never>()
    this.#timer = setTimeout(() => reject(dnsError('ETIMEOUT', 'the time for DNS is over')), budgetMs)
    // Nobody may be waiting when it is over.
    promise.catch(() => {})
    this.#ended = promise
  }

  /** Whether the time of the check is over, for whatever else takes long. */
  get isOver(): boolean {
    return performance.now() >= this.#endsAt
  }

  /** As `resolve` of node:dns. @throws Error with a code of node:dns; beyond the time and the number of one check ETIMEOUT and EREFUSED */
  readonly resolve = async (name: string, type: string): Promise<unknown[]> => {
    this.#asked += 1
    if (this.#asked > MAX_LOOKUPS) throw dnsError('EREFUSED', 'too many questions')
    if (this.#dns.isSilent || this.isOver) throw dnsError('ETIMEOUT', 'the time for DNS is over')
    const answer = await Promise.race([this.#dns.ask(name, type), this.#ended])
    if ('records' in answer) {
      this.#found += 1
      // Its readers sort and cut what they are given.
      return structuredClone([...answer.records])
    }
    if (answer.absence === 'ENODATA') this.#found += 1
    else this.#missed += 1
    throw dnsError(answer.absence, 'no such record')
  }

  /** The same, with nothing for a name or a type that there is not. */
  async find(name: string, type: string): Promise<unknown[]> {
    try {
      return await this.resolve(name, type)
    } catch (error) {
      const code = codeOf(error)
      if (code === 'ENODATA' || code === 'ENOTFOUND') return []
      throw error
    }
  }

  /**
   * Whether DNS had anything to say. That no name exists is said by resolvers without a way out too; then the root decides, as far as the time
   * suffices.
   */
  async wereAnswered(): Promise<boolean> {
    if (this.#found > 0) return true
    if (this.#asked === 0 || this.#dns.isSilent) return false
    const alive = this.#dns.isAlive()
    if (this.#missed === 0) return false
    return Promise.race([alive, this.#ended]).catch(() => false)
  }

  end(): void {
    clearTimeout(this.#timer)
  }
}

/** The codes of node:dns are what mailauth goes by. */
function dnsError(code: string, message: string): Error & { code: string } {
  return Object.assign(new Error(message), { code })
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : null
}
