/** What a thread does with memory when nothing happens: V8 keeps what a burst has taken until somebody allocates again, which may be tomorrow. */

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** How often a thread looks whether it has become idle. */
const LOOK_EVERY_MS = 2_000
/** A thread that worked for no longer than this within such a time is idle: timers, and a look at the port. */
const IDLE_WORK_MS = 20
/** Work that leaves nothing behind that would be worth the effort. */
const LEAST_WORK_MS = 50

/**
 * Has this thread give back what it does not need, once after each stretch of work, when it has become idle. Holds no process. Answers what ends it.
 * `release` gives back what V8 does not know of.
 */
export function releaseWhenIdle(release: () => void = () => {}): () => void {
  let before = performance.eventLoopUtilization().active
  let sinceReleaseMs = 0
  const timer = setInterval(() => {
    const now = performance.eventLoopUtilization().active
    const workMs = now - before
    before = now
    sinceReleaseMs += workMs
    if (workMs > IDLE_WORK_MS || sinceReleaseMs < LEAST_WORK_MS) return
    release()
    collectGarbage()
    // What that took itself is no work.
    before = performance.eventLoopUtilization().active
    sinceReleaseMs = 0
  }, LOOK_EVERY_MS).unref()
  return () => clearInterval(timer)
}

/** All of it, as when memory runs out: pages go back to the system, which they do not otherwise. */
function collectGarbage(): void {
  // The function is there only for who asks with a flag, and in contexts made while it is set.
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  setFlagsFromString('--no-expose-gc')
  if (typeof collect === 'function') collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })
}
