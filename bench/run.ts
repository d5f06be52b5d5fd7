/**
 * Measures every claim about speed and memory, one after the other, and ends with one table. A claim that is missed, or that cannot be measured, does not keep the
 * others from being measured. Exit code 1 when one was missed.
 *
 *     npm run bench [-- [--full] [NAME ...]]
 */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Figure, renderFigures } from './figures.ts'

/** Files beside this one. All of them take --json FILE; what makes them short is what a machine can do while somebody waits. */
const BENCHMARKS: Readonly<Record<string, { short: readonly string[]; full: readonly string[] }>> = {
  startup: { short: ['--short'], full: [] },
  latency: { short: ['--short'], full: [] },
  tools: { short: ['--short'], full: [] },
  memory: { short: ['--short'], full: [] },
  takeover: { short: ['10'], full: [] },
  search: { short: ['50000', '50', '500'], full: [] },
  ingest: { short: ['--short'], full: [] },
}

const { values: options, positionals } = parseArgs({
  options: { full: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const unknown = positionals.filter((name) => !(name in BENCHMARKS))
if (unknown.length > 0) {
  process.stderr.write(`There is no benchmark ${unknown.join(', ')}; there are ${Object.keys(BENCHMARKS).join(', ')}.\n`)
  process.exit(2)
}

const scratch = mkdtempSync(join(tmpdir(), 'inbox-mcp-bench-'))
try {
  const figures: Figure[] = []
  for (const [name, args] of Object.entries(BENCHMARKS)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue
    process.stdout.write(`\n== ${name}\n`)
    figures.push(...(await run(name, options.full ? args.full : args.short)))
  }
  process.stdout.write(`\n== all of it\n${renderFigures(figures)}`)
  if (figures.some(({ ok }) => !ok)) process.exitCode = 1
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

/** What it found; a figure that is no number where it broke off, since that is no promise kept. */
async function run(name: string, args: readonly string[]): Promise<Figure[]> {
  const json = join(scratch, `${name}.jsonl`)
  const script = fileURLToPath(new URL(`./${name}.ts`, import.meta.url))
  const child = spawn(process.execPath, [script, ...args, '--json', json], { stdio: ['ignore', 'inherit', 'inherit'] })
  const [exitCode] = await once(child, 'exit')
  const lines = existsSync(json) ? readFileSync(json, 'utf8').split('\n') : []
  const figures = lines.filter((line) => line !== '').map((line): Figure => JSON.parse(line))
  const isBroken = exitCode !== 0 && figures.every(({ ok }) => ok)
  return isBroken
    ? [
        ...figures,
        { name: `${name}, to its end`, asked: 'exit code 0', measured: Number(exitCode), unit: 'exit code', ok: false },
      ]
    : figures
}
