/**
 * Where a domain stands, and how a look at DNS moves it. What was verified is not lost by one look: DNS fails, providers make mistakes, and a domain that
 * falls silent takes every inbox on it along.
 */

import type { Finding, Findings } from './domain-findings.ts'
import { DOMAIN_BAD_DAYS, DOMAIN_DAY_MS } from './domain-limits.ts'
import type { ReceivingStatus } from './domains.ts'

/** One thing that DNS decides. Times in milliseconds. */
export type Standing = {
  readonly state: ReceivingStatus
  /** Null unless verified. */
  readonly verifiedAt: number | null
  /** Days in a row on which its record was surely gone. */
  readonly badDays: number
  /** When the last of these was counted; null without one. */
  readonly countedAt: number | null
}

/** Ownership comes before both others. */
export type DomainStanding = { readonly ownership: Standing; readonly sending: Standing; readonly receiving: Standing }

const PENDING: Standing = { state: 'pending', verifiedAt: null, badDays: 0, countedAt: null }
const FAILED: Standing = { ...PENDING, state: 'failed' }

/** Of a new domain. */
export const NEW_STANDING: DomainStanding = { ownership: PENDING, sending: PENDING, receiving: PENDING }

/** The standing after a look. `isTaken`: another agent has the domain, so this one cannot get it, whatever DNS says. */
export function advanceDomain(before: DomainStanding, findings: Findings, isTaken: boolean, now: number): DomainStanding {
  const ownership = isTaken ? lose(before.ownership) : advance(before.ownership, findings.ownership, now)
  if (ownership.state !== 'verified') return loseDomain({ ...before, ownership })
  return {
    ownership,
    sending: advance(before.sending, findings.dkim, now),
    receiving: advance(before.receiving, findings.mx, now),
  }
}

/** The standing once the domain is no longer the agent's. */
export function loseDomain({ ownership, sending, receiving }: DomainStanding): DomainStanding {
  return { ownership: lose(ownership), sending: lose(sending), receiving: lose(receiving) }
}

function lose(before: Standing): Standing {
  return before.state === 'verified' ? FAILED : before
}

function advance(before: Standing, { status, isCertain }: Finding, now: number): Standing {
  if (!isCertain) return before
  if (status === 'ok') return { ...PENDING, state: 'verified', verifiedAt: before.verifiedAt ?? now }
  if (before.state !== 'verified') return before
  // A clock that was set back counts from where it is now.
  if (before.countedAt !== null && now < before.countedAt) return { ...before, countedAt: now }
  if (before.countedAt !== null && now - before.countedAt < DOMAIN_DAY_MS) return before
  const badDays = before.badDays + 1
  return badDays < DOMAIN_BAD_DAYS ? { ...before, badDays, countedAt: now } : FAILED
}
