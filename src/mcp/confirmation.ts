/** Asking before something is gone for good: the person where the client can ask one, else the agent's own typed word. */

import { acceptedContent, inputRequired, inputResponse } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { MailError } from '../errors.ts'
import type { Inbox } from '../model.ts'
import type { Call, Question } from './tool.ts'

const Consent = z.object({ confirm: z.boolean().describe('Yes, delete it for good') })

/** A question of ours, whatever inbox it is about. */
const QUESTION = /^delete [\w-]{1,64}$/u

/** Whether to go on, to stop, or to put the question first. */
export type Confirmation =
  | { kind: 'confirmed' }
  | { kind: 'kept'; answer: 'declined' | 'cancelled' }
  | ({ kind: 'open' } & Question)

/**
 * Confirms that this inbox shall go. `typed` is what the caller passed as `confirm`: right, nobody is asked; wrong, nobody is asked either.
 * Asks once; whatever is no yes ends the matter. @throws MailError confirmation_required, inbox_not_found (gone while somebody was asked)
 */
export function confirmDeletion({ id, address }: Inbox, typed: string | undefined, call: Call): Confirmation {
  if (typed !== undefined) {
    if (typed.trim().toLowerCase() === address) return { kind: 'confirmed' }
    throw requireTyped(address, 'confirm is not the address of this inbox; nothing was deleted.')
  }
  // The question names the inbox it is about: its address may belong to a newer one by the time a person has answered.
  const question = `delete ${id}`
  if (call.answers !== undefined) return readAnswer(call.answers, question, address)
  if (!call.canAsk) throw requireTyped(address, `Deleting ${address} is for good and needs confirm; nothing was deleted.`)
  const message = `Delete the inbox ${address} for good, with all its messages?`
  const inputRequests = { [question]: inputRequired.elicit({ message, requestedSchema: Consent }) }
  return { kind: 'open', question: inputRequired({ inputRequests }) }
}

function readAnswer(answers: Readonly<Record<string, unknown>>, question: string, address: string): Confirmation {
  const answer = inputResponse(answers, question)
  if (answer.kind !== 'elicit') {
    const isOfAnother = Object.keys(answers).some((key) => QUESTION.test(key) && key !== question)
    if (!isOfAnother) {
      throw requireTyped(
        address,
        'The answer to the question was not understood; nothing was deleted. Call again without inputResponses to have it asked again.',
      )
    }
    throw new MailError(
      'inbox_not_found',
      'The inbox that the question was about is gone; a newer one has its address. Nothing was deleted.',
    )
  }
  if (acceptedContent(answers, question, Consent)?.confirm === true) return { kind: 'confirmed' }
  return { kind: 'kept', answer: answer.action === 'cancel' ? 'cancelled' : 'declined' }
}

function requireTyped(address: string, message: string): MailError {
  return new MailError('confirmation_required', message, {
    hint: `If it shall really go, call delete_inbox again with confirm set to ${address}.`,
    facts: { confirm: address },
  })
}
