/** The methods of the store that keep domains, as calls to the thread. */

import type { DomainStore } from '../domain-store.ts'
import { OperatingCalls } from './operating-calls.ts'
import type { ArgsOf } from './operations.ts'

/** A part of a store, as {@link OperatingCalls} is one. */
export abstract class DomainCalls extends OperatingCalls implements DomainStore {
  createDomain(...args: ArgsOf<'createDomain'>) {
    return this.call('createDomain', args)
  }

  getDomain(...args: ArgsOf<'getDomain'>) {
    return this.call('getDomain', args)
  }

  listDomains(...args: ArgsOf<'listDomains'>) {
    return this.call('listDomains', args)
  }

  deleteDomain(...args: ArgsOf<'deleteDomain'>) {
    return this.call('deleteDomain', args)
  }

  findDomainHolder(...args: ArgsOf<'findDomainHolder'>) {
    return this.call('findDomainHolder', args)
  }

  listDomainHolders(...args: ArgsOf<'listDomainHolders'>) {
    return this.call('listDomainHolders', args)
  }

  releaseDomain(...args: ArgsOf<'releaseDomain'>) {
    return this.call('releaseDomain', args)
  }

  recordDomainCheck(...args: ArgsOf<'recordDomainCheck'>) {
    return this.call('recordDomainCheck', args)
  }

  getDkimKey(...args: ArgsOf<'getDkimKey'>) {
    return this.call('getDkimKey', args)
  }

  claimDomains(...args: ArgsOf<'claimDomains'>) {
    return this.call('claimDomains', args)
  }
}
