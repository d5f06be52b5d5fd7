/** Checks a mail in this thread, with DNS from a table. */

import { onTestFinished } from 'vitest'
import { checkSender } from '../../src/auth/check-sender.ts'
import { Dns } from '../../src/auth/dns.ts'
import type { CheckedMail, SenderVerdict } from '../../src/sender-check.ts'
import { type DnsServer, startDnsServer, type Table } from '../support/dns-server.ts'

/** An address of the documentation (RFC 5737), from which the mail of a test comes. */
export const CLIENT = '192.0.2.1'

/** A mail with this text; from `a@example.org` unless changed. */
export function mail(raw: string, change: Partial<CheckedMail> = {}): CheckedMail {
  return {
    raw: Buffer.from(raw, 'latin1'),
    envelopeFrom: 'a@example.org',
    helo: 'mail.example.org',
    remoteAddress: CLIENT,
    fromAddress: 'a@example.org',
    receivedAt: Date.UTC(2026, 10, 24),
    ...change,
  }
}

/** Plain text from a domain. */
export function plain(from = 'a@example.org', body = 'Hello.'): string {
  return `From: ${from}\r\nSubject: Hello\r\n\r\n${body}\r\n`
}

export type Looked = { verdict: SenderVerdict | null; questions: string[] }

/** What a check says when DNS answers this table. */
export async function look(
  checked: CheckedMail,
  table: Table,
  {
    trustRelay = null,
    hasRoot = true,
    dnsBudgetMs = 60_000,
  }: { trustRelay?: string | null; hasRoot?: boolean; dnsBudgetMs?: number } = {},
): Promise<Looked> {
  const server = await openDns(table, hasRoot)
  const verdict = await checkSender({ ...checked, dnsBudgetMs }, new Dns([server.address]), trustRelay)
  return { verdict, questions: server.questions }
}

/** A server that ends with the test. */
export async function openDns(table: Table, hasRoot = true): Promise<DnsServer> {
  const server = await startDnsServer(table, { hasRoot })
  onTestFinished(() => server.close())
  return server
}
