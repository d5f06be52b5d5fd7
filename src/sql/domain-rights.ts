/** Whose an address is. Where an agent has a domain, only its inboxes there stand; those that others made there before keep their mail and stay silent. */

import type { Engine } from './engine.ts'

/** Of an inbox `i`: the domain of its address. No local part of ours has an `@` in it. */
const DOMAIN = "substr(i.address, instr(i.address, '@') + 1)"

/**
 * Of an inbox `i`: whether it receives and sends. By the name of its domain and not by `domain_id`: an inbox made while `--domain` was that name has none, and
 * is not to hold an address that is another agent's by now. Where nobody has the domain, those that were made on it lost it.
 */
export const STANDS = `coalesce(
  (SELECT o.agent = i.agent FROM domain o WHERE o.domain = ${DOMAIN} AND o.is_owned = 1), i.domain_id IS NULL)`

/** Of an inbox `i`: what became of its domain, as JSON of DomainStanding; null where nobody has it. */
export const STANDING = `(SELECT o.standing FROM domain o WHERE o.domain = ${DOMAIN} AND o.is_owned = 1)`

/** Who has a domain, of whatever agent. */
export async function findOwner(db: Engine, domain: string): Promise<{ id: string; agent: string } | undefined> {
  return await db.get<{ id: string; agent: string }>('SELECT id, agent FROM domain WHERE domain = ? AND is_owned = 1', domain)
}

/** Whether a domain is that of another agent, who alone hears of mail for it. */
export async function isOfAnother(db: Engine, agent: string, domain: string): Promise<boolean> {
  const owner = await findOwner(db, domain)
  return owner !== undefined && owner.agent !== agent
}

/** What stands right of the `@`. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1)
}

/** Who wrote to addresses in a domain that were nobody's was its agent's alone to know: nobody else hears of it once the domain is not that agent's. */
export async function forgetRefused(db: Engine, domain: string): Promise<void> {
  const end = `@${domain}`
  await db.run("DELETE FROM smtp_session WHERE inbox_id = '' AND substr(inbox_address, ?) = ?", -end.length, end)
}
