/**
 * The port is the only election among processes that share a store: whoever binds it receives, everybody else tries again and again, and takes
 * over when it is free. Nothing else tells them apart, so nothing else can disagree. That an owner of ours is gone is known at once by the end of a connection
 * to it; that is a hint to try now, and trying now and then is the net.
 */

import type { AddressInfo, Server, Socket } from 'node:net'
import { untilTick } from '../idle-tick.ts'
import type { Log } from '../log.ts'
import type { ListenerStatus } from '../receiver.ts'
import { randomFraction, type World } from '../world.ts'
import type { SmtpBounds } from './bounds.ts'
import { formatHostPort, formatSmtpUrl } from './host-port.ts'
import { identifyOwner, type Owner } from './owner.ts'

/** How often in a row a port may be found taken and yet without an owner, before that is the owner's business. */
const MAX_CONTENTIONS = 3
/**
 * When to try again, after each other, once the connection to the owner has ended: a process that dies may close it a moment before it lets go of the port. Only
 * then the next owner is asked who it is, so that one that ends each connection is not asked all the time.
 */
const HURRIED_DELAYS_MS = [5, 20, 75, 400]

/** Which port, for which store, and what to tell the log. */
export type TakeoverOptions = {
  server: Server
  host: string
  port: number
  storeTag: string
  bounds: SmtpBounds
  world: World
  log: Log
}

/** Binds one server, now or later. */
export class Takeover {
  readonly #options: TakeoverOptions
  #status: ListenerStatus = { state: 'starting' }
  #askedAt = Number.NEGATIVE_INFINITY
  readonly #stopping = new AbortController()
  #cancelRetry: () => void = () => {}
  /** To the owner, one of ours. */
  #connection: Socket | null = null
  #isTrying = false
  #hurriedDelaysMs: number[] = []

  constructor(options: TakeoverOptions) {
    this.#options = options
  }

  get status(): ListenerStatus {
    return this.#status
  }

  /** Tries once, answers how that went, and keeps trying until it has the port or is stopped. Never rejects. */
  async start(): Promise<ListenerStatus> {
    await this.#try()
    return this.#status
  }

  /** No more tries. */
  stop(): void {
    this.#stopping.abort()
    this.#cancelRetry()
    this.#forgetOwner()
  }

  async #try(): Promise<void> {
    if (this.#stopping.signal.aborted) return
    this.#isTrying = true
    const refused = await this.#bind()
    const isHurried = this.#hurriedDelaysMs.length > 0
    const error = refused?.code === 'EADDRINUSE' && !isHurried ? await this.#contend(refused) : refused
    this.#isTrying = false
    if (error === null || this.#stopping.signal.aborted) return
    if (error.code !== 'EADDRINUSE') this.#report(this.#blocked(describeBindError(error)))
    const { world, log } = this.#options
    log.debug('smtp_bind_failed', { code: error.code ?? error.name })
    this.#cancelRetry = world.after(this.#pickDelayMs(), () => void this.#try())
  }

  /** With jitter, so that of several that wait none is always second. Seldom while the end of a connection would tell: each try wakes an idle process. */
  #pickDelayMs(): number {
    const { world, bounds } = this.#options
    if (this.#connection !== null) return untilTick(world, bounds.ownerCheckIntervalMs)
    return this.#hurriedDelaysMs.shift() ?? bounds.takeoverIntervalMs * (0.75 + 0.5 * randomFraction(world))
  }

  /** The port is taken: learns by whom, now and then. Binds after all when it is free by now. */
  async #contend(refused: NodeJS.ErrnoException): Promise<NodeJS.ErrnoException | null> {
    const { world, bounds } = this.#options
    if (this.#connection !== null || world.now() - this.#askedAt < bounds.ownerCheckIntervalMs) return refused
    for (let tries = 0; tries < MAX_CONTENTIONS; tries += 1) {
      const owner = await this.#identifyOwner()
      if (this.#stopping.signal.aborted) return refused
      if (owner !== 'gone') {
        this.#askedAt = world.now()
        this.#reportOwner(owner)
        return refused
      }
      const error = await this.#bind()
      if (error === null) return null
    }
    this.#reportOwner('other_program')
    return refused
  }

  #bind(): Promise<NodeJS.ErrnoException | null> {
    const { server, host, port } = this.#options
    const { signal } = this.#stopping
    const { promise, resolve } = Promise.withResolvers<NodeJS.ErrnoException | null>()
    // Closed before it was bound, a server says nothing at all.
    const onStop = () => resolve(null)
    const onListening = () => {
      forget()
      this.#forgetOwner()
      if (signal.aborted) server.close()
      else this.#report({ state: 'listening', smtpUrl: formatSmtpUrl(host, readPort(server.address(), port)) })
      resolve(null)
    }
    const onError = (error: NodeJS.ErrnoException) => {
      forget()
      resolve(error)
    }
    const forget = () => {
      signal.removeEventListener('abort', onStop)
      server.off('listening', onListening)
      server.off('error', onError)
    }
    signal.addEventListener('abort', onStop, { once: true })
    server.once('listening', onListening)
    server.once('error', onError)
    server.listen({ host, port, exclusive: true })
    return promise
  }

  #identifyOwner(): Promise<Owner> {
    const { host, port, storeTag, bounds, world } = this.#options
    const { signal } = this.#stopping
    const onOurs = (socket: Socket) => this.#watch(socket)
    return identifyOwner({ host, port, storeTag, deadlineMs: bounds.ownerDeadlineMs, signal, onOurs }, world)
  }

