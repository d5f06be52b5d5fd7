/** Puts the operations together into one PostOffice. */

import { Arrivals } from '../arrivals.ts'
import type { Carrier } from '../carrier.ts'
import type { Composer } from '../composer.ts'
import type { DkimKeyPair } from '../dkim-keys.ts'
import type { DomainDns } from '../domain-dns.ts'
import { MailError } from '../errors.ts'
import type { Log } from '../log.ts'
import { Outbox } from '../outbox.ts'
import type { Parser } from '../parser.ts'
import type { PostOffice } from '../post-office.ts'
import type { Receiver } from '../receiver.ts'
import type { SendPolicy } from '../send-policy.ts'
import type { SenderCheck } from '../sender-check.ts'
import { Signal } from '../signal.ts'
import { Spooler } from '../spool.ts'
import type { Store } from '../store.ts'
import type { World } from '../world.ts'
import { Attachments } from './attachments.ts'
import { Domains } from './domains.ts'
import { Explaining } from './explaining.ts'
import { Housekeeping } from './housekeeping.ts'
import { Inboxes } from './inboxes.ts'
import type { Listening } from './listening.ts'
import { Messages } from './messages.ts'
import { Reader } from './reader.ts'
import { Receiving } from './receiving.ts'
import { Searching } from './searching.ts'
import { Senders } from './senders.ts'
import { Sending } from './sending.ts'
import { SessionRecorder } from './session-recorder.ts'
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
  /** The public name of this server, for MX records. */
  mxHost: string
  domainDns: DomainDns
  isPublicSuffix: (domain: string) => Promise<boolean>
  makeDkimKeyPair: () => Promise<DkimKeyPair>
  dailySendLimit: number
  maxMessageBytes: number
  composer: Composer
  /** To the outside; null without one. */
  relay: Carrier | null
  dryRun: boolean
  /** Null where nobody looks: every sender is unknown. */
  senderCheck: SenderCheck | null
  sendPolicy: SendPolicy
  /** Nothing is made, changed, removed or sent; reading and waiting go on, and mark as read. */
  readOnly: boolean
  downloadDir: string
  keepDays: number
  keepMb: number
  /** By which the processes on one store wake each other. */
  signalFile: string
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
  const sessions = new SessionRecorder(parts)
  const instanceId = parts.world.newId()
  const signal = new Signal(parts.signalFile, instanceId, parts.log)
  const searching = new Searching(parts)
  const arrivals = new Arrivals((key, ring) => {
    signal.send(key, ring)
    if (ring === 'arrival') searching.kick()
  })
  const spooler = new Spooler({ ...parts, arrivals, instanceId })
  const receiving = new Receiving({ ...parts, spooler, sessions, arrivals, instanceId })
  const outbox = new Outbox({ ...parts, arrivals, instanceId, onHandover: () => spooler.lookAgain() })
  const domains = new Domains({ ...parts, arrivals, sessions })
  const housekeeping = new Housekeeping({ ...parts, recheckDomains: () => domains.recheck() })
  const inboxes = new Inboxes({ ...parts, arrivals })
  const senders = new Senders(parts)
  const reader = new Reader({ ...parts, senders })
  const messages = new Messages({ ...parts, arrivals, reader })
  const attachments = new Attachments(parts)
  const waiting = new Waiting({ ...parts, arrivals, sessions, reader, isSignalled: () => signal.isWatching })
  const explaining = new Explaining({ ...parts, sessions })
  const sending = new Sending({
    ...parts,
    outbox,
    arrivals,
    hasRelay: parts.relay !== null,
    findDkimKey: async (agent, { domainId }) => (domainId === null ? null : parts.store.getDkimKey(agent, domainId)),
    readAttachment: (agent, ref) => (messageId, attachmentId) => attachments.get(agent, ref, messageId, attachmentId),
  })
  const { store, listening, version, domain, maxMessageBytes } = parts

  const postOffice: PostOffice = {
    createInbox: (agent, input) => inboxes.create(agent, input),
    listInboxes: (agent, page) => inboxes.list(agent, page),
    getInbox: (agent, ref) => inboxes.get(agent, ref),
    deleteInbox: (agent, ref) => inboxes.delete(agent, ref),
    checkQuota: (agent, ref) => inboxes.checkQuota(agent, ref),
    listMessages: (agent, ref, query) => searching.list(agent, ref, query),
    readMessage: (agent, ref, messageId, options) => messages.read(agent, ref, messageId, options),
    peekMessage: (agent, ref, messageId) => messages.peek(agent, ref, messageId),
    waitForMessage: (agent, ref, input, hooks) => waiting.wait(agent, ref, input, hooks),
    giveBackMessage: (agent, ref, messageId) => waiting.giveBack(agent, ref, messageId),
    explainDelivery: (agent, input) => explaining.explain(agent, input),
    updateMessage: (agent, ref, messageId, change) => messages.update(agent, ref, messageId, change),
    deleteMessage: (agent, ref, messageId) => messages.delete(agent, ref, messageId),
    getRaw: (agent, ref, messageId) => store.getRaw(agent, ref, messageId),
    getAttachment: (agent, ref, messageId, attachmentId) => attachments.get(agent, ref, messageId, attachmentId),
    readAttachment: attachments.read,
    saveAttachment: attachments.save,
    sendMessage: (agent, ref, input) => sending.send(agent, ref, input),
    replyToMessage: (agent, ref, input) => sending.reply(agent, ref, input),
    getSentMessage: (agent, ref, messageId) => store.getSentMessage(agent, ref, messageId),
    waitForDelivery: (agent, ref, input, hooks) => waiting.waitForDelivery(agent, ref, input, hooks),
    listThreads: (agent, ref, page) => store.listThreads(agent, ref, page),
    getThread: (agent, ref, threadId, page) => store.getThread(agent, ref, threadId, page),
    addDomain: (agent, input) => domains.add(agent, input),
    listDomains: (agent, page) => domains.list(agent, page),
    getDomain: (agent, ref) => domains.get(agent, ref),
    verifyDomain: (agent, ref) => domains.verify(agent, ref),
    deleteDomain: (agent, ref) => domains.delete(agent, ref),
    completeAddresses: (agent, prefix, limit) => store.completeAddresses(agent, prefix, limit),
    completeMessageIds: (agent, ref, prefix, limit) => store.completeMessageIds(agent, ref, prefix, limit),
    status: (agent) => ({
      version,
      agent,
      domain,
      listener: listening.status(),
      relay: describeRelay(parts),
      sendTo: parts.sendPolicy.kind,
      readOnly: parts.readOnly,
      maxMessageBytes,
    }),
    watchInbox: (inboxId, listener) => arrivals.subscribe(inboxId, listener),
    watchInboxes: (agent, listener) => inboxes.watch(agent, listener),
    watchMail: (listener) => arrivals.subscribeAll((key, ring) => ring === 'arrival' && listener(key)),
    countNewMail: (agent, asked, since) => store.countNewMail(agent, asked, since),
  }
  return {
    postOffice: parts.readOnly ? { ...postOffice, ...REFUSE_CHANGES } : postOffice,
    receiver: receiving,
    start: () => {
      void signal.start((key, ring) => arrivals.ringHere(key, ring))
      spooler.start()
      outbox.kick()
      inboxes.sweep()
      searching.start()
      receiving.start()
      housekeeping.start()
    },
    idle: async () => {
      // A delivery may end in the spool, and a report in the spool may end a delivery.
      await outbox.idle()
      await Promise.all([spooler.idle(), receiving.idle(), inboxes.idle()])
      await Promise.all([searching.idle(), housekeeping.idle()])
    },
    close: async () => {
      receiving.close()
      domains.close()
      await Promise.all([outbox.close(), spooler.close(), searching.close(), receiving.idle(), housekeeping.close()])
      await signal.close()
    },
  }
}

function describeRelay({ relay, dryRun }: PostOfficeParts): 'none' | 'dry-run' | 'configured' {
  if (dryRun) return 'dry-run'
  return relay === null ? 'none' : 'configured'
}

const refuseChange = async (): Promise<never> => {
  throw new MailError('read_only', 'This server was started read-only: it makes, changes and sends nothing.')
}

/** What a read-only server refuses, whatever tools it offers. */
const REFUSE_CHANGES = {
  createInbox: refuseChange,
  deleteInbox: refuseChange,
  updateMessage: refuseChange,
  deleteMessage: refuseChange,
  saveAttachment: refuseChange,
  sendMessage: refuseChange,
  replyToMessage: refuseChange,
  addDomain: refuseChange,
  verifyDomain: refuseChange,
  deleteDomain: refuseChange,
} satisfies Partial<PostOffice>
