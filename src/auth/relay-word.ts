/** The word of a relay that the owner trusts: its Authentication-Results (RFC 8601), where nobody else can have written them. */

import type { AuthVerdict, SenderVerdict } from '../sender-check.ts'
import { type MethodResult, parseAuthenticationResults } from './authentication-results.ts'
import { canonicalName, domainOf, isAligned } from './domains.ts'
import type { Field } from './header.ts'
import { asVerdict } from './verdicts.ts'

/**
 * What `host` says of a mail that it handed over itself; null when it says nothing. Only fields above the topmost Received count: that one is the
 * relay's own (RFC 5321 section 4.4), so what stands above it was written by the relay, and what stands below may have been there already, made
 * by whoever sent the mail.
 */
export function readRelayWord(fields: readonly Field[], host: string, fromAddress: string): SenderVerdict | null {
  const received = fields.findIndex(({ name }) => name === 'received')
  const own = fields
    .slice(0, Math.max(received, 0))
    .filter(({ name }) => name === 'authentication-results')
    .map(({ value }) => parseAuthenticationResults(value))
    .filter((field) => field !== null && canonicalName(field.authservId) === host)
  const results = own.flatMap((field) => field?.results ?? [])
  const known = results.filter(({ method }) => ['spf', 'dkim', 'dmarc'].includes(method))
  if (known.length === 0) return null
  const authors = fields.filter(({ name }) => name === 'from')
  return describe(known, authors.length === 1 ? domainOf(fromAddress) : null)
}

/** `fromDomain` is null where it is not one. */
function describe(results: readonly MethodResult[], fromDomain: string | null): SenderVerdict {
  const [spf, dkim, dmarc] = ['spf', 'dkim', 'dmarc'].map((name) => results.filter(({ method }) => method === name))
  const dmarcVerdict = agree(dmarc)
  const isOfAuthor = fromDomain !== null && (dmarc ?? []).every((result) => domainIn(result, 'header.from') === fromDomain)
  const isPass = dmarcVerdict === 'pass' && isOfAuthor
  const mayAlign = dmarcVerdict === 'none' || dmarcVerdict === 'unknown'
  const passed = mayAlign ? findPassed(spf ?? [], dkim ?? []) : []
  return {
    spf: agree(mailFrom(spf ?? [])),
    dkim: dkim?.some(({ result }) => result === 'pass') ? 'pass' : agree(dkim),
    // A pass for another author than the one that is shown is none.
    dmarc: dmarcVerdict === 'pass' && !isOfAuthor ? 'permerror' : dmarcVerdict,
    alignedDomain: fromDomain !== null && (isPass || passed.some((domain) => isAligned(fromDomain, domain))) ? fromDomain : null,
    source: 'relay',
  }
}

/** Where results of one method contradict each other, the first that is no pass counts. */
function agree(results: readonly MethodResult[] = []): AuthVerdict {
  const verdicts = results.map(({ result }) => asVerdict(result))
  return verdicts.find((verdict) => verdict !== 'pass') ?? verdicts[0] ?? 'unknown'
}

/** What was found of the return path, if that was looked at: the name in the greeting counts only without it. */
function mailFrom(spf: readonly MethodResult[]): readonly MethodResult[] {
  const ofMailFrom = spf.filter(({ properties }) => properties.has('smtp.mailfrom'))
  return ofMailFrom.length > 0 ? ofMailFrom : spf
}

function findPassed(spf: readonly MethodResult[], dkim: readonly MethodResult[]): string[] {
  const isPass = ({ result }: MethodResult) => result === 'pass'
  const bySpf = agree(mailFrom(spf)) === 'pass' ? mailFrom(spf).map((result) => domainIn(result, 'smtp.mailfrom')) : []
  const byDkim = dkim.filter(isPass).map((result) => domainIn(result, 'header.d') ?? domainIn(result, 'header.i'))
  return [...bySpf, ...byDkim].filter((domain) => domain !== null)
}

/** The domain in a property, which may be an address, or an `@` and a domain. */
function domainIn({ properties }: MethodResult, name: string): string | null {
  const value = properties.get(name) ?? ''
  return value.includes('@') ? domainOf(value) : canonicalName(value)
}
