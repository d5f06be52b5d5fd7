/** The methods of the store that its owner uses, as calls to the thread. */

import type { OperatingStore } from '../operating-store.ts'
import type { ArgsOf, Method, ResultOf } from './operations.ts'

/** Half of a store: whoever extends it says how a call is made. */
export abstract class OperatingCalls implements OperatingStore {
  /** Makes a call to the thread. */
  protected abstract call<M extends Method>(method: M, args: ArgsOf<M>): Promise<ResultOf<M>>

  summarize(...args: ArgsOf<'summarize'>) {
    return this.call('summarize', args)
  }

  findAnyInbox(...args: ArgsOf<'findAnyInbox'>) {
    return this.call('findAnyInbox', args)
  }

  listStored(...args: ArgsOf<'listStored'>) {
    return this.call('listStored', args)
  }

  getStored(...args: ArgsOf<'getStored'>) {
    return this.call('getStored', args)
  }

  listSpooledHashes(...args: ArgsOf<'listSpooledHashes'>) {
    return this.call('listSpooledHashes', args)
  }

  removeExpired(...args: ArgsOf<'removeExpired'>) {
    return this.call('removeExpired', args)
  }

  listUnpacked(...args: ArgsOf<'listUnpacked'>) {
    return this.call('listUnpacked', args)
  }

  keepPacked(...args: ArgsOf<'keepPacked'>) {
    return this.call('keepPacked', args)
  }
}
