/**
 * Every operation of the store in one table: how it treats the store, and what it does inside a transaction that somebody else
 * opened.
 */

import type { Store } from '../store.ts'
import { claimDeliveries, findDelivery, getSentMessage, nextDeliveryAt, renewDeliveries } from './deliveries.ts'
import {
  claimDomains,
  createDomain,
  deleteDomain,
  findDomainHolder,
  getDkimKey,
  getDomain,
  listDomainHolders,
  listDomains,
  recordDomainCheck,
  releaseDomain,
} from './domains.ts'
import type { Engine } from './engine.ts'
import { removeExpired } from './expiry.ts'
import { fileMail } from './filing.ts'
import { handOver } from './handover.ts'
import { completeAddresses, createInbox, deleteInbox, findRecipient, getInbox, listInboxes } from './inboxes.ts'
import { indexMessages } from './indexing.ts'
import {
  completeMessageIds,
  deleteMessage,
  getMessage,
  getRaw,
  listMessages,
  saveSenderVerdict,
  updateMessage,
} from './messages.ts'
import { countNewMail } from './new-mail.ts'
import { keepPacked, listUnpacked } from './packing.ts'
import { queueMessage } from './queueing.ts'
import { getSecret } from './schema.ts'
import { searchMessages } from './searching.ts'
import { listNewestAddresses } from './session-bounds.ts'
import { listArrivals, listSessions, recordSessions } from './session-log.ts'
import { recordReport, settleDelivery } from './settling.ts'
import { acceptMail, claimSpool, confirmMail, forgetAcceptances, releaseMail } from './spool.ts'
import { findAnyInbox, getStored, listSpooledHashes, listStored, summarize } from './summary.ts'
import { listSuppressions, removeSuppression } from './suppressions.ts'
import { listSuspended, resumeInbox } from './suspension.ts'
import { sweepDeleted } from './sweep.ts'
import { getThread, listThreads } from './threads.ts'
import { listUnknownDeliveries, retryDelivery } from './unknown-deliveries.ts'
import { listNearMisses, takeMessage } from './waits.ts'

/** An operation of the store that runs in the worker. */
export type Method = Exclude<keyof Store, 'storeId' | 'close'>

/** What a caller passes to a method. */
export type ArgsOf<M extends Method> = Parameters<Store[M]>
/** What a method's promise resolves to. */
export type ResultOf<M extends Method> = Awaited<ReturnType<Store[M]>>

/**
 * `read` never writes. `write` does. `rarely` begins as a read and is done again as a write when it finds something to write:
 * waits and sweeps look many times for each time they find, and a look must not take the write lock from other processes.
 */
export type Mode = 'read' | 'rarely' | 'write'

type Operation<M extends Method> = {
  readonly mode: Mode
  /** What it does is done again, or not missed, when a power cut takes it: nobody was promised anything. Its commit need not wait for the disk. */
  readonly isUnsynced?: true
  /** May be run a second time after its first run was rolled back, so it keeps nothing but rows. */
  readonly run: (db: Engine, ...args: ArgsOf<M>) => Promise<ResultOf<M>>
  /** Mail bytes that a call carries, where that may be many. */
  readonly bytesOf?: (...args: ArgsOf<M>) => number
}

