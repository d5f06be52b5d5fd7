/** What every flood is: something done again and again by many at once, bounded in count and in time. */

import type { Target } from './peer.ts'

/** How much a flood does at most. */
export type Bounds = { count: number; untilMs: number }

/** What came of it, for the report. */
export type Tally = Record<string, number>

/** Attacks, until its bounds are reached. */
export type Flood = (target: Target, bounds: Bounds) => Promise<Tally>

/** Does it `parallel` times at once until it was done `count` times or time is up. Answers how often. */
export async function repeat(
  parallel: number,
  { count, untilMs }: Bounds,
  attack: (index: number) => Promise<void>,
): Promise<number> {
  let begun = 0
  const goOn = async () => {
    while (begun < count && Date.now() < untilMs) {
      begun += 1
      await attack(begun)
    }
  }
  await Promise.all(Array.from({ length: parallel }, goOn))
  return begun
}

/** Resolves at that time, or when the promise does. */
export async function waitUntil(untilMs: number, sooner: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, untilMs - Date.now()))
  })
  await Promise.race([over, sooner])
  clearTimeout(timer)
}
