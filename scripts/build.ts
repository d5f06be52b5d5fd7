/** Bundles the sources into `dist/`, which is what the npm package runs. Only better-sqlite3 stays outside: it has native parts. */

import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { rolldown } from 'rolldown'
import { renderLicenses } from './licenses.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const DIST = join(ROOT, 'dist')

/**
 * What is loaded together, a bundle each: files that somebody names (npm, cli.ts, and main.ts as the URLs of its threads), and chunks beside them. A thread
 * that shared chunks with the program would load dozens of small files, or much that it does not need.
 */
const BUNDLES: readonly Bundle[] = [
  {
    input: { cli: 'src/cli.ts', main: 'src/main.ts' },
    // What a start needs as two files, since each file costs it a millisecond: what every command needs, and what only a server does.
    groups: [
      { name: 'start', test: /[\\/]src[\\/](main|app)\.ts$/, priority: 2 },
      { name: 'serve', test: /[\\/]src[\\/]mcp[\\/]server\.ts$/, priority: 1 },
    ],
  },
  { input: { 'store-worker': 'src/sql/worker.ts' } },
  { input: { 'parse-worker': 'src/mime/worker.ts' } },
  { input: { 'auth-worker': 'src/auth/worker.ts' } },
]

type Bundle = { input: Record<string, string>; groups?: { name: string; test: RegExp; priority: number }[] }

/** Output of the bundler, as it comes. */
type Output = Awaited<ReturnType<typeof bundle>>[number]

try {
  const files = await bundleSources()
  writeDist(files)
  process.stdout.write(`dist/: ${files.size} files, ${Math.round(totalBytes(files) / 1024)} KB\n`)
} catch (error) {
  // The bundler's message shows the line in question; where in the bundler it was thrown helps nobody.
  const message = error instanceof Error ? error.message : String(error)
  process.stderr.write(`${process.stderr.isTTY ? message : stripVTControlCharacters(message)}\n`)
  process.exitCode = 1
}

/** The files of `dist/` by name. */
async function bundleSources(): Promise<Map<string, string | Uint8Array>> {
  const output = (await Promise.all(BUNDLES.map(bundle))).flat()
  const files = new Map<string, string | Uint8Array>()
  for (const item of output) {
    const content = item.type === 'chunk' ? item.code : item.source
    // Names carry a hash of what is in them, so bundles that share a name share the file.
    if (files.has(item.fileName) && files.get(item.fileName) !== content) throw new Error(`two files named ${item.fileName}`)
    files.set(item.fileName, content)
  }
  return files.set('THIRD-PARTY-LICENSES.txt', renderLicenses(listModules(output)))
}

async function bundle({ input, groups }: Bundle) {
  const build = await rolldown({
    cwd: ROOT,
    input,
    platform: 'node',
    external: ['better-sqlite3'],
    resolve: { alias: { '@modelcontextprotocol/server/_shims': join(ROOT, 'scripts/sdk-shims.ts') } },
    onLog(level, log, handle) {
      if (level === 'warn') throw new Error(`the bundler warns: ${log.message}`)
      handle(level, log)
    },
  })
  const { output } = await build.generate({
    format: 'es',
    // Flat, so that a URL relative to main.js holds wherever the bundler puts the code that names it.
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
    ...(groups && { codeSplitting: { groups } }),
    // Names stay: a stack trace in somebody's bug report must be readable without a source map.
    minify: false,
    // One character beyond Latin-1 doubles what V8 holds and reads of a whole file: measurable at start.
    charset: 'ascii',
    comments: { legal: false, annotation: true, jsdoc: false },
  })
  await build.close()
  return output
}

function listModules(output: readonly Output[]): string[] {
  return [...new Set(output.flatMap((item) => (item.type === 'chunk' ? item.moduleIds : [])))]
}

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
