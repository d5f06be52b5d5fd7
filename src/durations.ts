/** Units of time, in milliseconds, for bounds to be written in. */

/** One second. */
export const SECOND_MS = 1_000
/** One minute. */
export const MINUTE_MS = 60 * SECOND_MS
/** One hour. */
export const HOUR_MS = 60 * MINUTE_MS
/** One day; also the window of a UTC calendar day. */
export const DAY_MS = 24 * HOUR_MS
