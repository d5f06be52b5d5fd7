/** The words of a command line, and how to say that one of them is wrong. */

import { editDistance } from './edit-distance.ts'

/** The command line or the environment is wrong. The message is one line that names the setting and says what is allowed. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/** The words for on, in lower case. */
export const ON_WORDS: readonly string[] = ['on', 'true', 'yes', '1']
/** The words for off, in lower case. */
export const OFF_WORDS: readonly string[] = ['off', 'false', 'no', '0']

/** What stands on the command line: texts by flag, and the words that are none. */
export type Arguments = { given: ReadonlyMap<string, string>; words: readonly string[] }

/** No command has one of these names: behind a switch they are meant as its value. */
const ON_OR_OFF: readonly string[] = [...ON_WORDS, ...OFF_WORDS]

/**
 * Takes arguments (without node and script) apart: `--flag value` or `--flag=value`, each flag once. A flag among `switches` is on when it
 * stands alone, and takes a value only behind `=`.
 * @throws ConfigError
 */
export function readArguments(argv: readonly string[], flags: readonly string[], switches: readonly string[]): Arguments {
  const given = new Map<string, string>()
  const words: string[] = []
  for (let at = 0; at < argv.length; at += 1) {
    const argument = argv[at] ?? ''
    if (!argument.startsWith('-')) {
      words.push(argument)
      continue
    }
    const equals = argument.indexOf('=')
    const flag = equals === -1 ? argument : argument.slice(0, equals)
    if (!flags.includes(flag))
      throw new ConfigError(`unknown flag ${show(flag)}${suggest(flag, [...flags, '--help', '--version'])}`)
    if (given.has(flag)) throw new ConfigError(`${flag} is given twice`)
    if (equals === -1 && switches.includes(flag)) {
      const next = argv[at + 1]
      if (next !== undefined && ON_OR_OFF.includes(next.toLowerCase()))
        throw new ConfigError(`${flag} takes no value behind a space; write ${flag} or ${flag}=${next.toLowerCase()}`)
      given.set(flag, 'on')
      continue
    }
    const text = equals === -1 ? argv[++at] : argument.slice(equals + 1)
    // `--domain --agent x` has lost a value; no value of ours begins with two dashes.
    if (text === undefined || text === '' || text.startsWith('--')) throw new ConfigError(`${flag} needs a value`)
    given.set(flag, text)
  }
  return { given, words }
}

/** Text from the outside for an error: on one line, quoted, bounded. */
export function show(words: string): string {
  // A URL that strayed from its flag may carry a password.
  const text = words.replaceAll(/:\/\/[^/@]*@/g, '://…@')
  const quoted = JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text)
  // JSON leaves DEL, the C1 controls and the bidi marks of Unicode as they are.
  return quoted.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?')
}

/** What was probably meant, or where the list is. */
export function suggest(word: string, known: readonly string[]): string {
  const nearest = known
    .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase().slice(0, 40), candidate) }))
    .sort((one, other) => one.distance - other.distance)[0]
  const isNear = nearest !== undefined && nearest.distance <= Math.max(2, Math.floor(nearest.candidate.length / 4))
  return isNear ? `; did you mean ${nearest.candidate}?` : '; inbox-mcp --help lists what there is'
}
