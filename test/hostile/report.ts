/** What the suite measured, as a table at the end of a file, and in the file HOSTILE_REPORT if that is set. */

import { appendFileSync } from 'node:fs'

/** Milliseconds that something took, many times. */
export class Latencies {
  readonly #all: number[] = []

  async time(work: () => Promise<unknown>): Promise<void> {
    const startedAt = performance.now()
    await work()
    this.#all.push(performance.now() - startedAt)
  }

  get count(): number {
    return this.#all.length
  }

  get max(): number {
    return Math.max(0, ...this.#all)
  }

  /** Of so many in a hundred it took no longer. */
  percentile(percent: number): number {
    const sorted = this.#all.toSorted((a, b) => a - b)
    return sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? 0
  }

  toString(): string {
    return [this.percentile(50), this.percentile(99), this.max].map((ms) => Math.round(ms)).join(' / ')
  }
}

/** Rows under a heading; shown when the file that fills it is done. */
export class Report {
  readonly #title: string
  readonly #rows: (readonly string[])[]

  constructor(title: string, heading: readonly string[]) {
    this.#title = title
    this.#rows = [heading]
  }

  add(...cells: readonly (string | number)[]): void {
    this.#rows.push(cells.map(String))
  }

  show(): void {
    const widths = (this.#rows[0] ?? []).map((_, column) => Math.max(...this.#rows.map((row) => row[column]?.length ?? 0)))
    const lines = this.#rows.map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    const text = `\n${this.#title}\n${lines.join('\n')}\n`
    process.stdout.write(text)
    const { HOSTILE_REPORT } = process.env
    if (HOSTILE_REPORT !== undefined) appendFileSync(HOSTILE_REPORT, text)
  }
}
