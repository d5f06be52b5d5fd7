/** Listens in on a connection: what the SDK answers by itself, before any handler of ours, is only visible on the wire. */

import {
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResponse,
  type JSONRPCMessage,
  SUBSCRIPTION_ID_META_KEY,
  type Transport,
} from '@modelcontextprotocol/server'
import { z } from 'zod'
import { type HeldBlob, sendBlob } from './blobs.ts'
import { tellRefusedParams } from './refused-params.ts'

/** Requests that a client sends only to find out who is there: a probe must not make the server take the SMTP port. */
const GREETINGS = new Set(['initialize', 'server/discover', 'ping'])
/** Requests whose answer depends on where mail is received. */
const MAIL_REQUESTS = new Set(['tools/call', 'resources/read'])

const ListenAnswer = z.object({
  notifications: z.object({ resourceSubscriptions: z.array(z.string()).optional() }),
  _meta: z.object({ [SUBSCRIPTION_ID_META_KEY]: z.union([z.string(), z.number()]) }),
})
const Cancelled = z.object({ requestId: z.union([z.string(), z.number()]) })

/** What was seen on the wire. */
export type WireEvents = {
  /** A client is here to stay: called once, after its first real request was answered, or before one that needs the mail. */
  readonly onOpen: () => void
  /** 2026-07-28: the SDK accepts `subscriptions/listen` for these resources; it says so once this resolves. */
  readonly onListen: (holder: string, uris: readonly string[]) => Promise<void>
  /** The answer to this request is about to be written; its blob, if any, is released once it was, or could not be. */
  readonly onAnswering: (request: string) => HeldBlob | null
  /** A listening request was given up. */
  readonly onCancel: (holder: string) => void
  /** The connection is gone. */
  readonly onClose: () => void
}

/**
 * A transport that passes everything on, all but the SDK's lists of findings unchanged, and tells what it saw. What goes out goes one by one, each after the one before has left: an answer
 * that waits is not written out as a line yet.
 */
export class WatchedTransport implements Transport {
  onclose?: (() => void) | undefined
  onerror?: ((error: Error) => void) | undefined
  onmessage?: Transport['onmessage']
  readonly #inner: Transport
  readonly #events: WireEvents
  #isOpen = false
  #hasAsked = false
  #lastSent: Promise<void> = Promise.resolve()
  /** Listening requests that were not given up. */
  readonly #listening = new Set<string>()

  constructor(inner: Transport, events: WireEvents) {
    this.#inner = inner
    this.#events = events
  }

  async start(): Promise<void> {
    this.#inner.onmessage = (message, extra) => {
      this.#received(message)
      this.onmessage?.(message, extra)
    }
    this.#inner.onerror = (error) => this.onerror?.(error)
    this.#inner.onclose = () => {
      this.onclose?.()
      this.#events.onClose()
    }
    await this.#inner.start()
  }

  async send(message: JSONRPCMessage, options?: Parameters<Transport['send']>[1]): Promise<void> {
    // Watched before the client hears that it listens: what changes from then on is never missed.
    const answersListen = await this.#followListen(message)
    const blob = isJSONRPCResponse(message) && message.id !== undefined ? this.#events.onAnswering(nameRequest(message.id)) : null
    try {
      await this.#sendInTurn(message, options, blob?.bytes ?? null)
    } finally {
      blob?.release()
    }
    if (!answersListen && !isJSONRPCResponse(message)) return
    if (isJSONRPCResponse(message) && message.id !== undefined) this.#listening.delete(nameRequest(message.id))
    if (this.#hasAsked) this.#open()
  }

  close(): Promise<void> {
    return this.#inner.close()
  }

  setProtocolVersion(version: string): void {
    this.#inner.setProtocolVersion?.(version)
  }

  #sendInTurn(message: JSONRPCMessage, options: Parameters<Transport['send']>[1], blob: Uint8Array | null): Promise<void> {
    const inner = this.#inner
    const sent = this.#lastSent.then(() =>
      blob === null ? inner.send(tellRefusedParams(message), options) : sendBlob(inner, message, blob),
    )
    // Whoever sent that message hears of its failure; the next one is tried all the same.
    this.#lastSent = sent.catch(() => {})
    return sent
  }

  #received(message: JSONRPCMessage): void {
    if (isJSONRPCRequest(message)) {
      if (MAIL_REQUESTS.has(message.method)) this.#open()
      if (message.method === 'subscriptions/listen') this.#listening.add(nameRequest(message.id))
      if (!GREETINGS.has(message.method)) this.#hasAsked = true
    } else if (isJSONRPCNotification(message)) {
      if (message.method === 'notifications/initialized') this.#open()
      if (message.method === 'notifications/cancelled') {
        const { data } = Cancelled.safeParse(message.params)
        const holder = data === undefined ? '' : nameRequest(data.requestId)
        if (this.#listening.delete(holder)) this.#events.onCancel(holder)
      }
    }
  }

  async #followListen(message: JSONRPCMessage): Promise<boolean> {
    if (!isJSONRPCNotification(message) || message.method !== 'notifications/subscriptions/acknowledged') return false
    const { data } = ListenAnswer.safeParse(message.params)
    if (data === undefined) return false
    const holder = nameRequest(data._meta[SUBSCRIPTION_ID_META_KEY])
    if (this.#listening.has(holder)) await this.#events.onListen(holder, data.notifications.resourceSubscriptions ?? [])
    // Given up while it was being set up.
    if (!this.#listening.has(holder)) this.#events.onCancel(holder)
    return true
  }

  #open(): void {
    if (this.#isOpen) return
    this.#isOpen = true
    this.#events.onOpen()
  }
}

/** A request by its id: 1 and "1" are two. */
export function nameRequest(requestId: string | number): string {
  return JSON.stringify(requestId)
}
