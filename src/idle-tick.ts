/** When an idle process looks whether it has missed something: seldom, and for everything at once. */

import type { World } from './world.ts'

/** A tick that is nearer than this part of the interval is left out: it would be the one that has just been, of a timer that ran early. */
const LEAST_PART = 0.05

/**
 * Milliseconds to the next whole multiple of the interval, on the clock that nobody sets. Whoever only looks now and then does so at the same moments as all the
 * others: a process that wakes once for three looks uses a third of the processor, and what they ask the store goes in one call.
 */
export function untilTick(world: Pick<World, 'elapsedMs'>, intervalMs: number): number {
  const restMs = intervalMs - (world.elapsedMs() % intervalMs)
  return restMs < LEAST_PART * intervalMs ? restMs + intervalMs : restMs
}
