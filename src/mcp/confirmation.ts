/** Asking before something is gone for good: the person where the client can ask one, else the agent's own typed word. */

import { acceptedContent, inputRequired, inputResponse } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { MailError } from '../errors.ts'
import type { Call, Question } from './tool.ts'

const Consent = z.object({ confirm: z.boolean().describe('Yes, delete it for good') })

/** A question of ours, whatever it is about. */
const QUESTION = /^delete [\w-]{1,64}$/u

/** What shall go. */
export type Doomed = {
  readonly id: string
  /** What is typed to confirm it. */
  readonly name: string
  /** As the person and the agent read of it. */
  readonly words: (typeof WORDS)[keyof typeof WORDS]
}

/** How each kind of thing is spoken of. */
export const WORDS = {
  inbox: {
    noun: 'inbox',
    nameNoun: 'the address of this inbox',
    along: 'with all its messages',
    successor: 'has its address',
    tool: 'delete_inbox',
    notFound: 'inbox_not_found',
  },
  domain: {
    noun: 'domain',
    nameNoun: 'the name of this domain',
    along: 'with its DKIM key',
    successor: 'has its name',
    tool: 'delete_domain',
    notFound: 'domain_not_found',
  },
} as const

/** Whether to go on, to stop, or to put the question first. */
export type Confirmation =
  | { kind: 'confirmed' }
  | { kind: 'kept'; answer: 'declined' | 'cancelled' }
  | ({ kind: 'open' } & Question)

/**
 * Confirms that this inbox or domain shall go. `typed` is what the caller passed as `confirm`: right, nobody is asked; wrong, nobody is asked either.
 * Asks once; whatever is no yes ends the matter. @throws MailError confirmation_required, inbox_not_found or domain_not_found (gone while somebody was asked)
 */
export function confirmDeletion(doomed: Doomed, typed: string | undefined, call: Call): Confirmation {
  const { id, name, words } = doomed
  if (typed !== undefined) {
    if (typed.trim().toLowerCase() === name) return { kind: 'confirmed' }
    throw requireTyped(doomed, `confirm is not ${words.nameNoun}; nothing was deleted.`)
  }
  // The question names what it is about by its id: its name may belong to a newer one by the time a person has answered.
  const question = `delete ${id}`
  if (call.answers !== undefined) return readAnswer(call.answers, question, doomed)
  if (!call.canAsk) throw requireTyped(doomed, `Deleting ${name} is for good and needs confirm; nothing was deleted.`)
  const message = `Delete the ${words.noun} ${name} for good, ${words.along}?`
  const inputRequests = { [question]: inputRequired.elicit({ message, requestedSchema: Consent }) }
  return { kind: 'open', question: inputRequired({ inputRequests }) }
}

function readAnswer(answers: Readonly<Record<string, unknown>>, question: string, doomed: Doomed): Confirmation {
  const answer = inputResponse(answers, question)
  if (answer.kind !== 'elicit') {
    const isOfAnother = Object.keys(answers).some((key) => QUESTION.test(key) && key !== question)
    if (!isOfAnother) {
      throw requireTyped(
        doomed,
        'The answer to the question was not understood; nothing was deleted. Call again without inputResponses to have it asked again.',
      )
    }
    const { noun, successor, notFound } = doomed.words
    throw new MailError(
      notFound,
      `The ${noun} that the question was about is gone; a newer one ${successor}. Nothing was deleted.`,
    )
  }
  if (acceptedContent(answers, question, Consent)?.confirm === true) return { kind: 'confirmed' }
  return { kind: 'kept', answer: answer.action === 'cancel' ? 'cancelled' : 'declined' }
}

function requireTyped({ name, words }: Doomed, message: string): MailError {
  return new MailError('confirmation_required', message, {
    hint: `If it shall really go, call ${words.tool} again with confirm set to ${name}.`,
    facts: { confirm: name },
  })
}
