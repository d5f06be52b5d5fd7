/** What looks at DNS find, made by hand. */

import type { Finding, Findings } from '../../src/domain-findings.ts'
import type { RecordPurpose } from '../../src/domains.ts'

const finding = (status: Finding['status'], isCertain = true): Finding => ({ status, isCertain, found: [], note: null })

/** Nothing that DNS said could be relied on. */
export const OPEN = finding('unknown', false)

/** Every record as it should be, but for these. */
export function makeFindings(change: Partial<Record<RecordPurpose, Finding['status'] | 'open'>> = {}): Findings {
  const of = (purpose: RecordPurpose) => (change[purpose] === 'open' ? OPEN : finding(change[purpose] ?? 'ok'))
  return { ownership: of('ownership'), mx: of('mx'), dkim: of('dkim'), spf: of('spf'), dmarc: of('dmarc') }
}
