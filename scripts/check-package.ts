/**
 * Packs the npm package, unpacks it where only its runtime dependency is to be found, and runs the demo from there: what a stranger
 * gets from npx. Fails when a file is missing or too much, or when something was left out of the bundle.
 */

import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import manifest from '../package.json' with { type: 'json' }

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const EXPECTED = ['CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'mcp.json.example', 'package.json']
const EXPECTED_DIST = ['THIRD-PARTY-LICENSES.txt', 'auth-worker.js', 'cli.js', 'main.js', 'parse-worker.js', 'store-worker.js']

const scratch = mkdtempSync(join(tmpdir(), 'inbox-mcp-package-'))
try {
  execFileSync('npm', ['pack', '--silent', '--pack-destination', scratch], { cwd: ROOT, stdio: 'inherit' })
  execFileSync('tar', ['-xzf', `${manifest.name}-${manifest.version}.tgz`], { cwd: scratch, stdio: 'inherit' })
  const folder = join(scratch, 'package')
  checkContents(folder)
  mkdirSync(join(scratch, 'node_modules'))
  for (const name of Object.keys(manifest.dependencies)) {
    symlinkSync(join(ROOT, 'node_modules', name), join(scratch, 'node_modules', name), 'junction')
  }
  execFileSync(process.execPath, [join(folder, manifest.bin['inbox-mcp']), 'demo'], { cwd: scratch, stdio: 'inherit' })
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

function checkContents(folder: string): void {
  const files = readdirSync(folder).sort()
  if (files.join() !== EXPECTED.join()) throw new Error(`the package holds ${files.join(', ')}, not ${EXPECTED.join(', ')}`)
  const dist = readdirSync(join(folder, 'dist'))
  const missing = EXPECTED_DIST.filter((name) => !dist.includes(name))
  const strange = dist.filter((name) => !EXPECTED_DIST.includes(name) && !/^[\w-]+\.js$/.test(name))
  if (missing.length + strange.length > 0)
    throw new Error(`dist/ lacks ${missing.join(', ')} and has ${strange.join(', ')} too much`)
}