/** The table. */
export const OPERATIONS: { readonly [M in Method]: Operation<M> } = {
  createInbox: { mode: 'write', run: createInbox },
  listInboxes: { mode: 'read', run: listInboxes },
  completeAddresses: { mode: 'read', run: completeAddresses },
  getInbox: { mode: 'read', run: getInbox },
  deleteInbox: { mode: 'write', run: deleteInbox },
  sweepDeleted: { mode: 'rarely', run: sweepDeleted },

  findRecipient: { mode: 'read', run: findRecipient },
  acceptMail: { mode: 'write', run: acceptMail, bytesOf: (mail) => mail.raw.byteLength },
  confirmMail: { mode: 'write', run: confirmMail, isUnsynced: true },
  releaseMail: { mode: 'write', run: releaseMail, isUnsynced: true },
  forgetAcceptances: { mode: 'rarely', run: forgetAcceptances },
  claimSpool: { mode: 'rarely', run: claimSpool },
  // Until it is on the disk the mail is in the spool, and is filed again from there.
  fileMail: {
    mode: 'write',
    run: fileMail,
    isUnsynced: true,
    bytesOf: (_id, parsed) => parsed.bodyText.length + (parsed.bodyHtml?.length ?? 0),
  },

  listMessages: { mode: 'read', run: listMessages },
  searchMessages: { mode: 'rarely', run: searchMessages },
  indexMessages: { mode: 'rarely', run: indexMessages, isUnsynced: true },
  getMessage: { mode: 'rarely', run: getMessage },
  getRaw: { mode: 'read', run: getRaw },
  // It is found again at the next read.
  saveSenderVerdict: { mode: 'write', run: saveSenderVerdict, isUnsynced: true },
  // After a power cut it is unread again, and whoever got it may not have come to read it.
  takeMessage: { mode: 'rarely', run: takeMessage, isUnsynced: true },
  listNearMisses: { mode: 'read', run: listNearMisses },
  countNewMail: { mode: 'read', run: countNewMail },
  updateMessage: { mode: 'write', run: updateMessage },
  deleteMessage: { mode: 'write', run: deleteMessage },
  completeMessageIds: { mode: 'read', run: completeMessageIds },

  queueMessage: { mode: 'write', run: queueMessage, bytesOf: (_agent, _ref, mail) => mail.raw.byteLength },
  getSentMessage: { mode: 'read', run: getSentMessage },
  claimDeliveries: { mode: 'rarely', run: claimDeliveries },
  renewDeliveries: { mode: 'write', run: renewDeliveries },
  nextDeliveryAt: { mode: 'rarely', run: nextDeliveryAt },
  settleDelivery: { mode: 'write', run: settleDelivery },
  handOver: { mode: 'write', run: handOver },
  findDelivery: { mode: 'read', run: findDelivery },
  recordReport: { mode: 'write', run: recordReport },
  getSecret: { mode: 'read', run: getSecret },

  listThreads: { mode: 'read', run: listThreads },
  getThread: { mode: 'read', run: getThread },

  createDomain: { mode: 'write', run: createDomain },
  getDomain: { mode: 'read', run: getDomain },
  listDomains: { mode: 'read', run: listDomains },
  deleteDomain: { mode: 'write', run: deleteDomain },
  findDomainHolder: { mode: 'read', run: findDomainHolder },
  listDomainHolders: { mode: 'read', run: listDomainHolders },
  releaseDomain: { mode: 'write', run: releaseDomain },
  recordDomainCheck: { mode: 'write', run: recordDomainCheck },
  getDkimKey: { mode: 'read', run: getDkimKey },
  claimDomains: { mode: 'rarely', run: claimDomains },

  recordSessions: { mode: 'write', run: recordSessions, isUnsynced: true },
  listSessions: { mode: 'read', run: listSessions },
  listArrivals: { mode: 'read', run: listArrivals },
  listNewestAddresses: { mode: 'read', run: listNewestAddresses },

  listSuppressions: { mode: 'read', run: listSuppressions },
  removeSuppression: { mode: 'write', run: removeSuppression },
  listSuspended: { mode: 'read', run: listSuspended },
  resumeInbox: { mode: 'write', run: resumeInbox },
  listUnknownDeliveries: { mode: 'read', run: listUnknownDeliveries },
  retryDelivery: { mode: 'write', run: retryDelivery },

  summarize: { mode: 'read', run: summarize },
  findAnyInbox: { mode: 'read', run: findAnyInbox },
  listStored: { mode: 'read', run: listStored },
  getStored: { mode: 'read', run: getStored },
  listSpooledHashes: { mode: 'read', run: listSpooledHashes },
  removeExpired: { mode: 'rarely', run: removeExpired },
  listUnpacked: { mode: 'read', run: listUnpacked },
  keepPacked: {
    mode: 'write',
    run: keepPacked,
    bytesOf: (mail) => mail.reduce((sum, { packed }) => sum + (packed?.byteLength ?? 0), 0),
  },
}

/** A method of the store with its arguments. */
export type Call<M extends Method = Method> = { [K in M]: { readonly method: K; readonly args: ArgsOf<K> } }[M]

/** Runs a call inside the transaction that is open. */
export function runCall<M extends Method>(db: Engine, { method, args }: Call<M>): Promise<ResultOf<M>> {
  return OPERATIONS[method].run(db, ...args)
}

/** Mail bytes that a call carries; 0 for calls that are small. */
export function bytesOf<M extends Method>({ method, args }: Call<M>): number {
  return OPERATIONS[method].bytesOf?.(...args) ?? 0
}
