/** Writes what the README generates from the sources between its markers; with `--check` only says whether that is up to date. */

import { readFileSync, writeFileSync } from 'node:fs'
import { renderSettingsTable } from '../src/usage.ts'
import { renderLimitsTable } from './limits-table.ts'
import { replaceSection } from './sections.ts'

const README = new URL('../README.md', import.meta.url)

const current = readFileSync(README, 'utf8')
const wanted = replaceSection(replaceSection(current, 'settings', renderSettingsTable()), 'limits', renderLimitsTable())
if (process.argv.includes('--check')) {
  if (current !== wanted) {
    process.stderr.write('README.md does not show what src/settings.ts and src/limits.ts say: run npm run readme\n')
    process.exitCode = 1
  }
} else {
  writeFileSync(README, wanted)
}
