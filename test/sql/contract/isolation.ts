/** What a store promises to every agent: nobody else sees, changes or guesses what is theirs. */

import { describe, expect, it } from 'vitest'
import type { Inbox } from '../../../src/model.ts'
import { readSearchQuery } from '../../../src/search/reader.ts'
import { UNKNOWN_SENDER } from '../../../src/sender-check.ts'
import type { Store } from '../../../src/store.ts'
import { AGENT, carryOut, deliver, FIRST_PAGE, makeInbox, NOW, OTHER_AGENT, outgoing, queue } from '../support.ts'

type AgentCall = (store: Store, agent: string, ref: string, messageId: string, threadId: string) => Promise<unknown>

/** Every method that names an inbox. */
const CALLS: Record<string, AgentCall> = {
  getInbox: (store, agent, ref) => store.getInbox(agent, ref, NOW),
  deleteInbox: (store, agent, ref) => store.deleteInbox(agent, ref),
  listMessages: (store, agent, ref) => store.listMessages(agent, ref, { after: null, page: FIRST_PAGE }),
  searchMessages: (store, agent, ref) =>
    store.searchMessages(agent, ref, readSearchQuery('code', NOW), { after: null, page: FIRST_PAGE }),
  getMessage: (store, agent, ref, id) => store.getMessage(agent, ref, id, { markRead: true }),
  getRaw: (store, agent, ref, id) => store.getRaw(agent, ref, id),
  saveSenderVerdict: (store, agent, ref, id) => store.saveSenderVerdict(agent, ref, id, UNKNOWN_SENDER),
  takeMessage: (store, agent, ref) => store.takeMessage(agent, ref, {}, 0),
  listNearMisses: (store, agent, ref) => store.listNearMisses(agent, ref, {}, 0, 5),
  updateMessage: (store, agent, ref, id) => store.updateMessage(agent, ref, id, { read: true, addLabels: ['x'] }),
  deleteMessage: (store, agent, ref, id) => store.deleteMessage(agent, ref, id),
  completeMessageIds: (store, agent, ref) => store.completeMessageIds(agent, ref, '', 9),
  queueMessage: (store, agent, ref, _id, threadId) => store.queueMessage(agent, ref, outgoing({ threadId })),
  getSentMessage: (store, agent, ref, id) => store.getSentMessage(agent, ref, id),
  listArrivals: (store, agent, ref) => store.listArrivals(agent, ref, 9),
  listThreads: (store, agent, ref) => store.listThreads(agent, ref, FIRST_PAGE),
  getThread: (store, agent, ref, _id, threadId) => store.getThread(agent, ref, threadId, FIRST_PAGE),
}

/** The methods that name a message as well. */
const MESSAGE_CALLS = ['getMessage', 'getRaw', 'saveSenderVerdict', 'updateMessage', 'deleteMessage', 'getSentMessage']
/** The methods that name a thread. */
const THREAD_CALLS = ['queueMessage', 'getThread']

/** Methods of the listener, the spooler, the outbox and the owner, who act for no agent, and those that isolation has tests of their own for. */
const OTHERS = [
  'createInbox',
  'createDomain',
  'getDomain',
  'listDomains',
  'deleteDomain',
  'recordDomainCheck',
  'findDomainHolder',
  'listDomainHolders',
  'releaseDomain',
  'getDkimKey',
  'claimDomains',
  'listInboxes',
  'completeAddresses',
  'sweepDeleted',
  'findRecipient',
  'acceptMail',
  'confirmMail',
  'releaseMail',
  'forgetAcceptances',
  'claimSpool',
  'fileMail',
  'indexMessages',
  'countNewMail',
  'claimDeliveries',
  'renewDeliveries',
  'nextDeliveryAt',
  'settleDelivery',
  'handOver',
  'findDelivery',
  'recordReport',
  'getSecret',
  'recordSessions',
  'listNewestAddresses',
  'summarize',
  'findAnyInbox',
  'listStored',
  'getStored',
  'listSpooledHashes',
  'removeExpired',
  'listUnpacked',
  'keepPacked',
  'listSessions',
  'listSuppressions',
  'removeSuppression',
  'listSuspended',
  'resumeInbox',
  'listUnknownDeliveries',
  'retryDelivery',
  'close',
]

