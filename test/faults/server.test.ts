import { chmodSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { FaultRig, makeMail } from '../support/fault-rig.ts'
import { IS_FULL, rounds } from '../support/rounds.ts'
import { startServer } from '../support/server-process.ts'
import { fillDisk, findWhyNoSmallDisk, mountSmallDisk } from '../support/small-disk.ts'
import { openSession, type SmtpSession } from '../support/smtp-session.ts'

/** How often each thing is done. */
const TIMES = rounds({ short: 1, full: 10 })
const DISK_MEGABYTES = 16
const noSmallDisk = findWhyNoSmallDisk()

/** A mail's final answer, or the first one that is not a yes; the sender gives up. */
async function tryToSend({ smtpUrl, address }: FaultRig, raw = makeMail()): Promise<string> {
  const session: SmtpSession = await openSession(smtpUrl)
  try {
    for (const line of ['EHLO client.example', 'MAIL FROM:<a@example.org>', `RCPT TO:<${address}>`, 'DATA']) {
      const reply = await session.command(line)
      if (!/^[23]/.test(reply)) return reply
    }
    session.write(Buffer.concat([raw, Buffer.from('.\r\n')]))
    return await session.hear()
  } finally {
    await session.destroy()
  }
}

describe('A server under load loses nothing, files nothing twice and answers 4xx', () => {
  it(`when the store's thread is killed; times: ${TIMES}`, async () => {
    const rig = await FaultRig.start({ thread: 'store' })
    await rig.whileSending(async (reached) => {
      for (let times = 0; times < TIMES; times += 1) {
        await reached('dot')
        rig.server.child.kill('SIGUSR2')
        await reached('accepted')
      }
    })
    expect(rig.server.stderr()).toContain('"store_restarted"')
    await rig.expectAllThere()
  })

  it(`when the parser's thread is killed; times: ${TIMES}`, async () => {
    const rig = await FaultRig.start({ thread: 'parse' })
    await rig.whileSending(async (reached) => {
      for (let times = 0; times < TIMES; times += 1) {
        await reached('accepted')
        rig.server.child.kill('SIGUSR2')
      }
    })
    await rig.expectAllThere()
    expect(rig.deferrals).toEqual([])
  })

  it.each(['-wal', '-shm'])(`when the store's %s is deleted; times: ${TIMES}`, async (suffix) => {
    const rig = await FaultRig.start()
    await rig.whileSending(async (reached) => {
      for (let times = 0; times < TIMES; times += 1) {
        await reached('dot')
        rmSync(rig.file + suffix, { force: true })
        await reached('accepted')
      }
    })
    await rig.expectAllThere()
  })

  // They wait for deadlines of the product.
  it.runIf(IS_FULL)("when the parser's thread hangs", async () => {
    const rig = await FaultRig.start({ thread: 'parse', hangs: true })
    await rig.send()
    rig.server.child.kill('SIGUSR2')
    for (let mails = 0; mails < 10; mails += 1) await rig.send()
    await rig.expectAllThere()
    expect(rig.deferrals).toEqual([])
  })

  it.runIf(IS_FULL)('when another process keeps the store locked for longer than it is waited for', async () => {
    const rig = await FaultRig.start()
    const other = new Database(rig.file)
    onTestFinished(() => void other.close())
    await rig.send()
    other.exec('BEGIN IMMEDIATE')
    expect(await tryToSend(rig)).toBe('451 4.3.0 Temporary failure here, try again later')
    // Reading goes on, behind what waits for the lock.
    expect(await rig.server.call('list_inboxes', {})).toMatchObject({ total: 1 })
    other.exec('ROLLBACK')
    await rig.send()
    expect(rig.server.stderr()).toContain('another process keeps it locked')
    await rig.expectAllThere()
  })
})

it.skipIf(noSmallDisk !== null)(
  `A full disk is answered with 4xx, what was acknowledged can be read meanwhile, and mail goes on when there is room${
    noSmallDisk === null ? '' : ` (skipped: ${noSmallDisk})`
  }`,
  async () => {
    const disk = mountSmallDisk(DISK_MEGABYTES)
    if (disk === null) throw new Error('it was permitted a moment ago')
    onTestFinished(disk.unmount)
    const rig = await FaultRig.start({ dataDir: join(disk.dir, 'data') })
    const countFiled = async () => (await rig.server.call('list_messages', { inbox: rig.address })).total
    for (let times = 0; times < TIMES; times += 1) {
      await rig.send()
      await expect.poll(countFiled).toBe(rig.sent.length)
      const ballast = join(disk.dir, 'ballast')
      fillDisk(ballast)
      expect(await tryToSend(rig, makeMail(1_000_000))).toMatch(/^45[12] 4\./)
      expect(await countFiled()).toBe(rig.sent.length)
      rmSync(ballast)
    }
    await rig.send()
    expect(rig.server.stderr()).toContain('the disk is full')
    await rig.expectAllThere()
  },
)

describe('A store that is deleted under a server', () => {
  it('is said to be gone, in the log and to the agent, with what to do; and is made anew', async () => {
    const rig = await FaultRig.start()
    await rig.send()
    await expect.poll(async () => (await rig.server.call('list_messages', { inbox: rig.address })).total).toBe(1)
    for (const suffix of ['', '-wal', '-shm']) rmSync(rig.file + suffix)
    // Whoever of the two comes first is told; a sender never that it was taken.
    const [told, answer] = await Promise.all([rig.server.call('list_inboxes', {}), tryToSend(rig)])
    expect(answer).not.toMatch(/^250/)
    const error = expect.objectContaining({ code: 'store_unavailable', hint: expect.stringContaining('Try again') })
    if (told.error !== undefined) expect(told.error).toEqual(error)
    expect(rig.server.stderr()).toMatch(/"event":"store_unavailable".*was removed or replaced while in use/)
    expect(await rig.server.call('create_inbox', { localPart: 'target' })).toMatchObject({ address: rig.address })
    rig.sent.length = 0
    await rig.send()
    await rig.expectAllThere()
  })
})

const isRoot = process.getuid?.() === 0
it.skipIf(isRoot || process.platform === 'win32')(
  `A store that may only be read takes mail as long as it is open, and is refused in one line at the next start${isRoot ? ' (skipped: root may write everything)' : ''}`,
  async () => {
    const rig = await FaultRig.start()
    const dir = join(rig.file, '..')
    chmodSync(rig.file, 0o400)
    chmodSync(dir, 0o500)
    onTestFinished(() => chmodSync(dir, 0o700))
    await rig.send()
    const next = startServer(['--data-dir', dir, '--smtp-port', '0'])
    expect(await next.exited).toEqual({ code: 2, signal: null })
    expect(next.stderr()).toMatch(/^inbox-mcp: The data directory [^\n]*\n$/)
    chmodSync(dir, 0o700)
    chmodSync(rig.file, 0o600)
    await rig.expectAllThere()
  },
)
