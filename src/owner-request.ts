/** What the owner of a server may ask of it on the command line, and no agent may. */

import { ConfigError, show, suggest } from './command-line.ts'

/** One request to the store that is answered in words; addresses as typed. */
export type StoreRequest =
  | { kind: 'list-suppressions'; address: string | null }
  | { kind: 'remove-suppression'; address: string; recipient: string }
  | { kind: 'list-suspended' }
  | { kind: 'resume-inbox'; address: string }
  | { kind: 'list-unknown' }
  | { kind: 'retry-delivery'; deliveryId: string }
  | { kind: 'list-domains' }
  | { kind: 'release-domain'; domain: string }

/** One request about a server as a whole; paths as typed, from the working directory. */
export type OperatingRequest =
  | { kind: 'diagnose' }
  | { kind: 'show-status'; json: boolean }
  | { kind: 'back-up'; file: string }
  | { kind: 'import-mail'; source: string; inbox: string }
  /** `file` is null for stdout. */
  | { kind: 'export-mail'; inbox: string; file: string | null }

/** One request. */
export type OwnerRequest = StoreRequest | OperatingRequest

/** What stands behind the words of a command: values in their order, and its flags. */
type Given = { readonly values: readonly string[]; readonly flags: ReadonlyMap<string, string> }

/**
 * A form of a request: its words, upper case where a value stands, `--flag` where a flag of its own does, `[...]` where either may be left out. A flag
 * has a value when one follows it.
 */
type Form = { readonly words: string; readonly help: string; readonly make: (given: Given) => OwnerRequest }

/** Every form there is, in the order of the help. */
export const OWNER_FORMS: readonly Form[] = [
  {
    words: 'doctor',
    help: 'look for what could go wrong here, and say how to put it right',
    make: () => ({ kind: 'diagnose' }),
  },
  {
    words: 'status [--json]',
    help: 'who receives, how much mail there is, what waits',
    make: ({ flags }) => ({ kind: 'show-status', json: flags.has('--json') }),
  },
  {
    words: 'backup FILE',
    help: 'copy all mail into a new file, while servers run',
    make: ({ values: [file = ''] }) => ({ kind: 'back-up', file }),
  },
  {
    words: 'import SOURCE --inbox ADDRESS',
    help: 'file an mbox, a Maildir or a directory of .eml files into an inbox',
    make: ({ values: [source = ''], flags }) => ({ kind: 'import-mail', source, inbox: flags.get('--inbox') ?? '' }),
  },
  {
    words: 'export INBOX [FILE]',
    help: 'write an inbox as an mbox, to a new file or to stdout',
    make: ({ values: [inbox = '', file] }) => ({ kind: 'export-mail', inbox, file: file ?? null }),
  },
  {
    words: 'suppressions list [ADDRESS]',
    help: 'recipients that inboxes may not write to any more, with reason and date',
    make: ({ values: [address] }) => ({ kind: 'list-suppressions', address: address ?? null }),
  },
  {
    words: 'suppressions remove ADDRESS RECIPIENT',
    help: 'let the inbox ADDRESS write to RECIPIENT again',
    make: ({ values: [address = '', recipient = ''] }) => ({ kind: 'remove-suppression', address, recipient }),
  },
  {
    words: 'inboxes suspended',
    help: 'inboxes that neither send nor receive, with the reason',
    make: () => ({ kind: 'list-suspended' }),
  },
  {
    words: 'inboxes resume ADDRESS',
    help: 'let a suspended inbox send and receive again',
    make: ({ values: [address = ''] }) => ({ kind: 'resume-inbox', address }),
  },
  {
    words: 'outbox unknown',
    help: 'deliveries that may have arrived; none is sent again by itself',
    make: () => ({ kind: 'list-unknown' }),
  },
  {
    words: 'outbox retry DELIVERY',
    help: 'send one of them again, with the same Message-ID',
    make: ({ values: [deliveryId = ''] }) => ({ kind: 'retry-delivery', deliveryId }),
  },
  {
    words: 'domains list',
    help: 'own domains, and which agent has each',
    make: () => ({ kind: 'list-domains' }),
  },
  {
    words: 'domains release DOMAIN',
    help: 'take a domain from the agent that has it',
    make: ({ values: [domain = ''] }) => ({ kind: 'release-domain', domain }),
  },
]

/** The flags that belong to single commands, and which of them take no value. No setting is called so. */
export const COMMAND_FLAGS = ['--json', '--inbox'] as const
/** See {@link COMMAND_FLAGS}. */
export const COMMAND_SWITCHES = ['--json'] as const

/** The request that words and flags make. @throws ConfigError naming what is missing or unknown */
export function readOwnerRequest(words: readonly string[], flags: ReadonlyMap<string, string> = new Map()): OwnerRequest {
  const [topic = '', verb = ''] = words
  const form = OWNER_FORMS.find(({ words: known }) => {
    const command = readCommand(known)
    return command[0] === topic && (command.length === 1 || command[1] === verb)
  })
  if (form === undefined) throw new ConfigError(explainUnknown(topic, words.length > 1 ? verb : null))
  const values = words.slice(readCommand(form.words).length)
  if (!fits(form.words, values, flags)) throw new ConfigError(`the command is: inbox-mcp ${form.words}`)
  return form.make({ values, flags })
}

/** A flag that belongs to a command, given where none is named. */
export function explainStrayFlag(flag: string): string {
  const form = OWNER_FORMS.find(({ words }) => words.includes(flag))
  return `${flag} belongs to a command: inbox-mcp ${form?.words ?? ''}`
}

/** The words before the first value or flag. */
function readCommand(words: string): string[] {
  const parts = words.split(' ')
  const end = parts.findIndex((part) => !/^[a-z]+$/.test(part))
  return end === -1 ? parts : parts.slice(0, end)
}

/** Whether every value and flag that the form needs is there, and nothing besides. */
function fits(words: string, values: readonly string[], flags: ReadonlyMap<string, string>): boolean {
  const parts = words.split(' ').slice(readCommand(words).length)
  const isFlag = (part: string) => part.includes('--')
  const known = parts.filter(isFlag)
  // What follows a flag without a bracket is its value.
  const names = parts.filter((part, index) => !isFlag(part) && !parts[index - 1]?.startsWith('--'))
  const least = names.filter((name) => !name.startsWith('[')).length
  const needed = known.filter((flag) => !flag.startsWith('['))
  return (
    values.length >= least &&
    values.length <= names.length &&
    values.every((value) => value !== '') &&
    needed.every((flag) => flags.has(flag)) &&
    [...flags.keys()].every((flag) => known.some((each) => each.replaceAll(/[[\]]/g, '') === flag))
  )
}

function explainUnknown(topic: string, verb: string | null): string {
  const topics = [...new Set(OWNER_FORMS.map(({ words }) => words.split(' ')[0] ?? ''))]
  if (!topics.includes(topic)) return `unknown command ${show(topic)}${suggest(topic, ['demo', ...topics])}`
  const forms = OWNER_FORMS.filter(({ words }) => words.startsWith(`${topic} `)).map(({ words }) => `inbox-mcp ${words}`)
  const what = verb === null ? `${topic} needs another word` : `${topic} does not know ${show(verb)}`
  return `${what}; there is: ${forms.join(', ')}`
}
