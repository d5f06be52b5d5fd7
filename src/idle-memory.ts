/**
 * Memory goes back to the system: V8 keeps what a burst or a large mail has taken until somebody allocates again, which may be tomorrow. Works where the
 * program was started by cli.ts, which asks V8 for its collector; elsewhere V8 does what it does by itself.
 */

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

/** What a thread sees of itself; a test has its own. */
export type ThreadView = {
  /** Time that passed, and of it that in which the thread worked, since some moment. */
  readonly elapsedMs: () => number
  readonly workMs: () => number
  /** Calls again and again, and holds no process. Answers what ends it. */
  readonly every: (intervalMs: number, callback: () => void) => () => void
  /** In a turn of its own. */
  readonly soon: (callback: () => void) => void
  readonly collect: (how: Thoroughness) => void
}

/** `young` is what was taken last, in a millisecond; `thorough` as when memory runs out: only then do pages go back to the system. */
export type Thoroughness = 'young' | 'all' | 'thorough'

const THIS_THREAD: ThreadView = {
  elapsedMs: () => performance.now(),
  workMs: () => performance.eventLoopUtilization().active,
  every: (intervalMs, callback) => {
    const timer = setInterval(callback, intervalMs).unref()
    return () => clearInterval(timer)
  },
  soon: setImmediate,
  collect: (how) => collectHere(how),
}

/**
 * Has this thread give back what it does not need, once after each stretch of work, when it has become idle. Holds no process. Answers what ends it.
 * `release` gives back what V8 does not know of.
 */
export function releaseWhenIdle(release: () => void = () => {}, thread: ThreadView = THIS_THREAD): () => void {
  let before = thread.workMs()
  let sinceReleaseMs = 0
  let releasedAt = Number.NEGATIVE_INFINITY
  return thread.every(LOOK_EVERY_MS, () => {
    const now = thread.workMs()
    const workMs = now - before
    before = now
    sinceReleaseMs += workMs
    const isTooSoon = thread.elapsedMs() - releasedAt < LEAST_PAUSE_MS
    if (workMs > IDLE_WORK_MS || sinceReleaseMs < LEAST_WORK_MS || isTooSoon) return
    release()
    thread.collect('thorough')
    // What that took itself is no work.
    before = thread.workMs()
    sinceReleaseMs = 0
    releasedAt = thread.elapsedMs()
  })
}

/** Buffers of a large mail would else be kept until others as large are wanted. Answers what is to be told of the bytes that a thread is done with. */
export function createLargeRelease(thread: ThreadView = THIS_THREAD): (sizeBytes: number) => void {
  let isDue = false
  return (sizeBytes) => {
    if (sizeBytes < LARGE_BYTES || isDue) return
    isDue = true
    // Whoever calls has them at hand still.
    thread.soon(() => {
      isDue = false
      thread.collect('all')
    })
  }
}

/** Blocks that a socket has read into stay until there is other garbage, of which a large mail makes little. Answers what is to be told of bytes read. */
export function createReadRelease(thread: ThreadView = THIS_THREAD): (sizeBytes: number) => void {
  let sinceBytes = 0
  return (sizeBytes) => {
    sinceBytes += sizeBytes
    if (sinceBytes < LARGE_BYTES) return
    sinceBytes = 0
    thread.collect('young')
  }
}

/** Those of this thread. */
export const releaseLarge: (sizeBytes: number) => void = createLargeRelease()
/** Likewise, of bytes read from a socket. */
export const releaseRead: (sizeBytes: number) => void = createReadRelease()

let collector: NodeJS.GCFunction | null | undefined

function collectHere(how: Thoroughness): void {
  if (collector === undefined) collector = findCollector()
  if (how === 'young') collector?.({ type: 'minor', execution: 'sync' })
  else collector?.({ type: 'major', execution: 'sync', ...(how === 'thorough' && { flavor: 'last-resort' }) })
}

/** Contexts have it that were made after it was asked for: that of a worker is, the main one is not. No flag is set here: other threads run. */
function findCollector(): NodeJS.GCFunction | null {
  if (globalThis.gc) return globalThis.gc
  const found: unknown = runInNewContext('globalThis.gc')
  return typeof found === 'function' ? (options) => found(options) : null
}
