/** Which test files the three suites run. Every file is in one of them; what `npm test` does a part of is in the second too. */

import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** What starts processes, what is only proven by doing it often, and what takes much: the largest and strangest mail, the end of threads, whole stores and servers. */
const ONLY_SECOND = [
  'test/process/**/*.test.ts',
  'test/faults/**/*.test.ts',
  'test/**/hostile*.test.ts',
  'test/nothing-fetched.test.ts',
  'test/domains.test.ts',
  'test/mime/parser.test.ts',
  'test/owner-app.test.ts',
  'test/retry.test.ts',
  'test/sql/backup.test.ts',
  'test/sql/invariants.test.ts',
  'test/sql/store-files.test.ts',
  'test/sql/thread.test.ts',
]

/** `npm run test:hostile`: floods and mutated input at the built program. */
const ONLY_THIRD = ['test/hostile/**/*.test.ts']

/** `npm test`. */
export const FIRST_SUITE = { include: ['test/**/*.test.ts'], exclude: [...ONLY_SECOND, ...ONLY_THIRD] }

/** `npm run test:faults`: also the files of the first suite that ask rounds.ts how much to do. */
export const SECOND_SUITE = { include: [...ONLY_SECOND, ...listAsking()] }

/** One file at a time: what a good client sees of a flood says nothing while something else has the processor. */
export const THIRD_SUITE = { include: ONLY_THIRD, fileParallelism: false }

function listAsking(): string[] {
  const paths = globSync(FIRST_SUITE.include, { cwd: ROOT, exclude: FIRST_SUITE.exclude })
  return paths.filter((path) => readFileSync(`${ROOT}${path}`, 'utf8').includes('support/rounds.ts')).sort()
}

/** What takes minutes, the longest first. Begun last, one of them would run on alone, with nothing for the other worker to do. */
export const LONGEST_FAULTS = ['send-crash', 'probes', 'kill', 'crash', 'server', 'power-cut']

/** The order in which files begin, by their paths: those that take minutes, then all others as they were. */
export function longestFirst<File extends { readonly moduleId: string }>(files: readonly File[]): File[] {
  const rank = ({ moduleId }: File) => {
    const at = LONGEST_FAULTS.findIndex((name) => moduleId.endsWith(`/test/faults/${name}.test.ts`))
    return at === -1 ? LONGEST_FAULTS.length : at
  }
  return files.toSorted((one, other) => rank(one) - rank(other))
}
