/** What answers say of tools: none that this server does not offer. A read-only one offers few, and `--toolsets` leaves out sets. */

/** Names of the tools that are offered, and of those that exist and are not. */
export type Offered = { readonly offered: ReadonlySet<string>; readonly withheld: ReadonlySet<string> }

/** Our words without the clauses that name a tool that is withheld; a sentence of which nothing is left goes. Not for words of a mail. */
export function dropWithheld(text: string, { withheld }: Pick<Offered, 'withheld'>): string {
  const isOffered = (clause: string) => (clause.match(TOOL_NAME) ?? []).every((name) => !withheld.has(name))
  if (isOffered(text)) return text
  return text
    .split(SENTENCES)
    .map((sentence) => {
      if (isOffered(sentence)) return sentence
      const kept = splitClauses(sentence.replace(/\.$/u, '')).filter(({ clause }) => isOffered(clause))
      const [first, ...rest] = kept
      return first === undefined ? '' : `${[first.clause, ...rest.map(({ lead, clause }) => lead + clause)].join('')}.`
    })
    .filter((sentence) => sentence !== '')
    .join(' ')
}

const TOOL_NAME = /[a-z]+(?:_[a-z]+)+/gu
const SENTENCES = /(?<=\.) /u
const CLAUSES = /(, or |, then |; )/u

/** The clauses of a sentence, each with what leads to it. */
function splitClauses(sentence: string): { lead: string; clause: string }[] {
  const parts = sentence.split(CLAUSES)
  return parts.flatMap((clause, at) => (at % 2 === 0 ? { lead: parts[at - 1] ?? '', clause } : []))
}
