import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SILENT_LOG } from '../../src/log.ts'
import { openStore } from '../../src/sql/store.ts'
import { TEST_WORKERS } from '../support/workers.ts'
import { describeStore } from './contract.ts'

describeStore('The store on SQLite', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'inbox-mcp-store-'))
  return {
    open: () => openStore({ file: join(dir, 'inbox.sqlite'), log: SILENT_LOG, workerUrl: TEST_WORKERS.store }),
    remove: async () => rmSync(dir, { recursive: true }),
  }
})
