/** Checks what a caller passed and says, in words an agent can act on, what was wrong with it. */

import { z } from 'zod'
import { editDistance } from '../edit-distance.ts'
import { MailError } from '../errors.ts'

/** Most letters that may differ between an unknown argument and the one it was meant to be. */
const MAX_TYPO_DISTANCE = 3

/** What agents call an argument that goes by another name here. */
const SYNONYMS: ReadonlyMap<string, string> = new Map([['address', 'inbox']])

/** The arguments as the schema has them, defaults filled in. @throws MailError invalid_argument, naming the first wrong argument */
export function parseArguments<Input extends z.ZodObject>(tool: string, input: Input, args: unknown): z.output<Input> {
  const parsed = input.safeParse(args ?? {}, { reportInput: true })
  if (parsed.success) return parsed.data
  // A name that does not exist explains what is missing: `body` why there is no `text`.
  const unknown = parsed.error.issues.find((issue) => issue.code === 'unrecognized_keys')
  if (unknown !== undefined) throw refuseUnknown(tool, unknown.path, unknown.keys[0] ?? '', listNames(input, unknown.path))
  const [issue] = parsed.error.issues
  if (issue === undefined) throw new MailError('invalid_argument', 'The arguments could not be read.')
  const argument = issue.path.join('.')
  const message = argument === '' ? 'The arguments must be an object.' : `${argument} ${describeIssue(issue)}.`
  throw new MailError('invalid_argument', message, {
    hint: `Correct it and call ${tool} again.`,
    ...(argument !== '' && { facts: { argument } }),
  })
}

function refuseUnknown(tool: string, path: readonly PropertyKey[], given: string, names: readonly string[]): MailError {
  const near = nearestName(given, names)
  const argument = [...path, quoteArgument(given)].join('.')
  return new MailError('invalid_argument', `${tool} has no argument ${argument}.`, {
    hint: `${near === undefined ? '' : `Did you mean ${near}? `}${path.length === 0 ? 'It' : path.join('.')} takes ${names.join(', ')}.`,
    facts: { argument, ...(near !== undefined && { didYouMean: near }) },
  })
}

/** The names that the object at this path of the arguments may have. */
function listNames(schema: unknown, path: readonly PropertyKey[]): string[] {
  const [step, ...rest] = path
  if (schema instanceof z.ZodOptional) return listNames(schema.unwrap(), path)
  if (schema instanceof z.ZodArray) return listNames(schema.element, rest)
  if (!(schema instanceof z.ZodObject)) return []
  return step === undefined ? Object.keys(schema.shape) : listNames(schema.shape[String(step)], rest)
}

/** What is wrong, as the end of a sentence that begins with the argument's name. */
function describeIssue(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'is required'
      return `must be ${withArticle(issue.expected)}, not ${describeType(issue.input)}`
    case 'too_small':
      return `must ${describeBound(issue.origin, 'at least', Number(issue.minimum))}${describeNumber(issue.input)}`
    case 'too_big':
      return `must ${describeBound(issue.origin, 'at most', Number(issue.maximum))}${describeNumber(issue.input)}`
    case 'invalid_value':
      return `must be one of ${issue.values.map((value) => String(value)).join(', ')}`
    default:
      return issue.message
  }
}

function describeBound(origin: string, bound: string, limit: number): string {
  if (origin === 'string') return `have ${bound} ${limit} character${limit === 1 ? '' : 's'}`
  if (origin === 'array') return `have ${bound} ${limit} item${limit === 1 ? '' : 's'}`
  return `be ${bound} ${limit}`
}

function describeNumber(value: unknown): string {
  return typeof value === 'number' ? ` (it was ${value})` : ''
}

function withArticle(type: string): string {
  if (type === 'int') return 'a whole number'
  return /^[aeiou]/u.test(type) ? `an ${type}` : `a ${type}`
}

function describeType(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) return 'infinity'
  if (typeof value === 'number') return Number.isInteger(value) ? 'a number' : 'a fraction'
  return withArticle(typeof value)
}

/** The caller's own word, but never more of it than a name can be. */
function quoteArgument(name: string): string {
  return name.replaceAll(/[^\w.-]/gu, '?').slice(0, 40)
}

function nearestName(given: string, names: readonly string[]): string | undefined {
  const plain = given.toLowerCase().replaceAll(/[_-]/gu, '').slice(0, 40)
  const synonym = SYNONYMS.get(plain)
  if (synonym !== undefined && names.includes(synonym)) return synonym
  const longer = names.find((name) => plain.length > 2 && name.toLowerCase().startsWith(plain))
  if (longer !== undefined) return longer
  const ranked = names
    .map((name) => ({ name, distance: editDistance(plain, name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= MAX_TYPO_DISTANCE && distance < name.length / 2)
    .sort((a, b) => a.distance - b.distance)
  return ranked[0]?.name
}
