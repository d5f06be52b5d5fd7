/**
 * Prints "passed failed skipped" from the JSON report of vitest named as the argument. Plain JavaScript, because .ci/run also
 * counts when nothing was installed.
 */

import { readFileSync } from 'node:fs'

const report = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'))
// A file that could not be loaded has failed without a single test in it.
const broken = report.testResults.filter((file) => file.status === 'failed' && !file.assertionResults.some(isFailed)).length

process.stdout.write(
  `${report.numPassedTests} ${report.numFailedTests + broken} ${report.numPendingTests + report.numTodoTests}\n`,
)

function isFailed(test) {
  return test.status === 'failed'
}
