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

/** Runs `work` under a deadline. Never throws, never rejects. What it answers at once is passed on at once: that costs neither a timer nor a promise. */
export function settle<Value>(
  world: World,
  deadlineMs: number,
  work: () => Value | Promise<Value>,
  outcomes: Outcomes<Value>,
): void {
  const started = start(work)
  if (isPromise(started)) watch(world, deadlineMs, started, outcomes)
  else pass(started, outcomes)
}

function pass<Value>(value: Value, outcomes: Outcomes<Value>): void {
  try {
    outcomes.value(value)
  } catch (error) {
    outcomes.defect(error)
  }
}

function watch<Value>(world: World, deadlineMs: number, started: Promise<Value>, outcomes: Outcomes<Value>): void {
  let overdue = false
  const cancel = world.after(deadlineMs, () => {
    overdue = true
    outcomes.overdue()
  })
  started
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
function start<Value>(work: () => Value | Promise<Value>): Value | Promise<Value> {
  try {
    return work()
  } catch (error) {
    return Promise.reject(error)
  }
}

function isPromise<Value>(started: Value | Promise<Value>): started is Promise<Value> {
  return started instanceof Promise
}
