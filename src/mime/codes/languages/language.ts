/** The words of one language by what they say. Written as in code-words.ts, for languages that part words by spaces. */

/** Lists of phrases; what each is for stands where its words are used. */
export type Language = {
  /** Name a one-time code and nothing else: ONE_TIME_WORDS. */
  readonly oneTime: readonly string[]
  /** May name another kind of code as well: CODE_WORDS. */
  readonly code: readonly string[]
  /** Lead from the word for it to the code: is, and `yours` where that stands behind. */
  readonly leads?: readonly string[]
  /** Make it the one that was asked for: OWN_WORDS. */
  readonly own: readonly string[]
  /** Make it the reader's: YOUR_WORDS. */
  readonly your: readonly string[]
  /** Ask to type it in: ENTER_WORDS. */
  readonly enter: readonly string[]
  /** Talk of signing in: SIGN_IN_WORDS. */
  readonly signIn: readonly string[]
  /** Say that it counts no more: SPENT_WORDS. */
  readonly spent: readonly string[]
  /** Say that nobody asks for it, or give an example: NEVER_ASK_WORDS and EXAMPLE_WORDS. */
  readonly neverAsk: readonly string[]
  readonly example: readonly string[]
  /** Name other numbers: LABEL_WORDS. */
  readonly labels: readonly string[]
  /** Name what makes something cheaper: PROMOTION_WORDS. */
  readonly promotions: readonly string[]
  /** Say that something lasts, and the link that it may be said of. */
  readonly lasting: readonly string[]
}
