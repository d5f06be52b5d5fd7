import { appendFile, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { SILENT_LOG } from '../src/log.ts'
import { MAX_SIGNAL_BYTES, Signal } from '../src/signal.ts'
import { AGENT, bootApp, type TestApp, writeMail } from './support/app.ts'
import { TEST_START_MS, TestWorld } from './support/world.ts'

describe('two processes on one store', () => {
  let dataDir: string
  const apps: TestApp[] = []
  let owner: TestApp
  let other: TestApp
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'inbox-mcp-signal-'))
    owner = await boot()
    other = await boot()
  })
  afterAll(async () => {
    for (const app of apps.splice(0)) await app.close()
    await rm(dataDir, { recursive: true, force: true })
  })

  /** Clocks stand still: no slow poll ever comes to the help of a lost signal. */
  async function boot(): Promise<TestApp> {
    const app = await bootApp({ dataDir, world: new TestWorld(TEST_START_MS + apps.length) })
    apps.push(app)
    return app
  }

  it('wake each other: a wait in one hears of mail that the other received', async () => {
    const { address } = await owner.createInbox()
    const hooks = { signal: new AbortController().signal }
    const waiting = other.post.waitForMessage(AGENT, address, { filter: {}, after: 0, timeoutSeconds: 30 }, hooks)
    await owner.deliver(address, writeMail({ subject: 'across' }))
    expect(await waiting).toMatchObject({ status: 'received', reading: { message: { subject: 'across' } } })
  })

  it('tell each other of inboxes and of what is in them, and of nothing else', async () => {
    const { id, address } = await owner.createInbox()
    const { id: quiet } = await owner.createInbox()
    const rung: string[] = []
    const heard = new Promise<void>((resolve) => {
      other.post.watchInbox(quiet, () => rung.push('quiet'))
      other.post.watchInboxes('another agent', () => rung.push('another agent'))
      other.post.watchInbox(id, () => {
        rung.push('mail')
        other.post.watchInboxes(AGENT, () => {
          rung.push('inboxes')
          resolve()
        })
        void owner.createInbox()
      })
    })
    await owner.deliver(address, writeMail())
    await heard
    expect(new Set(rung)).toEqual(new Set(['mail', 'inboxes']))
  })
})

describe('the signal file', () => {
  let dir: string
  const signals: Signal[] = []
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'inbox-mcp-signal-'))
  })
  afterEach(async () => {
    for (const signal of signals.splice(0)) await signal.close()
    await rm(dir, { recursive: true, force: true })
  })

  async function start(instanceId: string, listener: (key: string) => void = () => {}): Promise<Signal> {
    const signal = new Signal(join(dir, 'signal'), instanceId, SILENT_LOG)
    signals.push(signal)
    await signal.start(listener)
    return signal
  }

  it('is for its owner only, and stays small', async () => {
    const signal = await start('one')
    for (let index = 0; index < 3_000; index += 1) {
      signal.send(`inbox ${index}`, 'arrival')
      if (index % 100 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    await signal.close()
    const { size, mode } = await stat(join(dir, 'signal'))
    expect(mode & 0o777).toBe(0o600)
    expect(size).toBeLessThan(3 * MAX_SIGNAL_BYTES)
    expect(await readFile(join(dir, 'signal'), 'utf8')).toContain('inbox 2999')
  })

  it('that was moved away is not relied upon: waits then look by themselves, often', async () => {
    const signal = await start('one')
    expect(signal.isWatching).toBe(true)
    await rename(join(dir, 'signal'), join(dir, 'elsewhere'))
    while (signal.isWatching) await new Promise((resolve) => setImmediate(resolve))
  })

  it('survives what is no line of ours', async () => {
    const { promise, resolve } = Promise.withResolvers<string>()
    await start('one', resolve)
    const other = await start('two')
    await appendFile(join(dir, 'signal'), 'not json\n[1,2]\n{}\n')
    // The watcher may have read the nonsense by itself or together with the next line; either way the next line is heard.
    other.send('inbox', 'arrival')
    expect(await promise).toBe('inbox')
  })
})
