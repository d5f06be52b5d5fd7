/** Puts the operations together into one PostOffice. */

import { Arrivals } from '../arrivals.ts'
import type { Log } from '../log.ts'
import type { Parser } from '../parser.ts'
import type { PostOffice } from '../post-office.ts'
import type { Receiver } from '../receiver.ts'
import { Spooler } from '../spool.ts'
import type { Store } from '../store.ts'
import type { World } from '../world.ts'
import { Inboxes } from './inboxes.ts'
import type { Listening } from './listening.ts'
import { Messages } from './messages.ts'
import { Receiving } from './receiving.ts'
import { Refusals } from './refusals.ts'
import { Waiting } from './waiting.ts'

/** What a post office is made of. */
export type PostOfficeParts = {
  store: Store
  parser: Parser
  world: World
  log: Log
  listening: Listening
  version: string
  domain: string
  dailySendLimit: number
  maxMessageBytes: number
}

/** A post office at work: the operations, the side that the SMTP listener sees, and its end. */
export type RunningPostOffice = {
  postOffice: PostOffice
  receiver: Receiver
  /** Takes up what a process before left behind: spooled mail, rows of deleted inboxes, old acceptances. */
  start(): void
  /** Resolves when nothing is being filed, confirmed or swept. */
  idle(): Promise<void>
  /** Ends all background work; what is not filed stays in the spool. */
  close(): Promise<void>
}

/** Wires the operations; starts nothing. */
export function composePostOffice(parts: PostOfficeParts): RunningPostOffice {
  const arrivals = new Arrivals()
  const refusals = new Refusals()
  const instanceId = parts.world.newId()
  const spooler = new Spooler({ ...parts, arrivals, instanceId })
  const receiving = new Receiving({ ...parts, spooler, refusals, instanceId })
  const inboxes = new Inboxes(parts)
  const messages = new Messages({ ...parts, arrivals })
  const waiting = new Waiting({ ...parts, arrivals, refusals })
  const { store, listening, version, domain, maxMessageBytes } = parts

  const postOffice: PostOffice = {
    createInbox: (agent, input) => inboxes.create(agent, input),
    listInboxes: (agent, page) => inboxes.list(agent, page),
    getInbox: (agent, ref) => inboxes.get(agent, ref),
    deleteInbox: (agent, ref) => inboxes.delete(agent, ref),
    checkQuota: (agent, ref) => inboxes.checkQuota(agent, ref),
    listMessages: (agent, ref, query) => store.listMessages(agent, ref, query),
    readMessage: (agent, ref, messageId, options) => messages.read(agent, ref, messageId, options),
    peekMessage: (agent, ref, messageId) => messages.peek(agent, ref, messageId),
    waitForMessage: (agent, ref, input, hooks) => waiting.wait(agent, ref, input, hooks),
    updateMessage: (agent, ref, messageId, change) => messages.update(agent, ref, messageId, change),
    deleteMessage: (agent, ref, messageId) => messages.delete(agent, ref, messageId),
    getRaw: (agent, ref, messageId) => store.getRaw(agent, ref, messageId),
    getAttachment: (agent, ref, messageId, attachmentId) => messages.getAttachment(agent, ref, messageId, attachmentId),
    completeAddresses: (agent, prefix, limit) => store.completeAddresses(agent, prefix, limit),
    completeMessageIds: (agent, ref, prefix, limit) => store.completeMessageIds(agent, ref, prefix, limit),
    status: (agent) => ({ version, agent, domain, listener: listening.status(), relay: 'none', maxMessageBytes }),
    watchInbox: (inboxId, listener) => arrivals.subscribe(inboxId, listener),
    watchInboxes: (agent, listener) => inboxes.watch(agent, listener),
  }
  return {
    postOffice,
    receiver: receiving,
    start: () => {
      spooler.start()
      inboxes.sweep()
      receiving.start()
    },
    idle: async () => {
      await Promise.all([spooler.idle(), receiving.idle(), inboxes.idle()])
    },
    close: async () => {
      receiving.close()
      await Promise.all([spooler.close(), receiving.idle()])
    },
  }
}
