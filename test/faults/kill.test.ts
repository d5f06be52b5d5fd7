import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { sendMail } from '../../src/demo/send-mail.ts'
import { writeMail } from '../support/app.ts'
import { Dice } from '../support/dice.ts'
import { Fleet, findFreePort } from '../support/fleet.ts'
import { type Delivered, deliver, type SendingMoment } from '../support/retrying-sender.ts'
import { rounds } from '../support/rounds.ts'
import { startServer } from '../support/server-process.ts'
import { countMails, countSpooled, DRAIN_DEADLINE_MS, findDamage, hashMail } from '../support/store-check.ts'

/** Processes killed. */
const KILLS = rounds({ short: 2, full: 300 })
const PROCESSES = 3
const SENDERS = 4
/** Between two mails of a sender: as fast as it can it takes in what is then read for minutes. */
const MOST_PACE_MS = 20
/** A kill comes up to so long after the moment that it is meant for: past the commit, the 250, the parse, the filing. */
const MOST_DELAY_MS = 12
/** A machine on which each kill takes longer has stopped. */
const KILL_DEADLINE_MS = 10_000

/** When the next process is killed: by us at a moment of some sender, or whenever; or by itself, in place of writing a 250. */
const MOMENTS = ['whenever', 'data', 'dot', 'accepted', 'takeover', 'all', 'instead of 250'] as const

/** Runs in a process before the program: dies after the commit, before the answer of its nth message. */
const DIES_INSTEAD_OF_250 = `
  import { Socket } from 'node:net'
  const write = Socket.prototype.write
  let left = Number(process.env.FAULT_250S)
  Socket.prototype.write = function (chunk, ...rest) {
    if (typeof chunk === 'string' && chunk.includes('250 2.6.0') && --left === 0) process.kill(process.pid, 'SIGKILL')
    return write.call(this, chunk, ...rest)
  }`

it(
  `Each mail is there once, whichever of ${PROCESSES} processes is killed with -9 at whatever moment; kills: ${KILLS}`,
  async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'inbox-mcp-kill-'))
    onTestFinished(() => rm(dataDir, { recursive: true, force: true }))
    const dice = new Dice()
    let suicides = 0
    const env = () => {
      if (suicides === 0) return {}
      suicides -= 1
      const preload = `--import=data:text/javascript,${encodeURIComponent(DIES_INSTEAD_OF_250)}`
      return { NODE_OPTIONS: preload, FAULT_250S: String(1 + dice.roll(3)) }
    }
    const address = await makeInbox(dataDir)
    const fleet = new Fleet({ dataDir, port: await findFreePort(), processes: PROCESSES, env })
    onTestFinished(() => fleet.close())

    // Senders say where they are; whoever kills waits for it.
    const waiting = new Map<SendingMoment, () => void>()
    const onMoment = (moment: SendingMoment) => waiting.get(moment)?.()
    const reached = (moment: SendingMoment) => new Promise<void>((resolve) => waiting.set(moment, resolve))
    const sent: { hash: string; delivered: Delivered }[] = []
    let isOver = false
    const send = async (sender: number) => {
      for (let index = 0; !isOver; index += 1) {
        const raw = makeMail(`${sender} ${index}`, dice)
        const delivered = await deliver(raw, { smtpUrl: () => fleet.smtpUrl, to: address, onMoment })
        sent.push({ hash: hashMail(raw), delivered })
        await pause(dice.roll(MOST_PACE_MS))
      }
    }
    const senders = Promise.all(Array.from({ length: SENDERS }, (_, sender) => send(sender)))

    const killAt = async (moment: (typeof MOMENTS)[number]) => {
      if (moment === 'whenever' || moment === 'all') await pause(dice.roll(100))
      else if (moment === 'data' || moment === 'dot' || moment === 'accepted') await reached(moment)
      else if (moment === 'instead of 250') suicides += 1
      if (moment === 'dot' || moment === 'accepted') await pause(dice.roll(MOST_DELAY_MS))
      if (moment === 'all') {
        for (let index = 0; index < PROCESSES; index += 1) fleet.kill(index)
        return
      }
      // Now and then one that only files what the owner of the port took.
      fleet.kill(dice.roll(4) === 0 ? dice.roll(PROCESSES) : fleet.owner)
      if (moment !== 'takeover') return
      // Whoever took over is gone with its first mail.
      await reached('data')
      fleet.kill(fleet.owner)
    }
    while (fleet.deaths < KILLS) {
      // A sender that fails is what there is to see, rather than a moment that never comes.
      await Promise.race([killAt(dice.pick(MOMENTS)), senders])
      await Promise.race([reached('accepted'), senders])
    }
    isOver = true
    await senders

    const file = join(dataDir, 'inbox.sqlite')
    await expect.poll(() => countSpooled(file), { timeout: DRAIN_DEADLINE_MS }).toBe(0)
    await fleet.close()
    expect(fleet.crashes).toEqual([])
    expect(findDamage(file)).toEqual([])
    expect(sorted(countMails(file))).toEqual(sorted(new Map(sent.map(({ hash }) => [hash, 1]))))
    // Senders were cut off, and a message is not just one that nobody disturbed.
    expect(sent.filter(({ delivered }) => delivered.tries > 1).length).toBeGreaterThan(0)
  },
  KILLS * KILL_DEADLINE_MS + 60_000,
)

/** With a process that receives one mail and ends in peace: what Node compiled is kept then, and the many to come start in half the time. */
async function makeInbox(dataDir: string): Promise<string> {
  const server = startServer(['--data-dir', dataDir, '--smtp-port', '0'])
  await server.initialize()
  const { address, smtpUrl } = await server.call('create_inbox', {})
  await sendMail(String(smtpUrl), { from: '', to: String(address), data: writeMail() })
  const { message } = await server.call('wait_for_message', { inbox: address })
  await server.call('delete_message', { inbox: address, messageId: Object(message).id })
  server.child.stdin?.end()
  await server.exited
  return String(address)
}

/** Small for the most part; some need many packets, and time to be parsed. */
function makeMail(subject: string, dice: Dice): Buffer {
  const lines = dice.pick([20, 20, 20, 20, 20, 20, 20, 500, 500, 5_000])
  return Buffer.from(
    `${writeMail({ subject, body: `${'All work and no play makes Jack a dull boy\r\n'.repeat(lines)}${subject}` })}\r\n`,
  )
}

function sorted(counts: Map<string, number>): [string, number][] {
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1))
}
