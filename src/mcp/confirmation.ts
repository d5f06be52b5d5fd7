/** Asking before something is gone for good: the person where the client can ask one, else the agent's own typed word. */

import { acceptedContent, inputRequired, inputResponse } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { MailError } from '../errors.ts'
import type { Call, Question } from './tool.ts'

/** The key under which the answer comes back in the next round of the call. */
const QUESTION = 'confirm'

const Consent = z.object({ confirm: z.boolean().describe('Yes, delete it for good') })

/** Whether to go on, to stop, or to put the question first. */
export type Confirmation =
  | { kind: 'confirmed' }
  | { kind: 'kept'; answer: 'declined' | 'cancelled' }
  | ({ kind: 'open' } & Question)

/**
 * Confirms the deletion of the inbox with this address. `typed` is what the caller passed as `confirm`: right, nobody is asked; wrong,
 * nobody is asked either. Asks once; whatever is no yes ends the matter. @throws MailError confirmation_required
 */
export function confirmDeletion(address: string, typed: string | undefined, call: Call): Confirmation {
  if (typed !== undefined) {
    if (typed.trim().toLowerCase() === address) return { kind: 'confirmed' }
    throw requireTyped(address, 'confirm is not the address of this inbox; nothing was deleted.')
  }
  const answer = inputResponse(call.answers, QUESTION)
  if (answer.kind === 'elicit') {
    if (answer.action === 'accept' && acceptedContent(call.answers, QUESTION, Consent)?.confirm === true)
      return { kind: 'confirmed' }
    return { kind: 'kept', answer: answer.action === 'cancel' ? 'cancelled' : 'declined' }
  }
  if (!call.canAsk) throw requireTyped(address, `Deleting ${address} is for good and needs confirm; nothing was deleted.`)
  const message = `Delete the inbox ${address} for good, with all its messages?`
  const inputRequests = { [QUESTION]: inputRequired.elicit({ message, requestedSchema: Consent }) }
  return { kind: 'open', question: inputRequired({ inputRequests }) }
}

function requireTyped(address: string, message: string): MailError {
  return new MailError('confirmation_required', message, {
    hint: `If it shall really go, call delete_inbox again with confirm set to ${address}.`,
    facts: { confirm: address },
  })
}
