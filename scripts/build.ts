/** Bundles the sources into `dist/`, which is what the npm package runs. Only better-sqlite3 stays outside: it has native parts. */

import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { renderLicenses } from './licenses.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const DIST = join(ROOT, 'dist')

/** Files that somebody names: npm, cli.ts, and main.ts as the URLs of its workers. All else is a chunk beside them. */
const ENTRIES = {
  cli: 'src/cli.ts',
  main: 'src/main.ts',
  'store-worker': 'src/sql/worker.ts',
  'parse-worker': 'src/mime/worker.ts',
}

const bundle = await rolldown({
  cwd: ROOT,
  input: ENTRIES,
  platform: 'node',
  external: ['better-sqlite3'],
  // package.json is imported for its version alone: nothing else of it belongs in the bundle.
  onLog(level, log, handle) {
    if (level !== 'warn') return handle(level, log)
    throw new Error(`the bundler warns: ${log.message}`)
  },
})
const { output } = await bundle.generate({
  format: 'es',
  // Flat, so that a URL relative to main.js holds wherever the bundler puts the code that names it.
  entryFileNames: '[name].js',
  chunkFileNames: '[name]-[hash].js',
  // Names stay: a stack trace in somebody's bug report must be readable without a source map.
  minify: false,
  comments: { legal: false, annotation: true, jsdoc: false },
})
await bundle.close()

const files = new Map<string, string | Uint8Array>()
const modules = new Set<string>()
for (const item of output) {
  files.set(item.fileName, item.type === 'chunk' ? item.code : item.source)
  if (item.type === 'chunk') for (const id of item.moduleIds) modules.add(id)
}
files.set('THIRD-PARTY-LICENSES.txt', renderLicenses([...modules]))
writeDist(files)
process.stdout.write(`dist/: ${files.size} files, ${Math.round(totalBytes(files) / 1024)} KB\n`)

/** Leaves files alone that are as they should be, so that a server that runs from `dist/` meanwhile never reads half of one. */
function writeDist(wanted: ReadonlyMap<string, string | Uint8Array>): void {
  mkdirSync(DIST, { recursive: true })
  for (const [name, content] of wanted) {
    const path = join(DIST, name)
    if (!existsSync(path) || !readFileSync(path).equals(Buffer.from(content))) writeFileSync(path, content)
  }
  for (const name of readdirSync(DIST)) if (!wanted.has(name)) rmSync(join(DIST, name), { recursive: true })
  chmodSync(join(DIST, 'cli.js'), 0o755)
}

function totalBytes(all: ReadonlyMap<string, string | Uint8Array>): number {
  return [...all.values()].reduce((sum, content) => sum + Buffer.byteLength(content), 0)
}
