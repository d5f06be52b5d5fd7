/** How the places begin where a phrase can stand, so that a phrase is tried only at words that begin so. */

/** Letters of a beginning: with three, a word of a mail begins like a phrase or two of hundreds. */
export const PREFIX_LENGTH = 3

/** What a phrase may go on with: a character, the choice between ways to go on, or anything at all. */
type Step = string | { readonly choices: readonly (readonly Step[])[] } | null

/**
 * The beginnings of all that a phrase of lexicon.ts matches, each of PREFIX_LENGTH characters or cut short where more may differ: at a space, at `*`, at its
 * end. Folded lower-case text in, the same out.
 */
export function listPrefixes(phrase: string): string[] {
  const prefixes = new Set<string>()
  collect(readSteps(phrase, { at: 0 }), '', prefixes)
  return [...prefixes]
}

function collect(steps: readonly Step[], prefix: string, prefixes: Set<string>): void {
  const [step, ...rest] = steps
  if (prefix.length === PREFIX_LENGTH || step === undefined || step === null) prefixes.add(prefix)
  else if (typeof step === 'string') collect(rest, prefix + step, prefixes)
  else for (const choice of step.choices) collect([...choice, ...rest], prefix, prefixes)
}

/** Up to the end, or to the bracket or bar that ends this part. */
function readSteps(phrase: string, cursor: { at: number }): Step[] {
  const steps: Step[] = []
  for (; cursor.at < phrase.length; cursor.at++) {
    const char = phrase[cursor.at] ?? ''
    if (char === '|' || char === ')') break
    if (char === '?') steps.push({ choices: [[steps.pop() ?? null], []] })
    else if (char === '*' || char === ' ') steps.push(null)
    else if (char === '(') steps.push({ choices: readChoices(phrase, cursor) })
    else steps.push(char)
  }
  return steps
}

/** Leaves the cursor at the closing bracket. */
function readChoices(phrase: string, cursor: { at: number }): Step[][] {
  const choices: Step[][] = []
  do {
    cursor.at++
    choices.push(readSteps(phrase, cursor))
  } while (phrase[cursor.at] === '|')
  return choices
}
