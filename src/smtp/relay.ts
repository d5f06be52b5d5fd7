/** Carries mail to the outside through the owner's relay. */

import type { Carriage, Carrier, Outcome } from '../carrier.ts'
import {
  CARRY_DEADLINE_MS,
  MAX_RELAY_CONNECTIONS,
  MAX_RELAY_MESSAGES_PER_CONNECTION,
  MAX_RELAY_REPLY_BYTES,
  RELAY_IDLE_MS,
  RELAY_SETUP_DEADLINE_MS,
} from '../limits.ts'
import { describeError, type Log, shortenAddress } from '../log.ts'
import type { World } from '../world.ts'
import { type Dial, dialRelay } from './relay-dial.ts'
import { RelayFailure } from './relay-failure.ts'
import { type PoolLimits, RelayPool } from './relay-pool.ts'
import { defer } from './relay-reply.ts'
import { parseRelayUrl } from './relay-target.ts'

export { parseRelayUrl, type RelayTarget } from './relay-target.ts'

/** The bounds of a relay; a test sets its own. */
export type RelayLimits = PoolLimits & {
  /** From the call to the outcome, waiting for a connection included. */
  readonly deadlineMs: number
  /** From looking up the name to having signed in. */
  readonly setupDeadlineMs: number
  readonly maxReplyBytes: number
}

/** What a relay is made of. */
export type RelayOptions = {
  /** As {@link parseRelayUrl} reads it. */
  readonly url: string
  readonly log: Log
  readonly world: World
  /** Our name in EHLO; an address literal when left out (RFC 5321 section 4.1.3). */
  readonly clientName?: string
  /** PEM certificates that are trusted instead of the system's. */
  readonly ca?: string
  readonly limits?: Partial<RelayLimits>
  /** How connections are opened. */
  readonly dial?: Dial
}

const DEFAULT_LIMITS: RelayLimits = {
  maxConnections: MAX_RELAY_CONNECTIONS,
  maxMessagesPerConnection: MAX_RELAY_MESSAGES_PER_CONNECTION,
  idleMs: RELAY_IDLE_MS,
  deadlineMs: CARRY_DEADLINE_MS,
  setupDeadlineMs: RELAY_SETUP_DEADLINE_MS,
  maxReplyBytes: MAX_RELAY_REPLY_BYTES,
}

/** Nothing that could end the path of a command or begin another one (RFC 5321 section 4.1.2). */
const WIRE_ADDRESS = /^[\x21-\x3b\x3d\x3f-\x7e]*$/

/**
 * A carrier through one relay: one message per DATA and one recipient per message, so that what becomes of one never decides about another.
 * Connects when there is something to carry. @throws MailError invalid_argument when the URL is no good
 */
export function createRelay(options: RelayOptions): Carrier {
  return new Relay(options)
}

class Relay implements Carrier {
  readonly #pool: RelayPool
  readonly #log: Log
  readonly #world: World
  readonly #deadlineMs: number
  readonly #underWay = new Map<AbortController, Promise<Outcome>>()
  #isClosed = false

  constructor({ url, log, world, clientName, ca, limits, dial }: RelayOptions) {
    const all = { ...DEFAULT_LIMITS, ...limits }
    this.#log = log
    this.#world = world
    this.#deadlineMs = all.deadlineMs
    this.#pool = new RelayPool(
      {
        target: parseRelayUrl(url),
        dial: dial ?? dialRelay,
        world,
        clientName: clientName ?? '[127.0.0.1]',
        ca: ca ?? null,
        setupDeadlineMs: all.setupDeadlineMs,
        deadlineMs: all.deadlineMs,
        maxReplyBytes: all.maxReplyBytes,
      },
      all,
      log,
    )
  }

  async carry(carriage: Carriage, signal: AbortSignal): Promise<Outcome> {
    const stop = new AbortController()
    const end = () => stop.abort('sending was stopped')
    const cancel = this.#world.after(this.#deadlineMs, () => stop.abort('the relay did not answer in time'))
    signal.addEventListener('abort', end, { once: true })
    if (signal.aborted || this.#isClosed) end()
    const work = this.#carryOut(carriage, stop.signal)
    this.#underWay.set(stop, work)
    const outcome = await work
    this.#underWay.delete(stop)
    cancel()
    signal.removeEventListener('abort', end)
    const { kind, replyCode, statusCode, reason } = outcome
    this.#log.debug('carried', { recipient: shortenAddress(carriage.recipient), kind, replyCode, statusCode, reason })
    return outcome
  }

  async close(): Promise<void> {
    this.#isClosed = true
    for (const stop of this.#underWay.keys()) stop.abort('sending was stopped')
    await Promise.all(this.#underWay.values())
    this.#pool.close()
  }

  async #carryOut(carriage: Carriage, signal: AbortSignal): Promise<Outcome> {
    const isFit =
      WIRE_ADDRESS.test(carriage.envelopeFrom) && WIRE_ADDRESS.test(carriage.recipient) && carriage.recipient.includes('@')
    if (!isFit) return { kind: 'refused', replyCode: null, statusCode: null, reason: 'an address of it cannot go on the wire' }
    try {
      return await this.#pool.carry(carriage, signal)
    } catch (error) {
      if (error instanceof RelayFailure) return defer(error.message, error.reply)
      // Whatever happens once a message is on its way becomes an outcome; this came before.
      this.#log.error('relay_failed', { error: describeError(error) })
      return defer('sending failed here')
    }
  }
}
