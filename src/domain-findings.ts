/**
 * What DNS says of the records of a domain, judged one by one. Whatever it says was written by strangers: it is compared, and shown cleaned and cut, and
 * decides nothing else.
 */

import type { DnsAnswer, DnsFinding } from './domain-dns.ts'
import { MAX_DNS_RECORDS_READ, MAX_DNS_TEXT_CHARS, MAX_FOUND_CHARS, MAX_FOUND_RECORDS } from './domain-limits.ts'
import { OWNERSHIP_PREFIX, type WantedRecord } from './domain-records.ts'
import type { DnsRecord, RecordPurpose } from './domains.ts'
import { removeInvisible } from './invisible.ts'

/** What was found of one record. `isCertain`: every server that answered says the same of it; only that changes the standing of a domain. */
export type Finding = Pick<DnsRecord, 'status' | 'found' | 'note'> & { readonly isCertain: boolean }

/** What was found of each. */
export type Findings = Readonly<Record<RecordPurpose, Finding>>

/** What one server says of one record. */
type Look = { status: 'ok' | 'missing' | 'wrong'; shown: readonly string[]; note: string | null }

/** What is right for SPF is not ours to know. */
export const SPF_NOTE =
  'A domain has one SPF record: if it has one already, add mx there instead. mx is right if this server sends by itself; a relay asks for a term of its own, such as include:spf.relay.example.'

/** Before DNS was asked. */
export const NOT_LOOKED_UP: Finding = { status: 'unknown', found: [], note: null, isCertain: false }

/** Judges the answers of all servers: `answers` has a row a server, in the order of the records. */
export function judgeAnswers(wanted: readonly WantedRecord[], answers: readonly (readonly DnsAnswer[])[]): Findings {
  const findings: Record<RecordPurpose, Finding> = {
    ownership: NOT_LOOKED_UP,
    mx: NOT_LOOKED_UP,
    dkim: NOT_LOOKED_UP,
    spf: NOT_LOOKED_UP,
    dmarc: NOT_LOOKED_UP,
  }
  for (const [index, record] of wanted.entries()) {
    findings[record.purpose] = combine(answers.flatMap((row) => look(record, row[index] ?? { kind: 'failed' }) ?? []))
  }
  return findings
}

/** Servers may differ while a change spreads, and one may lie: what is believed is what all of them say that answered. */
function combine(looks: readonly Look[]): Finding {
  const [worst] = looks.toSorted((a, b) => Number(a.status === 'ok') - Number(b.status === 'ok'))
  if (worst === undefined) {
    return { status: 'unknown', found: [], note: 'DNS gave no answer; try again in a few minutes.', isCertain: false }
  }
  const isCertain = looks.every(({ status }) => (status === 'ok') === (worst.status === 'ok'))
  const note = isCertain ? worst.note : 'Some DNS servers see it and others do not yet; try again in a few minutes.'
  return { status: worst.status, found: worst.status === 'ok' ? [] : clean(worst.shown), note, isCertain }
}

function look(wanted: WantedRecord, answer: DnsAnswer): Look | null {
  if (answer.kind === 'failed') return null
  const records = answer.kind === 'absent' ? [] : answer.records.slice(0, MAX_DNS_RECORDS_READ)
  return wanted.type === 'MX' ? lookAtMx(wanted.value, records) : LOOKS[wanted.purpose](wanted.value, readTexts(records))
}

function readTexts(records: readonly DnsFinding[]): string[] {
  return records.flatMap((record) => ('text' in record ? [record.text] : []))
}

const missing = (note: string | null = null): Look => ({ status: 'missing', shown: [], note })
const wrong = (shown: readonly string[], note: string): Look => ({ status: 'wrong', shown, note })
const OK: Look = { status: 'ok', shown: [], note: null }

const LOOKS: Readonly<Record<RecordPurpose, (value: string, texts: readonly string[]) => Look>> = {
  ownership: lookAtOwnership,
  dkim: lookAtDkim,
  spf: (_value, texts) => lookAtSpf(texts),
  dmarc: (_value, texts) => lookAtDmarc(texts),
  // An MX is no text.
  mx: () => missing(),
}

function lookAtOwnership(value: string, texts: readonly string[]): Look {
  if (texts.some((text) => text.trim() === value)) return OK
  if (texts.length === 0) return missing()
  const isOfAnother = texts.some((text) => text.startsWith(OWNERSHIP_PREFIX))
  return wrong(texts, isOfAnother ? 'The token there is that of another agent or server; add this one.' : 'Add this text.')
}

