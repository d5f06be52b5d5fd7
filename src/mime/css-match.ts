/** Whether a selector reaches an element. Three answers, for what follows an element is not known where it begins. */

import type { AttributeTest, Compound, Selector } from './css-selectors.ts'

/** An element among those around it. */
export type Node = {
  readonly name: string
  readonly id: string
  readonly classes: readonly string[]
  readonly attributes: ReadonlyMap<string, string>
  readonly parent: Node | null
  /** The elements before it in the same parent, the nearest first, as many as are remembered. */
  readonly previous: Node | null
  /** Its position among the elements of its parent, from 1. */
  readonly index: number
}

/** What a selector says of an element. */
export type Match = 'yes' | 'no' | 'maybe'

/** Counts what matching costs, over a whole message. */
export class MatchBudget {
  #steps: number

  constructor(steps: number) {
    this.#steps = steps
  }

  /** Nothing is left. */
  get isSpent(): boolean {
    return this.#steps <= 0
  }

  /** Something was compared with text of this length. */
  take(chars: number): void {
    this.#steps -= 1 + Math.floor(chars / CHARS_PER_STEP)
  }
}

const CHARS_PER_STEP = 256

/** Whether the selector reaches the element; `maybe` too when the budget is spent. */
export function matchSelector({ last, before }: Selector, node: Node, budget: MatchBudget): Match {
  const match = matchCompound(last, node, budget)
  return match === 'no' ? 'no' : both(match, matchBefore(before, 0, node, budget))
}

function matchBefore(before: Selector['before'], at: number, node: Node, budget: MatchBudget): Match {
  const link = before[at]
  if (!link) return 'yes'
  const { combinator, compound } = link
  const isBeside = combinator === '+' || combinator === '~'
  const goesOn = combinator === ' ' || combinator === '~'
  let best: Match = 'no'
  let candidate = isBeside ? node.previous : (node.parent ?? implied(node))
  while (candidate) {
    if (budget.isSpent) return 'maybe'
    let match = candidate === IMPLIED ? matchImplied(compound) : matchCompound(compound, candidate, budget)
    if (match === 'yes' && isSplit(combinator, candidate, node)) match = 'maybe'
    if (match !== 'no') match = both(match, matchBefore(before, at + 1, candidate, budget))
    if (match === 'yes') return 'yes'
    if (match === 'maybe') best = 'maybe'
    if (!goesOn) break
    candidate = isBeside ? candidate.previous : (candidate.parent ?? implied(candidate))
  }
  return best
}

/** The body, and the document around it, where the mail names neither. */
const IMPLIED: Node = { name: 'body', id: '', classes: [], attributes: new Map(), parent: null, previous: null, index: 2 }

function implied(node: Node): Node | null {
  // Neither is within a body: `body *` must not hide the whole mail.
  return node === IMPLIED || node.name === 'html' || node.name === 'body' ? null : IMPLIED
}

/** Between a table and its rows there is a body, written or not (HTML section 13.2.6.4.9). */
function isSplit(combinator: string, parent: Node, { name }: Node): boolean {
  return combinator === '>' && name === 'tr' && parent.name === 'table'
}

function matchImplied({ tag, ids, classes, attributes, nths, nots, anys, isUnknown, isNever }: Compound): Match {
  if (isNever || (tag !== null && tag !== 'body' && tag !== 'html')) return 'no'
  if (ids.length > 0 || classes.length > 0 || attributes.length > 0) return 'no'
  return isUnknown || nths.length > 0 || nots.length > 0 || anys.length > 0 ? 'maybe' : 'yes'
}

function matchCompound(compound: Compound, node: Node, budget: MatchBudget): Match {
  budget.take(0)
  if (compound.isNever || (compound.tag !== null && compound.tag !== node.name)) return 'no'
  if (compound.isRoot && node.name !== 'html') return 'no'
  if (compound.ids.some((id) => node.id !== id)) return 'no'
  if (compound.classes.some((name) => !node.classes.includes(name))) return 'no'
  if (compound.attributes.some((test) => !hasAttribute(node, test, budget))) return 'no'
  let match: Match = compound.isUnknown ? 'maybe' : 'yes'
  for (const nth of compound.nths) match = both(match, matchNth(nth, node))
  for (const list of compound.anys) match = both(match, matchAny(list, node, budget))
  for (const list of compound.nots) match = both(match, negate(matchAny(list, node, budget)))
  return match
}

function matchAny(list: readonly Selector[], node: Node, budget: MatchBudget): Match {
  const matches = list.map((selector) => matchSelector(selector, node, budget))
  if (matches.includes('yes')) return 'yes'
  return matches.includes('maybe') ? 'maybe' : 'no'
}

/** At the top it is not known whether the elements of the head count. */
function matchNth({ step, offset }: { step: number; offset: number }, { index, parent }: Node): Match {
  if (parent === null || parent.name === 'html') return 'maybe'
  const distance = index - offset
  const isAt = step === 0 ? distance === 0 : distance % step === 0 && distance / step >= 0
  return isAt ? 'yes' : 'no'
}

function both(first: Match, second: Match): Match {
  if (first === 'no' || second === 'no') return 'no'
  return first === 'maybe' ? first : second
}

function negate(match: Match): Match {
  return match === 'yes' ? 'no' : match === 'no' ? 'yes' : 'maybe'
}

/** Classes read of one element. */
export const MAX_CLASSES = 100

function hasAttribute(
  { attributes }: Node,
  { name, operator, value: wanted, ignoresCase }: AttributeTest,
  budget: MatchBudget,
): boolean {
  const written = attributes.get(name)
  if (written === undefined) return false
  if (operator === '') return true
  budget.take(written.length)
  const [value, part] = ignoresCase ? [written.toLowerCase(), wanted.toLowerCase()] : [written, wanted]
  if (operator === '=') return value === part
  if (part === '') return false
  if (operator === '^=') return value.startsWith(part)
  if (operator === '$=') return value.endsWith(part)
  if (operator === '*=') return value.includes(part)
  if (operator === '|=') return value === part || value.startsWith(`${part}-`)
  return value.split(/\s+/, MAX_CLASSES).includes(part)
}
