/** The scripts that tests start threads from, written by bundle-workers.ts before the first test. */

import type { WorkerScripts } from '../../src/app.ts'

const FOLDER = new URL('../../node_modules/.cache/test-workers/', import.meta.url)

export const TEST_WORKERS: WorkerScripts = {
  store: new URL('store.mjs', FOLDER),
  parser: new URL('parser.mjs', FOLDER),
  senderCheck: new URL('sender-check.mjs', FOLDER),
}
