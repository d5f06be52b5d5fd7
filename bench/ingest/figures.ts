/** From what was measured to what is promised of it: medians, ratios, a table, and a line for each figure that another program can read. */

import { type Bound, type Figure, judge } from '../figures.ts'
import type { SubjectName } from './subject.ts'

export { appendFigures, renderTable } from '../figures.ts'

/**
 * One run of the sender against one server. Rates are messages a second; `drained` until the last of them could be listed. `cpuUs` is what the server had used of
 * the processor for each when the last was answered.
 */
export type Measured = {
  readonly acknowledged: number
  readonly drained: number | null
  readonly medianMs: number
  readonly cpuUs: number | null
  /** Of the sender. */
  readonly load: number
}

/** What a promise is about. */
export type Quantity = 'acknowledged' | 'drained' | 'medianMs'

/** What is promised: a quantity of ours by that of another server, at least or at most so much. */
export type Promised = {
  readonly scenario: string
  readonly quantity: Quantity
  readonly against: SubjectName
  readonly bound: Bound
  readonly asked: number
}

/** All runs by scenario and server, in the order of the rounds. */
export class Measurements {
  readonly #runs = new Map<string, Measured[]>()

  add(scenario: string, subject: SubjectName, measured: Measured): void {
    const key = `${scenario}\t${subject}`
    this.#runs.set(key, [...(this.#runs.get(key) ?? []), measured])
  }

  /** The median of a quantity over the rounds; null where it was not measured. */
  median(scenario: string, subject: SubjectName, quantity: keyof Measured): number | null {
    const values = this.#list(scenario, subject).flatMap((run) => run[quantity] ?? [])
    return values.length === 0 ? null : medianOf(values)
  }

  /** The median of the ratios of the rounds, each between two runs that were close in time. */
  judge({ scenario, quantity, against, bound, asked }: Promised): Figure | null {
    const others = this.#list(scenario, against)
    const ratios = this.#list(scenario, 'inbox-mcp').flatMap((run, round) => {
      const [ours, theirs] = [run[quantity], others[round]?.[quantity]]
      return typeof ours === 'number' && typeof theirs === 'number' && theirs > 0 ? [ours / theirs] : []
    })
    if (ratios.length === 0) return null
    const what = quantity === 'medianMs' ? 'latency' : quantity
    return judge(`ingest, ${scenario}: ${what}, by that of ${against}`, [bound, asked], medianOf(ratios), 'times')
  }

  #list(scenario: string, subject: SubjectName): readonly Measured[] {
    return this.#runs.get(`${scenario}\t${subject}`) ?? []
  }
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  const middle = Math.floor(sorted.length / 2)
  const [low = Number.NaN, high = Number.NaN] =
    sorted.length % 2 === 1 ? [sorted[middle], sorted[middle]] : sorted.slice(middle - 1)
  return (low + high) / 2
}
