/**
 * How often a proof by repetition repeats. `npm test` runs each of them shortly, so that a claim that is plainly broken shows at once;
 * `npm run test:faults` runs them as often as the claim says, and FAULT_ROUNDS times as often if that is set.
 */

const factor = process.env.FAULT_ROUNDS

/** Whether this run proves what `npm test` only tries. */
export const IS_FULL = factor !== undefined

/** The number for this run: `full` times FAULT_ROUNDS, which may be a fraction, in the suite of faults; `short` outside of it. */
export function rounds({ short, full }: { short: number; full: number }): number {
  if (factor === undefined) return short
  const count = Math.round(full * Number(factor))
  if (!(count > 0)) throw new Error(`FAULT_ROUNDS is a positive number, not ${JSON.stringify(factor)}.`)
  return count
}
