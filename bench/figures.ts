/** What a benchmark ends with: a table for people, a line for each figure that another program can read, and an exit code. */

import { appendFileSync } from 'node:fs'

/** A promise that was measured; the fields of a line of the file that --json names. */
export type Figure = { name: string; asked: string; measured: number; unit: string; ok: boolean }

/** How the figure is held against what is asked. */
export type Bound = 'at most' | 'at least' | 'under'

/** Measures are told with three digits, which is more than they are good for. */
const DIGITS = 3

/** One promise against what was measured of it; what could not be measured keeps no promise. */
export function judge(name: string, [bound, asked]: readonly [Bound, number], measured: number, unit: string): Figure {
  const keeps = { 'at most': measured <= asked, 'at least': measured >= asked, under: measured < asked }
  return { name, asked: `${bound} ${asked}`, measured: Number(measured.toPrecision(DIGITS)), unit, ok: keeps[bound] }
}

/** Shows the table, appends to `json` where that is named, and makes the exit code 1 where a promise was missed. */
export function conclude(figures: readonly Figure[], json: string | undefined): void {
  process.stdout.write(`\n${renderFigures(figures)}`)
  if (json !== undefined) appendFigures(json, figures)
  if (figures.some(({ ok }) => !ok)) process.exitCode = 1
}

/** The table of promises. */
export function renderFigures(figures: readonly Figure[]): string {
  const rows = figures.map(({ name, asked, measured, unit, ok }) => [name, asked, `${measured}`, unit, ok ? 'yes' : 'NO'])
  return renderTable([['claim', 'asked', 'measured', 'unit', 'kept'], ...rows])
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

/** The value below which this part of all values lies; NaN of none. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
}

/** The middle one. */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5)
}
