/** Mail coming in over SMTP (RFC 5321). Talks to the post office through its Receiver port and to nothing else. */

import type { Log } from '../log.ts'
import type { ListenerStatus, Receiver } from '../receiver.ts'
import type { World } from '../world.ts'
import { Admission, isLoopback } from './admission.ts'
import { SMTP_BOUNDS, type SmtpBounds } from './bounds.ts'
import { Inflight } from './inflight.ts'
import { SmtpServer, type TlsFiles } from './server.ts'
import { Takeover } from './takeover.ts'

/** What a listener is made of. */
export type ListenerOptions = {
  /** Address or name to bind. */
  host: string
  /** 0 is any free port. */
  port: number
  /** What the listener calls itself, and where a bare `postmaster` is. */
  domain: string
  /** Short name of our store, one word; in the greeting, so that another process knows its own store behind the port. */
  storeTag: string
  maxMessageBytes: number
  /** STARTTLS is offered with this certificate and not without one. */
  tls: TlsFiles | null
  receiver: Receiver
  log: Log
  world: World
  /** Bounds that a test wants otherwise. */
  limits?: Partial<SmtpBounds>
}

/** Receives from `start` to `close`. */
export interface Listener {
  /** Begins to receive, now or when the port becomes free. Resolves after the first attempt to bind; never rejects. */
  start(): Promise<ListenerStatus>
  status(): ListenerStatus
  /** Stops receiving. Messages in the middle of DATA may be finished for SMTP_CLOSE_GRACE_MS; never rejects. */
  close(): Promise<void>
}

/** A listener that has not bound anything yet. @throws MailError invalid_argument when the certificate cannot be used */
export function createListener(options: ListenerOptions): Listener {
  return new SmtpListener(options)
}

class SmtpListener implements Listener {
  readonly #options: ListenerOptions
  readonly #bounds: SmtpBounds
  readonly #server: SmtpServer
  readonly #takeover: Takeover
  #closing: Promise<void> | null = null

  constructor(options: ListenerOptions) {
    const { domain, storeTag, maxMessageBytes, tls, receiver, log, world, host, port } = options
    this.#options = options
    this.#bounds = { ...SMTP_BOUNDS, ...options.limits }
    const bounds = this.#bounds
    const context = {
      domain,
      maxMessageBytes,
      receiver,
      log,
      world,
      bounds,
      admission: new Admission(bounds, world.now),
      inflight: new Inflight({
        maxBytes: bounds.maxInflightBytes,
        // One message of the largest size fits, whatever the share.
        reservedBytes: bounds.reservedInflightBytes,
        maxBytesPerAddress: Math.max(bounds.maxInflightBytesPerAddress, maxMessageBytes),
      }),
      isClosing: () => this.#closing !== null,
    }
    this.#server = new SmtpServer(context, `inbox-mcp ${storeTag}`, tls)
    this.#takeover = new Takeover({ server: this.#server.server, host, port, storeTag, bounds, world, log })
  }

  async start(): Promise<ListenerStatus> {
    const { host, tls, log } = this.#options
    if (!isLoopback(host) && tls === null) {
      log.warn('smtp_exposed', {
        host,
        problem: 'Mail is received from other machines without TLS; set --tls-cert and --tls-key.',
      })
    }
    return this.#takeover.start()
  }

  status(): ListenerStatus {
    return this.#takeover.status
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    this.#takeover.stop()
    const { server, alive } = this.#server
    const closed = Promise.withResolvers<void>()
    // Calls back with an error when it never listened, which is as good.
    server.close(() => closed.resolve())
    for (const connection of [...alive]) connection.retire()
    const cancel = this.#options.world.after(this.#bounds.closeGraceMs, () => {
      for (const connection of [...alive]) connection.kill()
      closed.resolve()
    })
    await closed.promise
    cancel()
  }
}
