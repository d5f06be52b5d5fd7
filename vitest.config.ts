import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { FIRST_SUITE, longestFirst, SECOND_SUITE, THIRD_SUITE } from './test/support/suites.ts'

// .ci/run counts from this file rather than from the text, which has colours and changes with vitest.
const reportFile = process.env.TEST_REPORT_FILE

// Every test file and every thread it starts loads the same code: compiled once, kept beside what it was compiled from.
process.env.NODE_COMPILE_CACHE ??= 'node_modules/.cache/compile'

// Large mail is allocated and freed all the time: in huge pages, where glibc can, the kernel hands them out at a fraction of the cost.
process.env.GLIBC_TUNABLES ??= 'glibc.malloc.hugetlb=1'

// A suite that repeats its proofs as often as its claims say, times what is asked for.
const repeat = (factor: string | undefined) => ({ env: { FAULT_ROUNDS: factor ?? process.env.FAULT_ROUNDS ?? '1' } })

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return longestFirst(await super.sort(files))
  }
}

/** `vitest run --mode faults` is the second suite, `--mode hostile` the third. */
function chooseSuite(mode: string) {
  if (mode === 'faults') return { ...SECOND_SUITE, ...repeat(undefined) }
  if (mode === 'hostile') return { ...THIRD_SUITE, ...repeat(process.env.HOSTILE_ROUNDS) }
  return FIRST_SUITE
}

export default defineConfig(({ mode }) => ({
  test: {
    ...chooseSuite(mode),
    globalSetup: ['test/support/bundle-workers.ts'],
    // A busy machine is slow, not wrong: what hangs is ended, what is late is waited for.
    testTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
    // Files share a process and what it has loaded: a process each doubles the time. So no test leaves anything behind.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    // Two even where there are two processors only: a test waits as often as it works.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    reporters: reportFile ? ['default', ['json', { outputFile: reportFile }]] : ['default'],
  },
}))
