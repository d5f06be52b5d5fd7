/** The records that a domain needs, as they are to be published. */

import { createHmac } from 'node:crypto'
import type { DnsQuestion } from './domain-dns.ts'
import { DNS_RECORD_TTL_SECONDS, MAX_TXT_STRING_BYTES, MX_PREFERENCE, OWNERSHIP_TOKEN_BYTES } from './domain-limits.ts'
import type { DnsRecord } from './domains.ts'

/** A record as it should be. */
export type WantedRecord = Pick<DnsRecord, 'type' | 'name' | 'value' | 'priority' | 'purpose' | 'required'>

/** What the records of a domain are made of. */
export type RecordParts = {
  readonly domain: string
  readonly selector: string
  /** SubjectPublicKeyInfo, DER in base64, as `p=` has it (RFC 6376 section 3.6.1). */
  readonly publicKey: string
  readonly ownershipToken: string
  /** The public name of this server. */
  readonly mxHost: string
}

/** How the ownership record begins. */
export const OWNERSHIP_PREFIX = 'inbox-mcp-verification='

/** Shows that whoever writes the DNS of a domain means this agent of this store. The same again for the same two. `secret` is the store's. */
export function makeOwnershipToken(agent: string, domain: string, secret: Uint8Array): string {
  return createHmac('sha256', secret)
    .update(`domain-ownership ${JSON.stringify([agent, domain])}`)
    .digest('hex')
    .slice(0, 2 * OWNERSHIP_TOKEN_BYTES)
}

/** Every record, ownership first: without it nothing else counts. */
export function listRecords({ domain, selector, publicKey, ownershipToken, mxHost }: RecordParts): WantedRecord[] {
  const text = (purpose: WantedRecord['purpose'], name: string, value: string, required: boolean): WantedRecord => {
    return { type: 'TXT', name, value, purpose, required }
  }
  return [
    text('ownership', `_inbox-mcp.${domain}`, `${OWNERSHIP_PREFIX}${ownershipToken}`, true),
    { type: 'MX', name: domain, value: mxHost, priority: MX_PREFERENCE, purpose: 'mx', required: true },
    text('dkim', `${selector}._domainkey.${domain}`, `v=DKIM1; k=rsa; p=${publicKey}`, true),
    text('spf', domain, 'v=spf1 mx ~all', false),
    text('dmarc', `_dmarc.${domain}`, 'v=DMARC1; p=none', false),
  ]
}

/** What to ask DNS, a question a record. */
export function askFor(records: readonly WantedRecord[]): DnsQuestion[] {
  return records.map(({ name, type }) => ({ name, type }))
}

/** Lines of a zone file, a record a line. Only for records of ours, none of which needs an escape. */
export function writeZone(records: readonly WantedRecord[]): string {
  return records.map((record) => `${record.name}. ${DNS_RECORD_TTL_SECONDS} IN ${record.type} ${writeData(record)}\n`).join('')
}

function writeData({ type, value, priority }: WantedRecord): string {
  if (type === 'MX') return `${priority ?? 0} ${value}.`
  return splitText(value)
    .map((text) => `"${text}"`)
    .join(' ')
}

/** Strings of at most MAX_TXT_STRING_BYTES; all of it is ASCII. */
function splitText(value: string): string[] {
  const count = Math.ceil(value.length / MAX_TXT_STRING_BYTES)
  return Array.from({ length: count }, (_, index) =>
    value.slice(index * MAX_TXT_STRING_BYTES, (index + 1) * MAX_TXT_STRING_BYTES),
  )
}