export function describeIsolation(open: () => Store): void {
  /** One that every method finds when its owner asks. */
  const openMessage = async (inbox: Inbox) => {
    const { message } = await queue(open(), inbox)
    return await open().getMessage(AGENT, inbox.id, message.id, { markRead: false })
  }

  describe('keeps agents apart', () => {
    it('in every method that there is', () => {
      const methods: string[] = []
      for (let each = Object.getPrototypeOf(open()); each !== Object.prototype; each = Object.getPrototypeOf(each)) {
        methods.push(...Object.getOwnPropertyNames(each))
      }
      const known = [...Object.keys(CALLS), ...OTHERS, 'constructor', 'call', 'storeId']
      expect(methods.filter((name) => !known.includes(name))).toEqual([])
      expect(known.filter((name) => !methods.includes(name))).toEqual([])
    })

    it.each(Object.entries(CALLS))('%s answers for the inbox of another as for none', async (_name, call) => {
      const inbox = await makeInbox(open())
      const message = await openMessage(inbox)
      const { id, threadId } = message
      await makeInbox(open(), {}, OTHER_AGENT)
      const nobodys = await call(open(), OTHER_AGENT, 'nobody@agents.localhost', id, threadId).catch((error) => error)
      for (const ref of [inbox.id, inbox.address]) {
        for (const agent of [OTHER_AGENT, '', 'ADA', '%', 'ada ']) {
          expect(await call(open(), agent, ref, id, threadId).catch((error) => error)).toEqual(nobodys)
        }
      }
      expect(nobodys).toMatchObject({ code: 'inbox_not_found' })
      expect(await open().getMessage(AGENT, inbox.id, id, { markRead: false })).toEqual(message)
      expect((await open().getThread(AGENT, inbox.id, threadId, FIRST_PAGE)).total).toBe(1)
    })

    it.each(MESSAGE_CALLS)('%s finds no message through an inbox that it is not in', async (name) => {
      const [inbox, other] = [await makeInbox(open()), await makeInbox(open())]
      const theirs = await makeInbox(open(), {}, OTHER_AGENT)
      const message = await openMessage(inbox)
      const viaOwn = CALLS[name]?.(open(), AGENT, other.id, message.id, message.threadId)
      await expect(viaOwn).rejects.toMatchObject({ code: 'message_not_found' })
      const viaTheirs = CALLS[name]?.(open(), OTHER_AGENT, theirs.id, message.id, message.threadId)
      await expect(viaTheirs).rejects.toMatchObject({ code: 'message_not_found' })
      expect(await open().getMessage(AGENT, inbox.id, message.id, { markRead: false })).toEqual(message)
    })

    it.each(THREAD_CALLS)('%s finds no thread through an inbox that it is not in', async (name) => {
      const [inbox, other] = [await makeInbox(open()), await makeInbox(open())]
      const theirs = await makeInbox(open(), {}, OTHER_AGENT)
      const { id, threadId } = await openMessage(inbox)
      const viaOwn = CALLS[name]?.(open(), AGENT, other.id, id, threadId)
      await expect(viaOwn).rejects.toMatchObject({ code: 'thread_not_found' })
      const viaTheirs = CALLS[name]?.(open(), OTHER_AGENT, theirs.id, id, threadId)
      await expect(viaTheirs).rejects.toMatchObject({ code: 'thread_not_found' })
      expect((await open().getThread(AGENT, inbox.id, threadId, FIRST_PAGE)).total).toBe(1)
    })

    it('in what they may write to, and in the threads they write to', async () => {
      const inbox = await makeInbox(open())
      const theirs = await makeInbox(open(), {}, OTHER_AGENT)
      const { message } = await queue(open(), inbox, { to: ['gone@example.org'] })
      await carryOut(open(), ['refused'], { suppress: true })
      await deliver(open(), inbox, { fromAddress: 'friend@example.org' })
      const references = [message.messageIdHeader ?? '']
      const sent = await open().queueMessage(OTHER_AGENT, theirs.id, outgoing({ to: ['gone@example.org'], references }))
      expect(sent.message.threadId).not.toBe(message.threadId)
      const toFriend = outgoing({ to: ['friend@example.org'], correspondentsOnly: true })
      await expect(open().queueMessage(OTHER_AGENT, theirs.id, toFriend)).rejects.toMatchObject({ code: 'recipient_not_allowed' })
    })

    it('in lists and completion', async () => {
      await makeInbox(open())
      const theirs = await makeInbox(open(), {}, OTHER_AGENT)
      expect(await open().listInboxes(OTHER_AGENT, FIRST_PAGE, NOW)).toEqual({ data: [theirs], total: 1 })
      expect(await open().completeAddresses(OTHER_AGENT, '', 9)).toEqual({ data: [theirs.address], total: 1 })
      expect(await open().listInboxes('carol', FIRST_PAGE, NOW)).toEqual({ data: [], total: 0 })
      expect(await open().completeAddresses('carol', 'inbox', 9)).toEqual({ data: [], total: 0 })
    })
  })
}
