/** What the post office in memory refuses before it queues, in the words of the real one. */

import { MailError } from '../../src/errors.ts'
import { checkRecipient } from '../../src/out-addresses.ts'
import type { SendInput } from '../../src/post-office.ts'
import type { KeptInbox } from './mcp-mail.ts'

/** What is wrong with what the caller wrote, before anything is looked up. */
export function checkFields({ to, cc = [], bcc = [], text }: Pick<SendInput, 'to' | 'cc' | 'bcc' | 'text'>): void {
  for (const [field, recipients] of Object.entries({ to, cc, bcc })) {
    for (const [index, recipient] of recipients.entries()) checkNamed(`${field}[${index}]`, recipient)
  }
  if (text.trim() === '') throw new MailError('invalid_argument', 'text is empty; it is required, html is not.')
}

function checkNamed(name: string, recipient: string): void {
  try {
    checkRecipient(recipient)
  } catch (error) {
    if (!(error instanceof MailError)) throw error
    throw new MailError(error.code, `${name}: ${error.message}`, { hint: error.hint })
  }
}

/** An inbox that is suspended sends nothing, and says why. */
export function refuseSuspended({ inbox, suspended }: KeptInbox): void {
  if (suspended === null) return
  throw new MailError('inbox_suspended', `${inbox.address} is suspended and sends nothing: ${suspended.reason}`, {
    facts: suspended,
  })
}
