/** One check, from the mail to the verdict: whose word it is, ours or that of a relay. */

import type { CheckedMail, SenderVerdict } from '../sender-check.ts'
import { isLoopback, isPublicAddress, isSameAddress } from './client-address.ts'
import { type Dns, Lookups } from './dns.ts'
import { readHeader } from './header.ts'
import { lookAtSender } from './look.ts'
import { readRelayWord } from './relay-word.ts'

/** Null where nobody could look. `trustRelay` is the host whose Authentication-Results count, in lower-case A-labels. */
export async function checkSender(
  mail: CheckedMail & { dnsBudgetMs: number },
  dns: Dns,
  trustRelay: string | null,
): Promise<SenderVerdict | null> {
  const lookups = new Lookups(dns, mail.dnsBudgetMs)
  try {
    const header = readHeader(mail.raw)
    const isRelayed = trustRelay !== null && (await isClientOf(trustRelay, mail.remoteAddress, lookups))
    if (isRelayed === null) return null
    const word = isRelayed && header ? readRelayWord(header.fields, trustRelay, mail.fromAddress) : null
    if (word) return word
    // Of an address that is not of the internet, SPF would answer for somebody else.
    if (!isPublicAddress(mail.remoteAddress)) return null
    return await lookAtSender(mail, header, lookups, isRelayed)
  } finally {
    lookups.end()
  }
}

/** Whether the client really was that host: on this machine, or at one of its addresses; null where DNS cannot tell. */
async function isClientOf(host: string, remoteAddress: string, lookups: Lookups): Promise<boolean | null> {
  if (isLoopback(remoteAddress)) return true
  try {
    const answers = await Promise.all(['A', 'AAAA'].map((type) => lookups.find(host, type)))
    return answers.flat().some((address) => typeof address === 'string' && isSameAddress(address, remoteAddress))
  } catch {
    // Taken for a stranger, its own address would be held against the sender.
    return null
  }
}
