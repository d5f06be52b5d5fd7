/** Asks the post office, and has an answer for the client whatever comes of it. */

import type { World } from '../world.ts'

/** Exactly one of `value`, `failure` and `overdue` is called; `late` follows `overdue` when the work comes to an end after all. */
export type Outcomes<Value> = {
  value: (value: Value) => void
  failure: (error: unknown) => void
  overdue: () => void
  late: (value: Value) => void
  /** One of the above threw: a defect of ours, which must not end the process. */
  defect: (error: unknown) => void
}

/** Runs `work` under a deadline. Never throws, never rejects. */
export function settle<Value>(world: World, deadlineMs: number, work: () => Promise<Value>, outcomes: Outcomes<Value>): void {
  let overdue = false
  const cancel = world.after(deadlineMs, () => {
    overdue = true
    outcomes.overdue()
  })
  start(work)
    .then(
      (value) => {
        cancel()
        if (overdue) outcomes.late(value)
        else outcomes.value(value)
      },
      (error: unknown) => {
        cancel()
        if (!overdue) outcomes.failure(error)
      },
    )
    .catch(outcomes.defect)
}

/** A `work` that throws instead of rejecting is no different. */
function start<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return work()
  } catch (error) {
    return Promise.reject(error)
  }
}
