/** Our own look at where a mail comes from: SPF (RFC 7208), DKIM (RFC 6376), DMARC (RFC 7489, RFC 9989), and nothing but DNS. */

import { dmarc } from 'mailauth/lib/dmarc/index.js'
import { spf } from 'mailauth/lib/spf/index.js'
import type { AuthVerdict, CheckedMail, SenderVerdict } from '../sender-check.ts'
import { type DkimFindings, verifySignatures } from './dkim.ts'
import type { Lookups } from './dns.ts'
import { domainOf, isAligned } from './domains.ts'
import type { Header } from './header.ts'
import { asVerdict } from './verdicts.ts'

type SpfFindings = { verdict: AuthVerdict; passed: readonly string[] }

/**
 * Looks at one mail; null where DNS said nothing. `isRelayed` when the client is a relay that the owner trusts: its address says nothing of the
 * sender.
 */
export async function lookAtSender(
  mail: CheckedMail,
  header: Header | null,
  lookups: Lookups,
  isRelayed: boolean,
): Promise<SenderVerdict | null> {
  const fromDomain = domainOf(mail.fromAddress)
  const [spfFindings, dkim] = await Promise.all([
    isRelayed ? UNKNOWN_SPF : checkSpf(mail, lookups),
    header === null ? null : verifySignatures(mail.raw, header, lookups, { fromDomain, receivedAt: mail.receivedAt }),
  ])
  const { verdict, isAuthorAligned } = await judgeAuthor(fromDomain, spfFindings, dkim, lookups)
  if (!(await lookups.wereAnswered())) return null
  return {
    spf: spfFindings.verdict,
    dkim: dkim === null || (dkim.fromFields > 1 && dkim.verdict === 'pass') ? 'permerror' : dkim.verdict,
    dmarc: verdict,
    alignedDomain: isAuthorAligned ? fromDomain : null,
    source: 'dns',
  }
}

const UNKNOWN_SPF: SpfFindings = { verdict: 'unknown', passed: [] }

async function checkSpf({ envelopeFrom, helo, remoteAddress }: CheckedMail, { resolve }: Lookups): Promise<SpfFindings> {
  // Without a return path the name in the greeting stands for it (RFC 7208 section 2.4). Our own name is nobody's business (section 7.3).
  const result = await spf({ sender: envelopeFrom, ip: remoteAddress, helo, mta: 'unknown', resolver: resolve })
  const verdict = asVerdict(result.status.result)
  return { verdict, passed: verdict === 'pass' ? [result.domain] : [] }
}

/** Whether SPF or DKIM passed for whom the reader sees. */
async function judgeAuthor(
  fromDomain: string | null,
  spfFindings: SpfFindings,
  dkim: DkimFindings | null,
  { resolve }: Lookups,
): Promise<{ verdict: AuthVerdict; isAuthorAligned: boolean }> {
  if (fromDomain === null || dkim === null || !isSoleAuthor(fromDomain, dkim))
    return { verdict: 'permerror', isAuthorAligned: false }
  const passed = [...spfFindings.passed, ...dkim.passed]
  const response = await dmarc({
    headerFrom: [...dkim.fromAddresses],
    fromFields: dkim.fromFields,
    spfDomains: [...spfFindings.passed],
    dkimDomains: dkim.passed.map((domain) => ({ domain })),
    resolver: resolve,
  })
  const verdict = response === false ? 'permerror' : asVerdict(response.status.result)
  const isAuthorAligned = verdict === 'pass' || (verdict === 'none' && passed.some((domain) => isAligned(fromDomain, domain)))
  // Without SPF, or with half of the answers, it is not known to fail (RFC 7489 section 6.6.2).
  if (verdict === 'fail' && spfFindings.verdict === 'unknown') return { verdict: 'unknown', isAuthorAligned }
  const isHalf = [spfFindings.verdict, dkim.verdict].includes('temperror')
  return { verdict: verdict === 'fail' && isHalf ? 'temperror' : verdict, isAuthorAligned }
}

/** The author that the reader is shown, and that the verifier read, are the same, and there is no other. */
function isSoleAuthor(fromDomain: string, { fromAddresses, fromFields }: DkimFindings): boolean {
  return fromFields === 1 && fromAddresses.length > 0 && fromAddresses.every((address) => domainOf(address) === fromDomain)
}
