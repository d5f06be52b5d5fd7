/** Where mail to the outside goes: the one URL that the owner gives. */

import { isIPv4, isIPv6 } from 'node:net'
import { MailError } from '../errors.ts'

/** A relay: where it is, how it is spoken to, and as whom. */
export type RelayTarget = {
  /** Name or address, without brackets, in lower case. */
  readonly host: string
  readonly port: number
  /** TLS from the first byte (`smtps:`); otherwise STARTTLS, which only a relay on this machine may do without. */
  readonly secure: boolean
  readonly credentials: { readonly user: string; readonly pass: string } | null
  /** Named as this machine. That the connection really stays here is seen when it is made. */
  readonly isLoopback: boolean
}

/** RFC 8314 section 3.3: TLS from the start on 465, STARTTLS on the submission port. */
const DEFAULT_PORTS = { smtp: 587, smtps: 465 } as const
const FORM = /^(smtps?):\/\/(?:([^/?#@]*)@)?(\[[^\]/?#@]*\]|[^:/?#@[\]]*)(?::([^/?#@]*))?\/?$/i
const HOST_NAME = /^(?!-)[a-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9_-]{1,63}(?<!-))*$/

/**
 * Reads `smtp://host`, `smtps://user:password@host:port` and what lies between; port 587 for smtp and 465 for smtps unless it says otherwise.
 * Nothing else may stand in it: an option that we ignored would be one that the owner relies on.
 * @throws MailError invalid_argument, in one line that shows nothing of the text, since a password may be anywhere in it
 */
export function parseRelayUrl(text: string): RelayTarget {
  const [, scheme, userInfo, hostText, portText] = FORM.exec(text) ?? []
  if (scheme === undefined || hostText === undefined) {
    throw refuse(
      'must be smtp://host:port or smtps://user:password@host:port; in user and password write %40 for @, %2F for / and so on',
    )
  }
  const secure = scheme.toLowerCase() === 'smtps'
  const host = readHost(hostText)
  return {
    host,
    port: portText === undefined ? DEFAULT_PORTS[secure ? 'smtps' : 'smtp'] : readPort(portText),
    secure,
    credentials: userInfo === undefined ? null : readCredentials(userInfo),
    isLoopback: host === 'localhost' || isLoopbackAddress(host),
  }
}

/** Whether an IP address is of this machine alone (RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.3). */
export function isLoopbackAddress(address: string): boolean {
  const plain = address.toLowerCase().replace(/^::ffff:(?=[0-9.]+$)/, '')
  return isIPv4(plain) ? plain.startsWith('127.') : isIPv6(plain) && /^(?:0{0,4}:){2,7}0{0,3}1$/.test(plain)
}

function readHost(text: string): string {
  const host = text.toLowerCase()
  if (host.startsWith('[')) {
    const address = host.slice(1, -1)
    if (isIPv6(address) && !address.includes('%')) return address
    throw refuse('has no IPv6 address between its brackets')
  }
  // `1.2.3` and `0x7f.1` are addresses to some resolvers and names to others.
  const isName = HOST_NAME.test(host) && host.length <= 253 && !/(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)$/.test(host)
  if (!isName && !isIPv4(host)) throw refuse('has no host name or address where one must be')
  return host
}

function readPort(text: string): number {
  const port = /^[0-9]{1,5}$/.test(text) ? Number(text) : 0
  if (port < 1 || port > 65_535) throw refuse('has a port that is no number from 1 to 65535')
  return port
}

function readCredentials(userInfo: string): { user: string; pass: string } {
  const colon = userInfo.indexOf(':')
  const user = decode(colon < 0 ? userInfo : userInfo.slice(0, colon))
  const pass = decode(colon < 0 ? '' : userInfo.slice(colon + 1))
  if (user === '' || pass === '') throw refuse('must have both a user and a password before the @, or neither')
  return { user, pass }
}

function decode(text: string): string {
  const decoded = tryDecode(text)
  // A NUL would move the border between user and password in AUTH PLAIN (RFC 4616 section 2).
  if (decoded === null || /\p{Cc}/u.test(decoded)) {
    throw refuse('has a user or password that is not percent-encoded as it should be; write %25 for %')
  }
  return decoded
}

function tryDecode(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

function refuse(what: string): MailError {
  return new MailError('invalid_argument', `--relay-url ${what}.`, {
    hint: 'Set --relay-url or INBOX_MCP_RELAY_URL to the URL of the relay, such as smtps://user:password@mail.example.org:465.',
  })
}