function lookAtMx(host: string, records: readonly DnsFinding[]): Look {
  const exchanges = records
    .flatMap((record) => ('exchange' in record ? [record] : []))
    .toSorted((a, b) => a.priority - b.priority)
  const best = exchanges.filter(({ priority }) => priority === exchanges[0]?.priority)
  if (best.length === 0) return missing()
  if (best.every(({ exchange }) => exchange === host)) return OK
  const shown = exchanges.map(({ priority, exchange }) => `${priority} ${exchange === '' ? '.' : exchange}`)
  const isThere = exchanges.some(({ exchange }) => exchange === host)
  const note = isThere
    ? 'Another host has the same or a lower number, and gets the mail: give this server the lowest.'
    : 'Mail goes to other hosts; replace them if this server is to receive all mail of the domain.'
  return wrong(shown, note)
}

/** RFC 6376 section 3.6.1. */
function lookAtDkim(value: string, texts: readonly string[]): Look {
  const keys = texts.filter((text) => readTag(text, 'p') !== null)
  const [key] = keys
  if (key === undefined) return texts.length === 0 ? missing() : wrong(texts, 'This is no DKIM record; replace it.')
  if (keys.length > 1) return wrong(keys, 'There must be one DKIM record at this name; remove the others.')
  if (readTag(key, 'p') !== readTag(value, 'p')) return wrong(keys, 'The key differs: publish the whole text, in strings of 255.')
  const services = (readTag(key, 's') ?? '*').split(':')
  const isUsable =
    (readTag(key, 'v') ?? 'DKIM1') === 'DKIM1' &&
    (readTag(key, 'k') ?? 'rsa') === 'rsa' &&
    // A key that is only being tried out: verifiers take what it signs for unsigned.
    !(readTag(key, 't') ?? '').split(':').includes('y') &&
    countTag(key, 'p') === 1 &&
    (readTag(key, 'h') ?? 'sha256').split(':').includes('sha256') &&
    services.some((service) => service === '*' || service === 'email')
  return isUsable ? OK : wrong(keys, 'The key is right, but its tags forbid our signatures; publish this text as it is.')
}

/** Value of a tag without white space, the first where there are several; null without the tag. */
function readTag(text: string, tag: string): string | null {
  if (text.length > MAX_DNS_TEXT_CHARS) return null
  const found = text.split(';').find((part) => isTag(part, tag))
  return found === undefined ? null : found.slice(found.indexOf('=') + 1).replaceAll(/\s+/g, '')
}

/** Two of one name make a whole list of tags invalid (RFC 6376 section 3.2). */
function countTag(text: string, tag: string): number {
  return text.split(';').filter((part) => isTag(part, tag)).length
}

function isTag(part: string, tag: string): boolean {
  return part.includes('=') && part.slice(0, part.indexOf('=')).trim() === tag
}

/** RFC 7208 section 4.5. Which hosts it must name only the relay knows; that it names some is all that can be seen. */
function lookAtSpf(texts: readonly string[]): Look {
  const policies = texts.filter((text) => /^v=spf1(?: |$)/i.test(text))
  const [policy] = policies
  if (policy === undefined) return missing(SPF_NOTE)
  if (policies.length > 1) return wrong(policies, 'There must be one SPF record: put the terms of all into one.')
  const terms = policy.slice(0, MAX_DNS_TEXT_CHARS).toLowerCase().split(' ').slice(1)
  if (terms.some((term) => term === 'all' || term === '+all'))
    return wrong(policies, 'It lets everybody send as this domain: end it with ~all.')
  const names = terms.some((term) => /^\+?(?:mx|a|ip4|ip6|include|exists)(?:[:/]|$)/.test(term) || term.startsWith('redirect='))
  if (names) return OK
  return wrong(policies, 'It lets nobody send: keep it, and before its last term put mx, or the term that your relay asks for.')
}

/** RFC 7489 section 6.3. */
function lookAtDmarc(texts: readonly string[]): Look {
  const policies = texts.filter((text) => /^v=DMARC1 *(?:;|$)/i.test(text))
  const [policy] = policies
  if (policy === undefined) return missing('Good to have: many receivers ask for it.')
  if (policies.length > 1) return wrong(policies, 'There must be one DMARC record; remove the others.')
  const rule = readTag(policy, 'p')?.toLowerCase() ?? ''
  return ['none', 'quarantine', 'reject'].includes(rule) ? OK : wrong(policies, 'It has no p= of none, quarantine or reject.')
}

/** A few lines that hide nothing and end. */
function clean(texts: readonly string[]): string[] {
  return texts.slice(0, MAX_FOUND_RECORDS).map((text) => {
    const line = removeInvisible(text.slice(0, 4 * MAX_FOUND_CHARS))
      .replaceAll(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
      .trim()
    return line.length <= MAX_FOUND_CHARS ? line.toWellFormed() : `${line.slice(0, MAX_FOUND_CHARS - 1)}…`.toWellFormed()
  })
}
