/** What selectors of CSS ask of one element and of those around it (Selectors 4). */

/** What one element must be. */
export type Compound = {
  /** In lower case; null for any. */
  readonly tag: string | null
  readonly ids: readonly string[]
  readonly classes: readonly string[]
  readonly tests: readonly Test[]
}

/** What is asked of an element beside its names. */
export type Test =
  | AttributeTest
  /** Every `step`th from `offset`, counted from the first or the last of its parent, of all or of its type. */
  | { readonly kind: 'nth'; readonly step: number; readonly offset: number; readonly fromEnd: boolean; readonly ofType: boolean }
  /** One of the selectors must fit, or none may. */
  | { readonly kind: 'any'; readonly selectors: readonly Selector[]; readonly isNegated: boolean }
  /** It is around, or before, what one of the selectors fits; the first compound of each stands beside ANCHOR. */
  | { readonly kind: 'has'; readonly selectors: readonly Selector[] }
  /** `unknown`: what is not known here, so that the rule may apply and may not; `never`: a state in which a mail does not lie before its reader. */
  | { readonly kind: 'root' | 'empty' | 'anchor' | 'unknown' | 'never' }

/** A test of an attribute; an `operator` of '' asks for its presence. */
export type AttributeTest = {
  readonly kind: 'attribute'
  readonly name: string
  readonly operator: string
  readonly value: string
  readonly ignoresCase: boolean
}

/** The last element first; each is joined to the one after it: ' ' below, '>' right below, '+' right behind, '~' behind. */
export type Selector = {
  readonly last: Compound
  readonly before: readonly { readonly combinator: string; readonly compound: Compound }[]
  /** Ids, classes and tags of it, as one number (Selectors 4 section 17). */
  readonly specificity: number
}

/** A list of selectors; a browser drops the whole rule where one of them is `invalid`, and may do so where one is `doubtful`. */
export type SelectorList = {
  readonly selectors: readonly Selector[]
  readonly status: 'valid' | 'doubtful' | 'invalid'
  /** Some were longer or deeper than is read. */
  readonly isShortened: boolean
}

/** The element that `:has()` is asked of. */
export const ANCHOR: Compound = { tag: null, ids: [], classes: [], tests: [{ kind: 'anchor' }] }

/** What `&` and what a selector without it stands for: the selectors of the rule around; null where there is none. */
export type Outer = { readonly selectors: readonly Selector[]; readonly isScope: boolean } | null
