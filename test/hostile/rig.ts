/** The built program under attack, with a good client at its side that is measured meanwhile. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type ServerProcess, startServer } from '../support/server-process.ts'
import type { Order } from './attack/main.ts'
import { GoodAgent, GoodSender } from './good-clients.ts'
import { Memory } from './memory.ts'
import type { Latencies } from './report.ts'

const ATTACKER = fileURLToPath(new URL('attack/main.ts', import.meta.url))
/** Inboxes that mail is sent to, beside the good client's. */
const TARGETS = 20
/** An attacker that does not end by itself this long after its time is killed. */
const ATTACKER_GRACE_MS = 30_000
/** So long after a flood memory is looked at again. */
const CALM_MS = 3_000
/** By then a thread has seen that it is idle, and given memory back (src/idle-memory.ts). */
const IDLE_AFTER_MS = 8_000

/** What a flood did, and what a good client saw of it. */
export type Measured = {
  tally: Record<string, number>
  /** From the connection to the 250, tries that were answered 4xx included. */
  mail: Latencies
  /** How often a good mail was told to come again. */
  deferrals: number
  mcp: Latencies
  /** Most memory during it, and what was left afterwards, in MB more than before the first flood. */
  peakGrowthMb: number
  leftGrowthMb: number
}

export class Rig {
  readonly server: ServerProcess
  readonly port: number
  readonly address: string
  readonly targets: readonly string[]
  readonly memory: Memory
  readonly #dataDir: string
  readonly #others: ServerProcess[] = []
  /** MB before any mail, and before the first flood. */
  freshMb = 0
  idleMb = 0

  private constructor(server: ServerProcess, dataDir: string, inboxes: readonly Record<string, unknown>[]) {
    const [own, ...others] = inboxes
    this.server = server
    this.#dataDir = dataDir
    this.address = String(own?.address)
    this.port = Number(new URL(String(own?.smtpUrl)).port)
    this.targets = others.map(({ address }) => String(address))
    this.memory = new Memory(server.child.pid ?? 0)
  }

  /** Started, used a little, and calm. Close it. */
  static async start(args: readonly string[] = []): Promise<Rig> {
    const dataDir = await mkdtemp(join(tmpdir(), 'inbox-mcp-hostile-'))
    // Huge pages, which the tests have, would be counted as memory that the program takes.
    const server = startServer(['--data-dir', dataDir, '--smtp-port', '0', ...args], { GLIBC_TUNABLES: '' })
    await server.initialize()
    const inboxes: Record<string, unknown>[] = []
    for (let count = 0; count <= TARGETS; count += 1) inboxes.push(await server.call('create_inbox', {}))
    const rig = new Rig(server, dataDir, inboxes)
    rig.freshMb = await rig.memory.calm(IDLE_AFTER_MS)
    await rig.prove()
    rig.idleMb = await rig.memory.calm(CALM_MS)
    return rig
  }

  /** Another process on the same store and port. It ends with this one. */
  startAnother(): ServerProcess {
    const another = startServer(['--data-dir', this.#dataDir, '--smtp-port', String(this.port)])
    this.#others.push(another)
    return another
  }

  /** That a mail is received and read, now. */
  async prove(): Promise<void> {
    const { cursor } = await this.server.call('list_messages', { inbox: this.address, limit: 1 })
    const sender = new GoodSender(this.port, this.address)
    await sender.send()
    const { status } = await this.server.call('wait_for_message', { inbox: this.address, after: cursor })
    if (status !== 'received') throw new Error(`A mail did not come: ${JSON.stringify(status)}`)
  }

  /** Runs a flood from another address than the good client's, and measures. */
  async endure(order: Omit<Order, 'port' | 'to'>): Promise<Measured> {
    this.memory.forgetPeak()
    const sender = new GoodSender(this.port, this.address)
    const agent = new GoodAgent(this.server, this.address)
    const attack = this.#attack({ ...order, port: this.port, to: this.targets })
    const [tally] = await Promise.all([attack, sender.sendUntil(attack), agent.callUntil(attack)])
    const peakMb = this.memory.peakMb
    const leftMb = await this.memory.calm(CALM_MS)
    return {
      tally,
      mail: sender.latencies,
      deferrals: sender.deferrals,
      mcp: agent.latencies,
      peakGrowthMb: peakMb - this.idleMb,
      leftGrowthMb: leftMb - this.idleMb,
    }
  }

  async close(): Promise<void> {
    for (const { child, exited } of [this.server, ...this.#others]) {
      child.kill('SIGKILL')
      await exited
    }
    await rm(this.#dataDir, { recursive: true, force: true })
  }

  async #attack(order: Order): Promise<Record<string, number>> {
    const child = spawn(process.execPath, [ATTACKER, JSON.stringify(order)], {
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: order.seconds * 1_000 + ATTACKER_GRACE_MS,
      killSignal: 'SIGKILL',
    })
    let said = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    const [code] = await once(child, 'close')
    if (code !== 0) throw new Error(`The attacker ended with ${code}.`)
    return JSON.parse(said)
  }
}
