/** Bounds of searching. */

/** Words, phrases and operators of one query. */
export const MAX_SEARCH_WORDS = 32
/** Of those, labels: each is a condition of its own on every message that the rest leaves. */
export const MAX_SEARCH_LABELS = 5
/** Terms that all words of a query come to, for an address or a phrase is several: the full text opens a list for each. */
export const MAX_SEARCH_TERMS = 64
/** Text of a body that search looks at, in UTF-16 units. */
export const MAX_INDEXED_CHARS = 200_000
/** Recipients, and names of attachments, that search looks at: that many UTF-16 units of each. */
export const MAX_INDEXED_LIST_CHARS = 20_000
/** How long after mail came it is indexed, unless somebody searches before: what comes together is indexed together, at a third of the cost each. */
export const INDEX_DELAY_MS = 1_000
/** Messages indexed in one step: everybody else waits for the step to end. */
export const INDEX_STEP_ROWS = 200
/** Text, in UTF-16 units, after which such a step ends; one message may be larger and is then alone. */
export const INDEX_STEP_CHARS = 500_000
