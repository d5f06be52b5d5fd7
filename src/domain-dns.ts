/** The port to DNS for the records of domains. Implemented in `dns/`. */

/** One question. */
export type DnsQuestion = { readonly name: string; readonly type: 'TXT' | 'MX' }

/** A text record (its strings joined), or a mail exchange: the host in lower case without the dot of the root, empty for none at all (RFC 7505). */
export type DnsFinding = { readonly text: string } | { readonly exchange: string; readonly priority: number }

/** `absent`: the server says that there is none. `failed`: it says nothing that could be relied on, or nothing at all. */
export type DnsAnswer =
  | { readonly kind: 'records'; readonly records: readonly DnsFinding[] }
  | { readonly kind: 'absent' }
  | { readonly kind: 'failed' }

/** Asks several servers. */
export interface DomainDns {
  /**
   * What each server answers to each question: a row a server, in the order of the questions. Never rejects, and takes DOMAIN_LOOKUP_DEADLINE_MS at most; after
   * an abort, or beyond that, what is open is `failed`.
   */
  ask(questions: readonly DnsQuestion[], signal: AbortSignal): Promise<readonly (readonly DnsAnswer[])[]>
}
