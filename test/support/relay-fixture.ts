/** A relay of ours against a scripted one, on a clock that the test moves. */

import type { Carriage, Carrier } from '../../src/carrier.ts'
import { createLog } from '../../src/log.ts'
import { createRelay, type RelayOptions } from '../../src/smtp/relay.ts'
import { type RelaySetup, ScriptedRelay } from './scripted-relay.ts'
import { TestWorld } from './world.ts'

/** Everything a relay may announce that could change what we say to it. */
export const EXTENSIONS = ['PIPELINING', 'SIZE 100000000', '8BITMIME', 'SMTPUTF8', 'DSN', 'CHUNKING', 'REQUIRETLS']

/** Deadlines far apart from each other and, on nodemailer's own clock, far beyond any test. */
export const TEST_LIMITS = { setupDeadlineMs: 600_000, deadlineMs: 3_600_000, idleMs: 10_000, maxConnections: 5 }

/** A message with a line that must be stuffed. */
export const SMALL = Buffer.from('Subject: x\r\n\r\nhello\r\n.\r\n..\r\nbye\r\n')
/** More than the kernels of both sides hold for a connection on which the reader has stopped. */
export const LARGE = Buffer.alloc(16_000_000, 'All work and no play makes Jack a dull boy, line after line.\r\n')

export type RelayFixture = {
  readonly relay: ScriptedRelay
  readonly carrier: Carrier
  readonly world: TestWorld
  /** Lines of our log. */
  readonly logged: string[]
  close(): Promise<void>
}

/** Starts both. Close it. */
export async function startRelay(setup: RelaySetup = {}, options: Partial<RelayOptions> = {}): Promise<RelayFixture> {
  const relay = await ScriptedRelay.start(setup)
  const world = new TestWorld()
  const logged: string[] = []
  const log = createLog('debug', world.now, (line) => logged.push(line))
  const carrier = createRelay({ url: relay.url, log, world, ...options, limits: { ...TEST_LIMITS, ...options.limits } })
  return {
    relay,
    carrier,
    world,
    logged,
    close: async () => {
      await carrier.close()
      await relay.close()
    },
  }
}

/** One copy, of a small message unless said otherwise. */
export function carriage(change: Partial<Carriage> = {}): Carriage {
  return { envelopeFrom: 'bounce+1@agents.localhost', recipient: 'ada@example.org', raw: SMALL, ...change }
}

/** A signal that nobody aborts. */
export function never(): AbortSignal {
  return new AbortController().signal
}
