/**
 * So many inputs of one kind, each made by dice of its own, so that any of them can be made again alone: `FUZZ_SEED=7 FUZZ_ONLY=mail:1234`, or some in a row: `FUZZ_ONLY=mcp:100-149`.
 * HOSTILE_ROUNDS says how many times as many.
 */

import { createHash } from 'node:crypto'
import { appendFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Dice } from '../../support/dice.ts'
import { rounds } from '../../support/rounds.ts'

/** Another number tries other inputs. */
const SEED = process.env.FUZZ_SEED ?? '20261125'
const ONLY = /^([a-z-]+):(\d+)(?:-(\d+))?$/.exec(process.env.FUZZ_ONLY ?? '')

/** Faults that are told; after so many the rest is more of the same. */
const MAX_TOLD = 10
/** So much of an input is shown. */
const MAX_SHOWN_CHARS = 400

/** One input: its place in the campaign, and the dice that make it. */
export type Turn = { readonly index: number; readonly dice: Dice }

/** The inputs of one kind, and what was wrong with any of them. */
export class Campaign {
  readonly #name: string
  readonly #full: number
  readonly #faults: string[] = []
  readonly #counts = new Map<string, number>()

  /** `full` inputs unless HOSTILE_ROUNDS says otherwise. */
  constructor(name: string, full: number) {
    this.#name = name
    this.#full = full
  }

  /** The turns of this run: all, the one that was asked for, or none when another campaign was. */
  *turns(): Generator<Turn> {
    const [first, end] = this.#range()
    for (let index = first; index < end; index += 1) {
      this.count('inputs')
      yield { index, dice: rollFor(`${SEED} ${this.#name} ${index}`) }
    }
  }

  /** The same turns in batches, for what goes out together. */
  *batches(size: number): Generator<Turn[]> {
    let batch: Turn[] = []
    for (const turn of this.turns()) {
      batch.push(turn)
      if (batch.length < size) continue
      yield batch
      batch = []
    }
    if (batch.length > 0) yield batch
  }

  /** Whether one input is run alone, and so every check of it made. */
  get isAlone(): boolean {
    return ONLY !== null
  }

  /** One more of a kind, for the report. */
  count(kind: string, by = 1): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + by)
  }

  /** What is wrong with an input, or with one of several that went out together; it is kept in a file when it is run alone. */
  fault(turns: Turn | readonly Turn[], input: string | Uint8Array, whats: readonly string[]): void {
    if (whats.length === 0) return
    this.count('faults')
    if (this.#faults.length >= MAX_TOLD) return
    const bytes = Buffer.from(input)
    const indexes = [turns].flat().map(({ index }) => index)
    const range = indexes.length === 1 ? `${indexes[0]}` : `${indexes[0]}-${indexes.at(-1)}`
    const path = join(tmpdir(), `fuzz-${this.#name}-${range}`)
    if (this.isAlone) writeFileSync(path, bytes)
    const again = `FUZZ_SEED=${SEED} FUZZ_ONLY=${this.#name}:${range}`
    const shown = this.isAlone ? `in ${path}` : JSON.stringify(bytes.toString('latin1', 0, MAX_SHOWN_CHARS))
    this.#faults.push(`${again}: ${whats.slice(0, 5).join(' | ').slice(0, 2_000)}\n    ${bytes.length} bytes: ${shown}`)
  }

  /** The faults as they are told; empty when all went well. */
  get faults(): readonly string[] {
    return this.#faults
  }

  /** One line for the report at the end. */
  summary(): string {
    return `fuzz ${this.#name}: ${[...this.#counts].map(([kind, count]) => `${count} ${kind}`).join(', ')}`
  }

  #range(): [first: number, end: number] {
    if (ONLY === null) return [0, rounds({ full: this.#full })]
    const index = Number(ONLY[2])
    return ONLY[1] === this.#name ? [index, Number(ONLY[3] ?? index) + 1] : [0, 0]
  }
}

/** Dice whose rolls depend on every character of a text. */
export function rollFor(text: string): Dice {
  return new Dice(1 + (createHash('sha256').update(text).digest().readUInt32LE() % 2_147_483_646))
}

/** Says it where a person who runs the suite sees it, and in the file HOSTILE_REPORT if that is set. */
export function report(...lines: readonly string[]): void {
  const text = lines.map((line) => `  ${line}\n`).join('')
  process.stdout.write(text)
  const { HOSTILE_REPORT } = process.env
  if (HOSTILE_REPORT !== undefined) appendFileSync(HOSTILE_REPORT, text)
}
