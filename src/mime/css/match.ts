/** Whether a selector reaches an element. Three answers, for some selectors ask what is not known here. Every step is paid for from a budget. */

import { MAX_CLASSES, type Node } from './nodes.ts'
import type { AttributeTest, Compound, Selector, Test } from './selectors.ts'

/** What a selector says of an element. */
export type Match = 'yes' | 'no' | 'maybe'

const CHARS_PER_STEP = 256

/** Matches selectors, as long as there is a budget for it. */
export class Matcher {
  #steps: number
  /** The elements that `:has()` is asked of, the innermost last. */
  readonly #anchors: Node[] = []

  /** At most so many elements are looked at. */
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

  /** Whether the selector reaches the element; `maybe` too when the budget is spent. */
  match({ last, before }: Selector, node: Node): Match {
    const match = this.#matchCompound(last, node)
    return match === 'no' ? 'no' : both(match, this.#matchBefore(before, 0, node))
  }

  /** Whether one of the selectors reaches the element or one around it. */
  isWithin(selectors: readonly Selector[], node: Node): Match {
    let best: Match = 'no'
    for (let around: Node | null = node; around && best !== 'yes' && !this.isSpent; around = around.parent) {
      best = either(best, this.#matchAny(selectors, around))
    }
    return this.isSpent ? 'maybe' : best
  }

  #matchBefore(before: Selector['before'], at: number, node: Node): Match {
    const link = before[at]
    if (!link) return 'yes'
    const { combinator, compound } = link
    const isBeside = combinator === '+' || combinator === '~'
    let best: Match = 'no'
    for (
      let candidate = isBeside ? node.previous : node.parent;
      candidate;
      candidate = isBeside ? candidate.previous : candidate.parent
    ) {
      if (this.isSpent) return 'maybe'
      const match = this.#matchCompound(compound, candidate)
      if (match !== 'no') best = either(best, both(match, this.#matchBefore(before, at + 1, candidate)))
      if (best === 'yes' || combinator === '>' || combinator === '+') return best
    }
    return best
  }

  #matchCompound({ tag, ids, classes, tests }: Compound, node: Node): Match {
    this.take(0)
    if (tag !== null && tag !== node.name) return 'no'
    if (ids.some((id) => node.id !== id)) return 'no'
    if (classes.some((name) => !node.classes.includes(name))) return 'no'
    let match: Match = 'yes'
    for (const test of tests) {
      match = both(match, this.#matchTest(test, node))
      if (match === 'no') return 'no'
    }
    return match
  }

  #matchTest(test: Test, node: Node): Match {
    switch (test.kind) {
      case 'attribute':
        this.take(node.attributes.get(test.name)?.length ?? 0)
        return hasAttribute(node, test) ? 'yes' : 'no'
      case 'nth':
        return this.#matchNth(test, node)
      case 'any': {
        const match = this.#matchAny(test.selectors, node)
        return test.isNegated ? negate(match) : match
      }
      case 'has':
        return this.#matchHas(test.selectors, node)
      case 'root':
        return node.parent === null ? 'yes' : 'no'
      case 'empty':
        return node.first === null && !node.hasText ? 'yes' : 'no'
      case 'anchor':
        return node === this.#anchors.at(-1) ? 'yes' : 'no'
      case 'unknown':
        return 'maybe'
      case 'never':
        return 'no'
    }
  }

  #matchAny(selectors: readonly Selector[], node: Node): Match {
    let best: Match = 'no'
    for (const selector of selectors) {
      if (this.isSpent) return 'maybe'
      best = either(best, this.match(selector, node))
      if (best === 'yes') return best
    }
    return best
  }

  #matchNth({ step, offset, fromEnd, ofType }: Test & { kind: 'nth' }, node: Node): Match {
    const distance = this.#position(node, fromEnd, ofType) - offset
    if (this.isSpent) return 'maybe'
    return (step === 0 ? distance === 0 : distance % step === 0 && distance / step >= 0) ? 'yes' : 'no'
  }

  #position(node: Node, fromEnd: boolean, ofType: boolean): number {
    if (!ofType) return fromEnd ? (node.parent?.childCount ?? 1) - node.index + 1 : node.index
    let position = 1
    for (let other = fromEnd ? node.next : node.previous; other && !this.isSpent; other = fromEnd ? other.next : other.previous) {
      this.take(0)
      if (other.name === node.name) position++
    }
    return position
  }

  /** Looks through what is in the element and behind it. */
  #matchHas(selectors: readonly Selector[], node: Node): Match {
    this.#anchors.push(node)
    let best: Match = 'no'
    for (const isBeside of [false, true]) {
      const asked = selectors.filter(({ before }) => isBeside === /^[+~]$/.test(before.at(-1)?.combinator ?? ''))
      const start = isBeside ? node.next : node.first
      if (asked.length === 0) continue
      for (let found = start; found && best !== 'yes'; found = follow(found, node, isBeside)) {
        if (this.isSpent) best = either(best, 'maybe')
        if (this.isSpent) break
        best = either(best, this.#matchAny(asked, found))
      }
    }
    this.#anchors.pop()
    return best
  }
}

/** The next element in the order of the document that is in `anchor`, or behind it in the same parent. */
function follow(node: Node, anchor: Node, isBeside: boolean): Node | null {
  if (node.first) return node.first
  const end = isBeside ? anchor.parent : anchor
  for (let up: Node | null = node; up && up !== end; up = up.parent) if (up.next) return up.next
  return null
}

/** Whichever of two must hold. */
export function both(first: Match, second: Match): Match {
  if (first === 'no' || second === 'no') return 'no'
  return first === 'maybe' ? first : second
}

function either(first: Match, second: Match): Match {
  if (first === 'yes' || second === 'yes') return 'yes'
  return first === 'maybe' ? first : second
}

function negate(match: Match): Match {
  return match === 'yes' ? 'no' : match === 'no' ? 'yes' : 'maybe'
}

function hasAttribute({ attributes }: Node, { name, operator, value: wanted, ignoresCase }: AttributeTest): boolean {
  const written = attributes.get(name)
  if (written === undefined) return false
  if (operator === '') return true
  const [value, part] = ignoresCase ? [written.toLowerCase(), wanted.toLowerCase()] : [written, wanted]
  if (operator === '=') return value === part
  if (part === '') return operator === '|=' && value === part
  if (operator === '^=') return value.startsWith(part)
  if (operator === '$=') return value.endsWith(part)
  if (operator === '*=') return value.includes(part)
  if (operator === '|=') return value === part || value.startsWith(`${part}-`)
  return value.split(/\s+/, MAX_CLASSES).includes(part)
}
