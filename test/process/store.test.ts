import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { makeFile } from '../sql/place.ts'
import { TEST_WORKERS } from '../support/workers.ts'

describe('A process with a store', () => {
  const run = async (script: string) => {
    const source = `import { openStore } from ${JSON.stringify(new URL('../../src/sql/store.ts', import.meta.url).href)}
      import { SILENT_LOG } from ${JSON.stringify(new URL('../../src/log.ts', import.meta.url).href)}
      const store = await openStore({ file: ${JSON.stringify(makeFile())}, log: SILENT_LOG, workerUrl: new URL(${JSON.stringify(TEST_WORKERS.store)}) })
      const list = () => store.listInboxes('a', { limit: 1, offset: 0 }, 0)
      ${script}`
    return await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', source])
  }

  it('ends by itself when its store is closed, and when it is not', async () => {
    for (const end of ['await store.close()', '']) expect((await run(`await list(); ${end}`)).stdout).toBe('')
  })

  it('stays until its store is closed', async () => {
    const closing = "const answer = list(); await store.close(); await answer; console.log('closed')"
    expect((await run(closing)).stdout).toBe('closed\n')
  })

  it('stays until what it asked for is answered', async () => {
    expect((await run('list().then(({ total }) => console.log(total))')).stdout).toBe('0\n')
  })
})
