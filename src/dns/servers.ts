/** The DomainDns port on node:dns: each server is asked by itself, so that one of them neither hides the others nor speaks for them. */

import { Resolver } from 'node:dns/promises'
import type { DnsAnswer, DnsFinding, DnsQuestion, DomainDns } from '../domain-dns.ts'
import { DOMAIN_LOOKUP_DEADLINE_MS, DOMAIN_QUESTION_TIMEOUT_MS, DOMAIN_QUESTION_TRIES, MAX_DNS_SERVERS } from '../limits.ts'
import type { World } from '../world.ts'

/** What asking needs. */
export type DomainDnsOptions = {
  /** `address` or `address:port` of each; null for those of the system. */
  servers: readonly string[] | null
  world: Pick<World, 'after'>
  /** DOMAIN_LOOKUP_DEADLINE_MS unless a test has more time. */
  deadlineMs?: number
}

/** Servers to ask; remembers nothing of what they said, because who asks again has changed something. */
export function createDomainDns(options: DomainDnsOptions): DomainDns {
  return new ServersDns(options)
}

const FAILED: DnsAnswer = { kind: 'failed' }

class ServersDns implements DomainDns {
  readonly #options: DomainDnsOptions

  constructor(options: DomainDnsOptions) {
    this.#options = options
  }

  async ask(questions: readonly DnsQuestion[], signal: AbortSignal): Promise<readonly (readonly DnsAnswer[])[]> {
    const { servers, world, deadlineMs = DOMAIN_LOOKUP_DEADLINE_MS } = this.#options
    const ended = new AbortController()
    const cancel = world.after(deadlineMs, () => ended.abort())
    try {
      const end = AbortSignal.any([signal, ended.signal])
      return await Promise.all(listServers(servers).map((server) => askServer(server, questions, end)))
    } finally {
      cancel()
    }
  }
}

/** Those of the system each time anew: they change, as when a laptop moves. */
function listServers(servers: readonly string[] | null): readonly (readonly string[])[] {
  const names = (servers ?? new Resolver().getServers()).slice(0, MAX_DNS_SERVERS)
  return names.map((name) => [name])
}

/** One a question: an answer that cannot be read makes node:dns drop what else that resolver asked. */
async function withResolver<Answer>(
  server: readonly string[],
  end: AbortSignal,
  deed: (resolver: Resolver) => Promise<Answer>,
): Promise<Answer> {
  const timeout = DOMAIN_QUESTION_TIMEOUT_MS
  const resolver = new Resolver({ timeout, maxTimeout: timeout, tries: DOMAIN_QUESTION_TRIES })
  resolver.setServers(server)
  const cancel = () => resolver.cancel()
  end.addEventListener('abort', cancel)
  try {
    return await deed(resolver)
  } finally {
    end.removeEventListener('abort', cancel)
  }
}

/**
 * What one server says to all questions. That there is nothing is also said by resolvers without a way out, and by those before a login page: where no
 * question found a record, the root is asked for, and where that is not there either the server knows nothing.
 */
async function askServer(
  server: readonly string[],
  questions: readonly DnsQuestion[],
  end: AbortSignal,
): Promise<readonly DnsAnswer[]> {
  const heard = await Promise.all(questions.map((question) => hear(server, question, end)))
  const hasFound = heard.some((answer) => answer !== 'no_name' && answer.kind === 'records')
  const isDenying = heard.some((answer) => answer === 'no_name' || answer.kind === 'absent')
  if (isDenying && !hasFound && !(await knowsRoot(server, end))) return questions.map(() => FAILED)
  return heard.map((answer) => (answer === 'no_name' ? { kind: 'absent' } : answer))
}

async function hear(server: readonly string[], { name, type }: DnsQuestion, end: AbortSignal): Promise<DnsAnswer | 'no_name'> {
  if (end.aborted) return FAILED
  try {
    const records = await withResolver(server, end, (resolver) =>
      type === 'MX' ? listExchanges(resolver, name) : listTexts(resolver, name),
    )
    return records.length === 0 ? { kind: 'absent' } : { kind: 'records', records }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null
    if (code === 'ENOTFOUND') return 'no_name'
    // Anything else says nothing of the domain: no answer, a refusal, a failure upstream, an answer that cannot be read.
    return code === 'ENODATA' ? { kind: 'absent' } : FAILED
  }
}

async function listExchanges(resolver: Resolver, name: string): Promise<DnsFinding[]> {
  const records = await resolver.resolveMx(name)
  return records.map(({ exchange, priority }) => ({ exchange: exchange.toLowerCase().replace(/\.$/, ''), priority }))
}

async function listTexts(resolver: Resolver, name: string): Promise<DnsFinding[]> {
  return (await resolver.resolveTxt(name)).map((strings) => ({ text: strings.join('') }))
}

async function knowsRoot(server: readonly string[], end: AbortSignal): Promise<boolean> {
  if (end.aborted) return false
  // Whatever goes wrong, a server that cannot name the root is not to be believed about what does not exist.
  return withResolver(server, end, (resolver) => resolver.resolveNs('.')).then(
    (names) => names.length > 0,
    () => false,
  )
}
