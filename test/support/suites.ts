/** Which test files the two suites run. Every file is in one of them; what `npm test` does a part of is in both. */

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

/** `npm test`. */
export const FIRST_SUITE = { include: ['test/**/*.test.ts'], exclude: ONLY_SECOND }

/** `npm run test:faults`: also the files of the first suite that ask rounds.ts how much to do. */
export const SECOND_SUITE = { include: [...ONLY_SECOND, ...listAsking()] }

function listAsking(): string[] {
  const paths = globSync(FIRST_SUITE.include, { cwd: ROOT, exclude: ONLY_SECOND })
  return paths.filter((path) => readFileSync(`${ROOT}${path}`, 'utf8').includes('support/rounds.ts')).sort()
}
