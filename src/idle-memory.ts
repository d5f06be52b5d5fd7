/** Memory goes back to the system: V8 keeps what a burst or a large mail has taken until somebody allocates again, which may be tomorrow. */

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** How often a thread looks whether it has become idle. */
const LOOK_EVERY_MS = 3_000
/** It costs some tens of milliseconds, so not more often than this. */
const LEAST_PAUSE_MS = 15_000
/** A thread that worked for no longer than this within such a time is idle: timers, and a look at the port. */
const IDLE_WORK_MS = 20
/** Work that leaves nothing behind that would be worth the effort. */
const LEAST_WORK_MS = 50

/** Mail of this size is worth the tens of milliseconds that it takes. */
const LARGE_BYTES = 4_194_304

/**
 * Has this thread give back what it does not need, once after each stretch of work, when it has become idle. Holds no process. Answers what ends it.
 * `release` gives back what V8 does not know of.
 */
export function releaseWhenIdle(release: () => void = () => {}): () => void {
  let before = performance.eventLoopUtilization().active
  let sinceReleaseMs = 0
  let releasedAt = Number.NEGATIVE_INFINITY
  const timer = setInterval(() => {
    const now = performance.eventLoopUtilization().active
    const workMs = now - before
    before = now
    sinceReleaseMs += workMs
    const isTooSoon = performance.now() - releasedAt < LEAST_PAUSE_MS
    if (workMs > IDLE_WORK_MS || sinceReleaseMs < LEAST_WORK_MS || isTooSoon) return
    release()
    // As when memory runs out: only then do pages go back to the system.
    collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })
    // What that took itself is no work.
    before = performance.eventLoopUtilization().active
    sinceReleaseMs = 0
    releasedAt = performance.now()
  }, LOOK_EVERY_MS).unref()
  return () => clearInterval(timer)
}

/** To be told of the bytes that a thread is done with: buffers of a large mail would else be kept until others as large are wanted. */
export function releaseLarge(sizeBytes: number): void {
  if (sizeBytes < LARGE_BYTES || isReleaseDue) return
  isReleaseDue = true
  // In a turn of its own: whoever calls has them at hand still.
  setImmediate(() => {
    isReleaseDue = false
    collect({ type: 'major', execution: 'sync' })
  })
}

let isReleaseDue = false

type Collect = (options: { type: 'major'; execution: 'sync'; flavor?: 'last-resort' }) => void

let known: Collect | null = null

const collect: Collect = (options) => {
  known ??= findCollect()
  known(options)
}

/** The function is there only for who asks with a flag, and in contexts made while it is set. */
function findCollect(): Collect {
  setFlagsFromString('--expose-gc')
  const found: unknown = runInNewContext('gc')
  setFlagsFromString('--no-expose-gc')
  return (options) => {
    if (typeof found === 'function') found(options)
  }
}
