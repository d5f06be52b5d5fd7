import { describe, expect, test } from 'vitest'
import { findImports, findLayer, namePackage, readSources } from './support/imports.ts'

/** A file is one thought. */
const MOST_LINES = 300

/** Sees every layer and wires them. */
const WIRING = ['app.ts', 'owner-app.ts', 'main.ts', 'cli.ts']

/** Where each package may be imported. A folder's drivers are its own: replacing one must not touch another folder. */
const PACKAGES: Record<string, readonly string[]> = {
  zod: ['root', 'mcp'],
  'env-paths': ['main.ts'],
  'better-sqlite3': ['sql'],
  'smtp-server': ['smtp'],
  '@modelcontextprotocol/server': ['mcp'],
  '@modelcontextprotocol/client': ['demo'],
  mailparser: ['mime'],
  nodemailer: ['mime', 'smtp'],
  htmlparser2: ['mime'],
  tldts: ['mime'],
  'file-type': ['mime'],
  mailauth: ['auth'],
}

/** Who may touch the process: what wires it, and nobody else, so that the rest can be booted in a test. */
const TOUCHES_PROCESS = /\bprocess\s*\.\s*(?!memoryUsage\b)\w+/
/** stdout belongs to the protocol. */
const WRITES_OUT = /\bprocess\s*\.\s*stdout\b|\bconsole\s*\./

const sources = readSources()
const isWiring = (path: string) => WIRING.includes(path)

describe('imports', () => {
  test('the root imports no folder', () => {
    const wrong = list(({ path, imports }) =>
      findLayer(path) !== 'root' || isWiring(path) ? [] : imports.filter((name) => isSource(name) && findLayer(name) !== 'root'),
    )
    expect(wrong).toEqual([])
  })

  test('a folder imports no other folder', () => {
    const wrong = list(({ path, imports }) =>
      findLayer(path) === 'root'
        ? []
        : imports.filter((name) => isSource(name) && !['root', findLayer(path)].includes(findLayer(name))),
    )
    expect(wrong).toEqual([])
  })

  test('nobody imports what wires them', () => {
    // main.ts names the file of cli.ts, for the demo to start; it does not load it.
    const wiring = list(({ path, imports }) => imports.filter((name) => isWiring(name) && !isWiring(path)))
    expect(wiring).toEqual([])
  })

  test('each package is imported where it belongs and nowhere else', () => {
    const wrong = list(({ path, imports }) =>
      imports.filter((name) => {
        if (isSource(name) || name.startsWith('node:') || name === '../package.json') return false
        const places = PACKAGES[namePackage(name)] ?? []
        return !places.includes(isWiring(path) ? path : findLayer(path))
      }),
    )
    expect(wrong).toEqual([])
  })

  test('every package of the table is used', () => {
    const used = new Set(sources.flatMap(({ imports }) => imports.map(namePackage)))
    expect(Object.keys(PACKAGES).filter((name) => !used.has(name))).toEqual([])
  })

  test('cli.ts imports nothing that an old Node could choke on before it has looked', () => {
    const cli = sources.find(({ path }) => path === 'cli.ts')
    const statically = cli?.text.match(/^import .*$/gm)
    expect(statically).toEqual(["import { explainOldNode } from './node-version.ts'"])
    expect(sources.find(({ path }) => path === 'node-version.ts')?.imports).toEqual([])
  })

  // Every start waits for the thread of the store; with zod it would load more than twice as much code.
  test('the thread of the store loads no zod', () => {
    const seen = new Set<string>()
    const visit = (path: string): void => {
      const source = sources.find((each) => each.path === path)
      if (source === undefined || seen.has(path)) return
      seen.add(path)
      const text = source.text.replaceAll(/\b(?:import|export) type\s[^'"]*?from\s*'[^']+'/g, '')
      for (const name of findImports(path, text)) {
        if (name === 'zod') seen.add(`zod, by ${path}`)
        visit(name)
      }
    }
    visit('sql/worker.ts')
    expect(seen.size).toBeGreaterThan(30)
    expect([...seen].filter((name) => name.startsWith('zod'))).toEqual([])
  })

  test('every imported file exists', () => {
    const paths = new Set(sources.map(({ path }) => path))
    expect(list(({ imports }) => imports.filter((name) => isSource(name) && !paths.has(name)))).toEqual([])
  })
})

describe('sources', () => {
  test(`are at most ${MOST_LINES} lines`, () => {
    expect(list(({ text }) => (text.split('\n').length > MOST_LINES ? [`${text.split('\n').length} lines`] : []))).toEqual([])
  })

  test('leave stdout to the protocol', () => {
    expect(list(({ path, text }) => (path === 'main.ts' ? [] : findLines(text, WRITES_OUT)))).toEqual([])
  })

  test('leave the process to what wires it', () => {
    expect(list(({ path, text }) => (isWiring(path) ? [] : findLines(text, TOUCHES_PROCESS)))).toEqual([])
  })

  test('say what every exported symbol promises', () => {
    expect(list(({ text }) => findUndocumented(text))).toEqual([])
  })
})

describe('the checks themselves', () => {
  test('see every form of import, and none in a comment', () => {
    const text = `
import a from 'a'
import { b,
  c } from "b"
import type { d } from './d.ts'
import 'e'
export * from '../f.ts'
export type { g } from './g/g.ts'
const h = await import('h')
const i = require('i')
const j = new URL(BUILT ? './j.js' : './j/worker.ts', import.meta.url)
const url = 'https://example.org' // import k from 'k'
/* import l from 'l' */
`
    expect(findImports('mime/x.ts', text).sort()).toEqual(
      ['a', 'b', 'mime/d.ts', 'e', 'f.ts', 'mime/g/g.ts', 'h', 'i', 'mime/j/worker.ts'].sort(),
    )
  })

  test('see an exported symbol without a docstring', () => {
    expect(findUndocumented('/** Yes. */\nexport const a = 1\n\nexport const b = 2\n// no\nexport function c() {}')).toEqual([
      'export const b = 2',
      'export function c() {}',
    ])
  })

  test('see that something writes to stdout', () => {
    expect(findLines('process.stdout.write(1)', WRITES_OUT)).toHaveLength(1)
    expect(findLines("console.log('x')", WRITES_OUT)).toHaveLength(1)
    expect(findLines('/** never process.stdout */', WRITES_OUT)).toHaveLength(0)
  })
})

/** What a rule finds, as `file: finding`. */
function list(find: (source: (typeof sources)[number]) => readonly string[]): string[] {
  return sources.flatMap((source) => find(source).map((finding) => `${source.path}: ${finding}`))
}

function isSource(name: string): boolean {
  return name.endsWith('.ts')
}

function findLines(text: string, pattern: RegExp): string[] {
  return text.split('\n').filter((line) => pattern.test(line) && !/^\s*(?:\/?\*|\/\/)/.test(line))
}

/**
 * Exported symbols without a docstring above them. Not asked for one: the type of the zod schema right above it, re-exports, and
 * tools, whose description stands in the literal.
 */
function findUndocumented(text: string): string[] {
  const lines = text.split('\n')
  return lines.filter((line, index) => {
    if (!/^export (?:default |async |abstract |declare )*(?:function|class|const|let|type|interface)\b/.test(line)) return false
    const isOfSchema = /^export type (\w+) = z\.(?:infer|input|output)<typeof \1>$/.test(line)
    const isTool = /= defineTool\(\{$/.test(line)
    return !isOfSchema && !isTool && !/\*\/\s*$/.test(lines[index - 1] ?? '')
  })
}
