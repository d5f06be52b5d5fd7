/** From what was measured to what is promised of it: medians, ratios, a table, and a line for each figure that another program can read. */

import { appendFileSync } from 'node:fs'
import type { SubjectName } from './subject.ts'

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
  readonly bound: 'at least' | 'at most'
  readonly asked: number
}

/** A promise that was measured; the fields of a line of the file that --json names. */
export type Figure = { name: string; asked: string; measured: number; unit: string; ok: boolean }

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
      return typeof ours === 'number' && typeof theirs === 'number' ? [ours / theirs] : []
    })
    if (ratios.length === 0) return null
    const measured = medianOf(ratios)
    const what = quantity === 'medianMs' ? 'latency' : quantity
    return {
      name: `ingest, ${scenario}: ${what}, by that of ${against}`,
      asked: `${bound} ${asked}`,
      measured: Number(measured.toPrecision(3)),
      unit: 'times',
      ok: bound === 'at least' ? measured >= asked : measured <= asked,
    }
  }

  #list(scenario: string, subject: SubjectName): readonly Measured[] {
    return this.#runs.get(`${scenario}\t${subject}`) ?? []
  }
}

/** One line for each figure, appended. */
export function appendFigures(file: string, figures: readonly Figure[]): void {
  appendFileSync(file, figures.map((figure) => `${JSON.stringify(figure)}\n`).join(''))
}

/** Columns of the same width, the first to the left. */
export function renderTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  const renderRow = (row: readonly string[]) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ')
  return `${rows.map((row) => renderRow(row).trimEnd()).join('\n')}\n`
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  const middle = Math.floor(sorted.length / 2)
  const [low = Number.NaN, high = Number.NaN] =
    sorted.length % 2 === 1 ? [sorted[middle], sorted[middle]] : sorted.slice(middle - 1)
  return (low + high) / 2
}
