/** The store on SQLite: every method is a call to the worker thread that owns the file. */

import { MailError } from '../errors.ts'
import { describeError, type Log } from '../log.ts'
import type { Store } from '../store.ts'
import { DomainCalls } from './domain-calls.ts'
import type { ArgsOf, Method, ResultOf } from './operations.ts'
import { StoreThread, type ThreadOptions } from './thread.ts'

/** Where the store is, and what opening it needs. */
export type StoreOptions = {
  /** The database file; made when absent, with mode 0600. Its directory exists. */
  file: string
  log: Log
  /** Where the worker's code is; bundles put it elsewhere. */
  workerUrl?: URL
}

/** Not a method of a store: only who prepares one may open it. */
const OPEN = Symbol('open')

/** A store that opens when it is told to, or at the first call; calls wait for it, and are rejected as `open` is when it cannot be. */
export type ClosedStore = {
  store: Store
  /**
   * Starts the store's thread, which opens the file and makes or upgrades its tables. Again, it answers the same. @throws MailError store_unavailable
   * when the file cannot be opened with full durability, is not ours, or was upgraded by a newer program
   */
  open: () => Promise<void>
}

/** Prepares a store; costs nothing until it is opened. */
export function prepareStore({ file, log, workerUrl }: StoreOptions): ClosedStore {
  const store = new SqlStore({ file, log, workerUrl: workerUrl ?? new URL('./worker.ts', import.meta.url) })
  return { store, open: () => store[OPEN]() }
}

/** Opens a store at once. @throws MailError store_unavailable, as `open` of {@link ClosedStore} */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { store, open } = prepareStore(options)
  await open()
  return store
}

/** A thread that died is replaced at the next call. */
class SqlStore extends DomainCalls implements Store {
  readonly #options: ThreadOptions
  #thread: StoreThread | null = null
  #opened: Promise<void> | null = null
  #storeId = ''
  #closing: Promise<void> | null = null

  constructor(options: ThreadOptions) {
    super()
    this.#options = options
  }

  [OPEN](): Promise<void> {
    this.#opened ??= this.#start().opened
    return this.#opened
  }

  get storeId(): string {
    return this.#storeId
  }

  createInbox(...args: ArgsOf<'createInbox'>) {
    return this.call('createInbox', args)
  }

  listInboxes(...args: ArgsOf<'listInboxes'>) {
    return this.call('listInboxes', args)
  }

  completeAddresses(...args: ArgsOf<'completeAddresses'>) {
    return this.call('completeAddresses', args)
  }

  getInbox(...args: ArgsOf<'getInbox'>) {
    return this.call('getInbox', args)
  }

  deleteInbox(...args: ArgsOf<'deleteInbox'>) {
    return this.call('deleteInbox', args)
  }

  sweepDeleted(...args: ArgsOf<'sweepDeleted'>) {
    return this.call('sweepDeleted', args)
  }

  findRecipient(...args: ArgsOf<'findRecipient'>) {
    return this.call('findRecipient', args)
  }

  acceptMail(...args: ArgsOf<'acceptMail'>) {
    return this.call('acceptMail', args)
  }

  confirmMail(...args: ArgsOf<'confirmMail'>) {
    return this.call('confirmMail', args)
  }

  releaseMail(...args: ArgsOf<'releaseMail'>) {
    return this.call('releaseMail', args)
  }

  forgetAcceptances(...args: ArgsOf<'forgetAcceptances'>) {
    return this.call('forgetAcceptances', args)
  }

  claimSpool(...args: ArgsOf<'claimSpool'>) {
    return this.call('claimSpool', args)
  }

  fileMail(...args: ArgsOf<'fileMail'>) {
    return this.call('fileMail', args)
  }

  listMessages(...args: ArgsOf<'listMessages'>) {
    return this.call('listMessages', args)
  }

  searchMessages(...args: ArgsOf<'searchMessages'>) {
    return this.call('searchMessages', args)
  }

  indexMessages(...args: ArgsOf<'indexMessages'>) {
    return this.call('indexMessages', args)
  }

  getMessage(...args: ArgsOf<'getMessage'>) {
    return this.call('getMessage', args)
  }

  getRaw(...args: ArgsOf<'getRaw'>) {
    return this.call('getRaw', args)
  }

  saveSenderVerdict(...args: ArgsOf<'saveSenderVerdict'>) {
    return this.call('saveSenderVerdict', args)
  }

  takeMessage(...args: ArgsOf<'takeMessage'>) {
    return this.call('takeMessage', args)
  }

