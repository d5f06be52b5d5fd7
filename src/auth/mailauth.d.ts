/** The parts of mailauth that are used here, as far as they are used: its root would also load what fetches. */

declare module 'mailauth/lib/dkim/dkim-verifier.js' {
  import type { Writable } from 'node:stream'

  /** `key` is the name in lower case; `line` the field with its name and folds. */
  export type HeaderField = { key: string | undefined; line: Buffer }
  export type Headers = { parsed: HeaderField[]; original: Buffer }
  export type SignatureResult = {
    signingDomain?: string
    /** `underSized` counts the bytes of the body that an `l=` leaves out. */
    status: { result: string; comment?: string; underSized?: number }
  }
  type Options = { resolver: (name: string, type: string) => Promise<unknown[]>; sender: string; strict: boolean; curTime: Date }

  /** Takes a message, its lines ending in CR LF; the results stand once it has finished. */
  export class DkimVerifier extends Writable {
    constructor(options: Options)
    headers: Headers | false
    /** The addresses of every From field. */
    headerFrom: string[]
    fromFields: number
    results: SignatureResult[]
    messageHeaders(headers: Headers): Promise<void>
  }
}

declare module 'mailauth/lib/spf/index.js' {
  type Options = {
    sender: string
    ip: string
    helo: string
    /** What the macro `r` shows to the owner of the record. */
    mta: string
    resolver: (name: string, type: string) => Promise<unknown[]>
  }

  /** `domain` is the one that was asked for its record. */
  export function spf(options: Options): Promise<{ domain: string; status: { result: string } }>
}

declare module 'mailauth/lib/dmarc/index.js' {
  type Options = {
    headerFrom: string[]
    fromFields: number
    spfDomains: string[]
    dkimDomains: { domain: string }[]
    resolver: (name: string, type: string) => Promise<unknown[]>
  }

  /** False for a message whose author's domain is not one. */
  export function dmarc(options: Options): Promise<{ status: { result: string } } | false>
}

declare module 'mailauth/lib/tools.js' {
  /** The first entry whose organisational domain, by the public suffix list, is that of `fromDomain`; false without one. */
  export function getAlignment(fromDomain: string, domains: { domain: string }[]): { domain: string } | false
}
