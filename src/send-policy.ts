/** Whom agents may write to: decided by the owner, checked on the final envelope, out of the agents' reach. */

import { MailError } from './errors.ts'

/** `anyone`; `correspondents`: only who wrote to the inbox first; or a list of addresses and whole domains. Inboxes of this server are under it too. */
export type SendPolicy =
  | { readonly kind: 'anyone' | 'correspondents' }
  | { readonly kind: 'list'; readonly addresses: ReadonlySet<string>; readonly domains: ReadonlySet<string> }

/** Refuses the first recipient that a list does not name; the other policies are not decided here. @throws MailError recipient_not_allowed */
export function checkListed(policy: SendPolicy, recipients: readonly string[]): void {
  if (policy.kind !== 'list') return
  const refused = recipients.find((recipient) => !isListed(policy, recipient.toLowerCase()))
  if (refused === undefined) return
  throw new MailError('recipient_not_allowed', `${refused} is not among those that the owner of this server allows.`, {
    facts: { recipient: refused, reason: 'send_policy' },
  })
}

function isListed(policy: Extract<SendPolicy, { kind: 'list' }>, recipient: string): boolean {
  return policy.addresses.has(recipient) || policy.domains.has(recipient.slice(recipient.lastIndexOf('@') + 1))
}
