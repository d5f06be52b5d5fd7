/** A domain as it is shown: its standing, and each record with what was found of it. */

import { NOT_LOOKED_UP, SPF_NOTE } from '../domain-findings.ts'
import { isPublicHost } from '../domain-names.ts'
import { listRecords, makeOwnershipToken, type WantedRecord, writeZone } from '../domain-records.ts'
import type { DomainStanding } from '../domain-standing.ts'
import type { StoredDomain } from '../domain-store.ts'
import type { DnsRecord, Domain, SendingStatus } from '../domains.ts'

/** The records that a domain needs. `secret` is the store's. */
export function listWanted(domain: StoredDomain, mxHost: string, secret: Uint8Array): WantedRecord[] {
  return listRecords({ ...domain, mxHost, ownershipToken: makeOwnershipToken(domain.agent, domain.domain, secret) })
}

/** The whole of it, but for the private key. */
export function describeDomain(domain: StoredDomain, mxHost: string, secret: Uint8Array): Domain {
  const wanted = listWanted(domain, mxHost, secret)
  const records = wanted.map((record) => describeRecord(record, domain))
  const { ownership, sending, receiving } = domain.standing
  const sendingStatus = describeSending({ ownership, sending, receiving })
  return {
    id: domain.id,
    domain: domain.domain,
    sendingStatus,
    receivingStatus: receiving.state,
    verificationStatus: sendingStatus,
    sendingDnsRecords: records.filter(({ type }) => type !== 'MX'),
    receivingDnsRecords: records.filter(({ type }) => type === 'MX'),
    dnsRecords: records,
    zone: writeZone(wanted),
    sendingVerifiedAt: toIso(sending.verifiedAt),
    receivingVerifiedAt: toIso(receiving.verifiedAt),
    checkedAt: toIso(domain.checkedAt),
    createdAt: new Date(domain.createdAt).toISOString(),
  }
}

function describeRecord(wanted: WantedRecord, { findings }: StoredDomain): DnsRecord {
  const { status, found, note } = findings?.[wanted.purpose] ?? NOT_LOOKED_UP
  const general = wanted.purpose === 'spf' && findings === null ? SPF_NOTE : explainHost(wanted)
  return { ...wanted, status, found, note: general ?? note }
}

/** A record that is right in DNS may still lead nowhere. */
function explainHost({ type, value }: WantedRecord): string | null {
  if (type !== 'MX' || isPublicHost(value)) return null
  return `No mail server elsewhere can find ${value}: the owner of this server must set --mx-host to its public name.`
}

function describeSending({ ownership, sending }: DomainStanding): SendingStatus {
  return sending.state === 'pending' && ownership.state === 'verified' ? 'pending_dkim' : sending.state
}

function toIso(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}
