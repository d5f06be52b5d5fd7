/** Domains as an agent reads them: what to publish in our words, what DNS says instead between marks. */

import type { DeletedDomain, DnsRecord, Domain } from '../domains.ts'
import { MAX_FOUND_CHARS } from '../limits.ts'
import type { Page } from '../model.ts'
import { fitRows } from './budget.ts'
import { fenceMail, quoteField } from './fence.ts'
import { dropWithheld } from './offered.ts'
import { type Answer, count, describeNothing, describeRest, findNextOffset, joinFacts, joinLines } from './render.ts'
import type { Call } from './tool.ts'

/** What rendering needs of a call. */
type Reader = Pick<Call, 'world' | 'withheld'>

/** A domain that was added, and everything to publish. */
export function renderAddedDomain(domain: Domain, reader: Reader): Answer {
  return {
    structured: structureDomain(domain),
    text: joinLines(
      describeDomain(domain),
      'Publish these records in its DNS; those that are not required are good to have:',
      ...domain.dnsRecords.map(describeRecord),
      'The same as a zone file:',
      domain.zone.trimEnd(),
      describeFindings(domain, reader),
      dropWithheld(describeNext(domain), reader),
    ),
  }
}

/** A domain that was looked up: what is not as it should be, with what to publish. */
export function renderVerifiedDomain(domain: Domain, reader: Reader): Answer {
  const [right, open] = [true, false].map((isRight) => domain.dnsRecords.filter(({ status }) => (status === 'ok') === isRight))
  return {
    structured: structureDomain(domain),
    text: joinLines(
      describeDomain(domain),
      right?.length ? `Right: ${right.map(({ purpose }) => purpose).join(', ')}.` : null,
      ...(open ?? []).map(describeRecord),
      describeFindings(domain, reader),
      dropWithheld(describeNext(domain), reader),
    ),
  }
}

/** A page of domains, without their records. */
export function renderDomains({ data, total }: Page<Domain>, offset: number): Answer {
  const rows = fitRows(data, (domain) => ({ structured: structureRow(domain), line: `- ${describeDomain(domain)}` }))
  return {
    structured: { data: rows.map(({ structured }) => structured), total, nextOffset: findNextOffset(offset, rows.length, total) },
    text: joinLines(
      rows.length === 0 ? describeNothing('domain', total) : `${rows.length} of ${count(total, 'domain')}, newest first.`,
      ...rows.map(({ line }) => line),
      describeRest('list_domains', offset, rows.length, total),
    ),
  }
}

/** A domain that is gone. */
export function renderDeletedDomain(gone: DeletedDomain): Answer {
  return {
    structured: { ...gone, deleted: true },
    text: `Deleted ${gone.domain} (id: ${gone.id}) with its DKIM key. Its DNS records serve nothing any more.`,
  }
}

/** A domain that stays because a person did not agree. */
export function renderKeptDomain({ id, domain }: DeletedDomain, answer: 'declined' | 'cancelled'): Answer {
  const next =
    answer === 'declined' ? 'The person said no: leave it.' : 'The person gave no answer: go on without, or ask them yourself.'
  return { structured: { id, domain, deleted: false, answer }, text: `Not deleted: ${domain} stays. ${next}` }
}

function structureRow(domain: Domain) {
  const {
    id,
    domain: name,
    sendingStatus,
    receivingStatus,
    sendingVerifiedAt,
    receivingVerifiedAt,
    checkedAt,
    createdAt,
  } = domain
  return { id, domain: name, sendingStatus, receivingStatus, sendingVerifiedAt, receivingVerifiedAt, checkedAt, createdAt }
}

function structureDomain(domain: Domain) {
  return { ...structureRow(domain), dnsRecords: domain.dnsRecords.map(structureRecord), zone: domain.zone }
}

/** What DNS says below `content`, as what a mail says. */
function structureRecord({ found, note, ...record }: DnsRecord) {
  return { ...record, ...(note !== null && { note }), ...(found.length > 0 && { content: { found } }) }
}

function describeDomain({ domain, dnsRecords: _records, zone: _zone, ...rest }: Domain): string {
  const { id, sendingStatus, receivingStatus, sendingVerifiedAt, receivingVerifiedAt, checkedAt, createdAt } = rest
  const statuses = { sendingStatus, receivingStatus, sendingVerifiedAt, receivingVerifiedAt }
  return joinFacts({ domain, id, ...statuses, checkedAt, createdAt })
}

function describeRecord({ type, name, value, priority, purpose, required, status, note }: DnsRecord): string {
  const about = [status === 'unknown' ? null : status, required ? 'required' : null].filter((word) => word !== null)
  const data = priority === undefined ? value : `${priority} ${value}`
  return joinLines(
    `- ${purpose}${about.length === 0 ? '' : ` (${about.join(', ')})`}: ${type} ${name} ${data}`,
    note === null ? null : `  ${note}`,
  )
}

function describeFindings({ dnsRecords }: Domain, { world }: Reader): string | null {
  const lines = dnsRecords.flatMap(({ purpose, found }) =>
    found.map((text) => `${purpose}: ${quoteField(text, MAX_FOUND_CHARS)}`),
  )
  return lines.length === 0 ? null : fenceMail(lines.join('\n'), world, 'dns')
}

function describeNext({ id, sendingStatus, receivingStatus }: Domain): string {
  if (receivingStatus !== 'verified') return 'Next: publish what is not there or not right, then verify_domain.'
  const next = `Next: create_inbox with domainId ${id}.`
  return sendingStatus === 'verified' ? next : `${next} Its mail goes out unsigned until sendingStatus is verified.`
}
