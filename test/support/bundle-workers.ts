/**
 * Global set-up of vitest: bundles each thread of the server into one file. From that a thread starts several times sooner than from
 * dozens of sources whose types Node strips first, and tests start more than a hundred. Done from the sources before every run, so
 * that no run tests code of yesterday.
 */

import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import type { TestProject } from 'vitest/node'
import { TEST_WORKERS } from './workers.ts'

const SOURCES = { store: 'src/sql/worker.ts', parser: 'src/mime/worker.ts', senderCheck: 'src/auth/worker.ts' } as const

export default async function setUp(project: TestProject): Promise<void> {
  project.onTestsRerun(bundleWorkers)
  await bundleWorkers()
}

async function bundleWorkers(): Promise<void> {
  mkdirSync(new URL('.', TEST_WORKERS.store), { recursive: true })
  const names = ['store', 'parser', 'senderCheck'] as const
  await Promise.all(names.map((name) => bundle(SOURCES[name], TEST_WORKERS[name])))
}

async function bundle(source: string, target: URL): Promise<void> {
  const input = fileURLToPath(new URL(`../../${source}`, import.meta.url))
  const build = await rolldown({ input, platform: 'node', external: ['better-sqlite3'] })
  const { output } = await build.generate({ format: 'es', codeSplitting: false })
  await build.close()
  // Put in place as a whole: another run in this checkout may be starting threads.
  const path = fileURLToPath(target)
  writeFileSync(`${path}.${process.pid}`, output[0].code)
  renameSync(`${path}.${process.pid}`, path)
}
