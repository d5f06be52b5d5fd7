/** Reads what a source file imports, without a parser: enough for sources that the formatter has been over. */

import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const SRC = fileURLToPath(new URL('../../src', import.meta.url))

/** A file below `src/`: its path from there with `/`, its text, and what it imports (files as such paths, packages by name). */
export type Source = { path: string; text: string; imports: string[] }

/** Every TypeScript file below `src/`. */
export function readSources(): Source[] {
  return readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
    .map((path) => {
      const text = readFileSync(join(SRC, path), 'utf8')
      return { path, text, imports: findImports(path, text) }
    })
}

/** Folders that are part of the root: rules of the product, too many for one level. */
const ROOT_FOLDERS = ['post-office', 'owner', 'search']

/** Where a file belongs: `root`, or the name of its folder. */
export function findLayer(path: string): string {
  const folder = path.includes('/') ? path.slice(0, path.indexOf('/')) : 'root'
  return ROOT_FOLDERS.includes(folder) ? 'root' : folder
}

/** The name of a package without its subpath: `@scope/name/sub` is `@scope/name`. */
export function namePackage(specifier: string): string {
  return /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier
}

/** What a text imports in any form: static, for types, dynamic, re-exported, required, or by a URL relative to itself. */
export function findImports(path: string, text: string): string[] {
  const code = stripComments(text)
  const forms = [
    /\b(?:import|export)\s[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/g,
    /\bimport\s*['"]([^'"]+)['"]/g,
    /\bimport\s*\(\s*['"`]([^'"`]+)['"`]/g,
    /\brequire(?:\.resolve)?\s*\(\s*['"`]([^'"`]+)['"`]/g,
    /\bgetBuiltinModule\s*\(\s*['"`]([^'"`]+)['"`]/g,
    /\bnew URL\s*\([^()]*?['"`](\.\.?\/[^'"`]+\.ts)['"`]\s*,\s*import\.meta\.url/g,
  ]
  const specifiers = forms.flatMap((form) => [...code.matchAll(form)].map((match) => match[1] ?? ''))
  return [...new Set(specifiers)].map((specifier) =>
    specifier.startsWith('.') ? relative('.', normalize(join(dirname(path), specifier))).replaceAll('\\', '/') : specifier,
  )
}

/** Code without its comments; strings stay, since imports are named by strings. */
export function stripComments(text: string): string {
  const token = /(['"`])(?:\\[\s\S]|(?!\1)[^\\])*\1|\/\/[^\n]*|\/\*[\s\S]*?\*\//g
  return text.replaceAll(token, (match) => (match.startsWith('/') ? ' ' : match))
}
