/** Collects what the licences of bundled packages ask for: their name, and their text with its copyright line. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The text of THIRD-PARTY-LICENSES.txt for the modules (absolute paths) that went into the bundle. */
export function renderLicenses(moduleIds: readonly string[]): string {
  const folders = new Set(moduleIds.map(findPackageFolder).filter((folder) => folder !== null))
  const sections = [...folders].map(describePackage).sort((one, other) => (one.title < other.title ? -1 : 1))
  const intro = 'inbox-mcp contains code of these packages, each under its own licence.\n'
  return [intro, ...sections.map(({ title, text }) => `${'-'.repeat(80)}\n${title}\n\n${text.trim()}\n`)].join('\n')
}

/** The folder of the package that a module is of; null for our own. */
function findPackageFolder(moduleId: string): string | null {
  return /^.*[/\\]node_modules[/\\](?:@[^/\\]+[/\\])?[^/\\]+(?=[/\\])/.exec(moduleId)?.[0] ?? null
}

function describePackage(folder: string): { title: string; text: string } {
  const manifest: { name?: string; version?: string; license?: string; author?: string | { name?: string } } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  )
  const license = manifest.license
  // Bundling what nobody has licensed to us would be a mistake to find out about now.
  if (license === undefined) throw new Error(`${folder} names no licence`)
  const author = typeof manifest.author === 'string' ? manifest.author : manifest.author?.name
  const file = readdirSync(folder).find((name) => /^(licen[cs]e|copying)/i.test(name))
  return {
    title: `${manifest.name} ${manifest.version} (${license})`,
    text:
      file === undefined ? `Copyright: ${author ?? `the authors of ${manifest.name}`}` : readFileSync(join(folder, file), 'utf8'),
  }
}
