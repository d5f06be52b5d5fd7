/**
 * How often a proof by repetition repeats: a few times in `npm test`, so that a claim that is plainly broken shows at once, and in
 * `npm run test:faults` as often as the claim says, FAULT_ROUNDS times as often if that is set. suites.ts finds who asks here.
 */

const factor = process.env.FAULT_ROUNDS

/** Whether this run proves what `npm test` only tries. */
export const IS_FULL = factor !== undefined

/** Of so many messages of the corpus one is read. */
export const CORPUS_STEP = IS_FULL ? 1 : 4

/** What that comes to, for the name of a test. */
export const CORPUS_EXTENT = IS_FULL ? 'every message' : `one message in ${CORPUS_STEP}`

/**
 * The number for this run: `full` times FAULT_ROUNDS, which may be a fraction, in the second suite; `short` outside of it, which a test that is
 * only there leaves out.
 */
export function rounds({ short, full }: { short?: number; full: number }): number {
  if (factor === undefined) {
    // No round at all would prove nothing, and pass.
    if (short === undefined) throw new Error('This is for the second suite only: npm run test:faults.')
    return short
  }
  const count = Math.round(full * Number(factor))
  if (!(count > 0)) throw new Error(`FAULT_ROUNDS is a positive number, not ${JSON.stringify(factor)}.`)
  return count
}