  listNearMisses(...args: ArgsOf<'listNearMisses'>) {
    return this.call('listNearMisses', args)
  }

  countNewMail(...args: ArgsOf<'countNewMail'>) {
    return this.call('countNewMail', args)
  }

  updateMessage(...args: ArgsOf<'updateMessage'>) {
    return this.call('updateMessage', args)
  }

  deleteMessage(...args: ArgsOf<'deleteMessage'>) {
    return this.call('deleteMessage', args)
  }

  completeMessageIds(...args: ArgsOf<'completeMessageIds'>) {
    return this.call('completeMessageIds', args)
  }

  queueMessage(...args: ArgsOf<'queueMessage'>) {
    return this.call('queueMessage', args)
  }

  getSentMessage(...args: ArgsOf<'getSentMessage'>) {
    return this.call('getSentMessage', args)
  }

  claimDeliveries(...args: ArgsOf<'claimDeliveries'>) {
    return this.call('claimDeliveries', args)
  }

  renewDeliveries(...args: ArgsOf<'renewDeliveries'>) {
    return this.call('renewDeliveries', args)
  }

  nextDeliveryAt(...args: ArgsOf<'nextDeliveryAt'>) {
    return this.call('nextDeliveryAt', args)
  }

  settleDelivery(...args: ArgsOf<'settleDelivery'>) {
    return this.call('settleDelivery', args)
  }

  handOver(...args: ArgsOf<'handOver'>) {
    return this.call('handOver', args)
  }

  findDelivery(...args: ArgsOf<'findDelivery'>) {
    return this.call('findDelivery', args)
  }

  recordReport(...args: ArgsOf<'recordReport'>) {
    return this.call('recordReport', args)
  }

  getSecret(...args: ArgsOf<'getSecret'>) {
    return this.call('getSecret', args)
  }

  listThreads(...args: ArgsOf<'listThreads'>) {
    return this.call('listThreads', args)
  }

  getThread(...args: ArgsOf<'getThread'>) {
    return this.call('getThread', args)
  }

  recordSessions(...args: ArgsOf<'recordSessions'>) {
    return this.call('recordSessions', args)
  }

  listSessions(...args: ArgsOf<'listSessions'>) {
    return this.call('listSessions', args)
  }

  listNewestAddresses(...args: ArgsOf<'listNewestAddresses'>) {
    return this.call('listNewestAddresses', args)
  }

  listArrivals(...args: ArgsOf<'listArrivals'>) {
    return this.call('listArrivals', args)
  }

  listSuppressions(...args: ArgsOf<'listSuppressions'>) {
    return this.call('listSuppressions', args)
  }

  removeSuppression(...args: ArgsOf<'removeSuppression'>) {
    return this.call('removeSuppression', args)
  }

  listSuspended(...args: ArgsOf<'listSuspended'>) {
    return this.call('listSuspended', args)
  }

  resumeInbox(...args: ArgsOf<'resumeInbox'>) {
    return this.call('resumeInbox', args)
  }

  listUnknownDeliveries(...args: ArgsOf<'listUnknownDeliveries'>) {
    return this.call('listUnknownDeliveries', args)
  }

  retryDelivery(...args: ArgsOf<'retryDelivery'>) {
    return this.call('retryDelivery', args)
  }

  close(): Promise<void> {
    this.#closing ??= this.#thread?.close() ?? Promise.resolve()
    return this.#closing
  }

  protected override call<M extends Method>(method: M, args: ArgsOf<M>): Promise<ResultOf<M>> {
    if (this.#closing) return Promise.reject(new MailError('store_unavailable', 'The mail store is closed.'))
    return this.#findThread().call(method, args)
  }

  #findThread(): StoreThread {
    if (this.#thread === null) {
      const { thread, opened } = this.#start()
      this.#opened = opened
      // Whoever called is told, and so is who asks `open`.
      opened.catch(() => {})
      return thread
    }
    if (!this.#thread.isOver) return this.#thread
    this.#options.log.warn('store_restarted')
    const { thread, opened } = this.#start()
    // Its calls are answered with it too.
    opened.catch((error: unknown) => this.#options.log.error('store_restart_failed', { error: describeError(error) }))
    return thread
  }

  #start(): { thread: StoreThread; opened: Promise<void> } {
    const thread = new StoreThread(this.#options)
    this.#thread = thread
    const opened = thread.opened().then((storeId) => {
      this.#storeId = storeId
    })
    return { thread, opened }
  }
}