  /** Waits for the end of a connection to the owner. It takes nothing from it: an idle session is the first to make room, and ends after a minute. */
  #watch(socket: Socket): void {
    this.#forgetOwner()
    this.#connection = socket
    socket.unref()
    socket.once('close', () => {
      if (this.#connection !== socket) return
      this.#connection = null
      // Whoever has it next is asked at the next try.
      this.#askedAt = Number.NEGATIVE_INFINITY
      this.#hurriedDelaysMs = [...HURRIED_DELAYS_MS]
      if (this.#isTrying) return
      this.#cancelRetry()
      void this.#try()
    })
  }

  #forgetOwner(): void {
    const socket = this.#connection
    this.#connection = null
    socket?.destroy()
  }

  #reportOwner(owner: Owner): void {
    // One of ours that is busy or stopped for a moment is still one of ours.
    if (owner === 'silent' && this.#status.state === 'elsewhere') return
    this.#report(owner === 'ours' ? this.#elsewhere() : this.#blocked(describeOwner(owner)))
  }

  #elsewhere(): ListenerStatus {
    return { state: 'elsewhere', smtpUrl: formatSmtpUrl(this.#options.host, this.#options.port) }
  }

  #blocked(why: string): ListenerStatus {
    const { host, port } = this.#options
    return { state: 'blocked', problem: `Mail is not received: ${formatHostPort(host, port)} ${why}.` }
  }

  /** The log hears of changes only. */
  #report(status: ListenerStatus): void {
    const before = this.#status
    this.#status = status
    if (JSON.stringify(before) === JSON.stringify(status)) return
    const { log } = this.#options
    if (status.state === 'listening') log.info('smtp_listening', { smtpUrl: status.smtpUrl })
    else if (status.state === 'elsewhere') log.info('smtp_elsewhere', { smtpUrl: status.smtpUrl })
    else if (status.state === 'blocked') log.warn('smtp_blocked', { problem: status.problem })
  }
}

const SET_PORT = 'set --smtp-port (INBOX_MCP_SMTP_PORT)'
const SET_HOST = 'set --smtp-host (INBOX_MCP_SMTP_HOST)'

function describeOwner(owner: Owner): string {
  if (owner === 'other_store')
    return `belongs to an inbox-mcp with another data directory; ${SET_PORT} to a free port, or 0 for any`
  return `is taken by another program; ${SET_PORT} to a free port, or 0 for any`
}

/** Why a port cannot be bound, and what to set; the end of a sentence that begins with host and port. */
export function describeBindError(error: NodeJS.ErrnoException): string {
  if (error.code === 'EACCES') return `may not be used by this user; ${SET_PORT} to 1024 or above, or 0 for any free port`
  if (error.code === 'EADDRNOTAVAIL')
    return `is no address of this machine; ${SET_HOST} to one of its addresses, such as 127.0.0.1`
  if (error.code === 'ENOTFOUND') return `names no host that is known here; ${SET_HOST} to an address, such as 127.0.0.1`
  return `cannot be used (${error.code ?? error.name}); ${SET_HOST} or ${SET_PORT}`
}

function readPort(address: AddressInfo | string | null, wished: number): number {
  return typeof address === 'object' && address !== null ? address.port : wished
}
