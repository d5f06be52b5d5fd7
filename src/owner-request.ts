/** What the owner of a server may ask of it on the command line, and no agent may. */

import { ConfigError, show, suggest } from './command-line.ts'

/** One request; addresses as typed. */
export type OwnerRequest =
  | { kind: 'list-suppressions'; address: string | null }
  | { kind: 'remove-suppression'; address: string; recipient: string }
  | { kind: 'list-suspended' }
  | { kind: 'resume-inbox'; address: string }
  | { kind: 'list-unknown' }
  | { kind: 'retry-delivery'; deliveryId: string }

/** A form of a request: its words, upper case where a value stands, `[...]` where it may be left out. */
type Form = { readonly words: string; readonly help: string; readonly make: (values: readonly string[]) => OwnerRequest }

/** Every form there is, in the order of the help. */
export const OWNER_FORMS: readonly Form[] = [
  {
    words: 'suppressions list [ADDRESS]',
    help: 'recipients that inboxes may not write to any more, with reason and date',
    make: ([address]) => ({ kind: 'list-suppressions', address: address ?? null }),
  },
  {
    words: 'suppressions remove ADDRESS RECIPIENT',
    help: 'let the inbox ADDRESS write to RECIPIENT again',
    make: ([address = '', recipient = '']) => ({ kind: 'remove-suppression', address, recipient }),
  },
  {
    words: 'inboxes suspended',
    help: 'inboxes that neither send nor receive, with the reason',
    make: () => ({ kind: 'list-suspended' }),
  },
  {
    words: 'inboxes resume ADDRESS',
    help: 'let a suspended inbox send and receive again',
    make: ([address = '']) => ({ kind: 'resume-inbox', address }),
  },
  {
    words: 'outbox unknown',
    help: 'deliveries that may have arrived; none is sent again by itself',
    make: () => ({ kind: 'list-unknown' }),
  },
  {
    words: 'outbox retry DELIVERY',
    help: 'send one of them again, with the same Message-ID',
    make: ([deliveryId = '']) => ({ kind: 'retry-delivery', deliveryId }),
  },
]

/** The request that the words make. @throws ConfigError naming what is missing or unknown */
export function readOwnerRequest(words: readonly string[]): OwnerRequest {
  const [topic = '', verb = ''] = words
  const form = OWNER_FORMS.find(({ words: known }) => known.startsWith(`${topic} ${verb} `) || known === `${topic} ${verb}`)
  if (form === undefined) throw new ConfigError(explainUnknown(topic, words.length > 1 ? verb : null))
  const values = words.slice(2)
  const names = form.words.split(' ').slice(2)
  const least = names.filter((name) => !name.startsWith('[')).length
  if (values.length < least || values.length > names.length) throw new ConfigError(`the command is: inbox-mcp ${form.words}`)
  return form.make(values)
}

function explainUnknown(topic: string, verb: string | null): string {
  const topics = [...new Set(OWNER_FORMS.map(({ words }) => words.split(' ')[0] ?? ''))]
  if (!topics.includes(topic)) return `unknown command ${show(topic)}${suggest(topic, ['demo', ...topics])}`
  const forms = OWNER_FORMS.filter(({ words }) => words.startsWith(`${topic} `)).map(({ words }) => `inbox-mcp ${words}`)
  const what = verb === null ? `${topic} needs another word` : `${topic} does not know ${show(verb)}`
  return `${what}; there is: ${forms.join(', ')}`
}
