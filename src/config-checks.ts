/**
 * Turns the text of a setting into its value. Each check answers what `allowed` says when the text is no good: the half sentence
 * that follows "must be". Whoever wrote the text owns this machine, so its words may be shown back to them.
 */

import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { isIP } from 'node:net'
import { join, resolve } from 'node:path'
import { canonicalDomain } from './addresses.ts'
import { OFF_WORDS, ON_WORDS } from './command-line.ts'
import type { SendPolicy } from './send-policy.ts'

/** A value, or why the text is not one. */
export type Checked<Value> = { ok: true; value: Value } | { ok: false; allowed: string }

/** A check of one setting's text. */
export type Check<Value> = (text: string) => Checked<Value>

const good = <Value>(value: Value): Checked<Value> => ({ ok: true, value })
const bad = (allowed: string): { ok: false; allowed: string } => ({ ok: false, allowed })

/** A whole number in decimal digits, within the bounds. */
export function wholeNumber(least: number, most: number): Check<number> {
  return (text) => {
    const value = /^[0-9]{1,15}$/.test(text) ? Number(text) : Number.NaN
    return value >= least && value <= most ? good(value) : bad(`a whole number from ${least} to ${most}`)
  }
}

/** One of a closed list of words. */
export function oneOf<Word extends string>(words: readonly Word[]): Check<Word> {
  return (text) => {
    const word = words.find((candidate) => candidate === text)
    return word === undefined ? bad(`one of ${words.join(', ')}`) : good(word)
  }
}

/** Some of a closed list of words, separated by commas; answered once each, in the order of the list. */
export function someOf<Word extends string>(words: readonly Word[]): Check<readonly Word[]> {
  return (text) => {
    const named = text.split(',').map((word) => word.trim())
    if (named.some((name) => !words.some((word) => word === name))) return bad(`a comma-separated list of ${words.join(', ')}`)
    return good(words.filter((word) => named.includes(word)))
  }
}

/** On or off, in the words that people use. */
export const onOrOff: Check<boolean> = (text) => {
  const word = text.toLowerCase()
  if (ON_WORDS.includes(word)) return good(true)
  return OFF_WORDS.includes(word) ? good(false) : bad('on or off')
}

/** A text as it is; what it means is checked where it is used. */
export const anyText: Check<string> = (text) => good(text)

/** `anyone`, `correspondents`, or a comma-separated list of addresses and domains. */
export const sendPolicy: Check<SendPolicy> = (text) => {
  if (text === 'anyone' || text === 'correspondents') return good({ kind: text })
  const names = text.split(',').map((name) => name.trim().toLowerCase())
  const addresses = names.filter((name) => name.includes('@'))
  const domains = names.filter((name) => !name.includes('@')).map(canonicalDomain)
  const isAddress = (name: string) =>
    /^[^@\s,;<>"()]+@[^@\s]+$/.test(name) && canonicalDomain(name.slice(name.indexOf('@') + 1)) !== null
  const known = domains.filter((domain) => domain !== null)
  if (known.length < domains.length || !addresses.every(isAddress)) {
    return bad('anyone, correspondents, or a comma-separated list of addresses and domains')
  }
  return good({ kind: 'list', addresses: new Set(addresses), domains: new Set(known) })
}

/** Lower-case letters, digits, dot, underscore and hyphen; not of dots alone, for a directory has its name. */
export function plainName(maxChars: number): Check<string> {
  return (text) =>
    /^[a-z0-9._-]+$/.test(text) && !/^\.+$/.test(text) && text.length <= maxChars
      ? good(text)
      : bad(`1 to ${maxChars} characters of a-z, 0-9, dot, underscore and hyphen`)
}

/**
 * A directory as an absolute path. A leading `~/` is the home directory: MCP clients hand the value over without a shell that
 * would have put it in. It need not be there yet; what is there must be no file.
 */
export function directory(homeDir: string): Check<string> {
  return (text) => {
    if (text.includes('\0')) return bad('a path')
    if (text === '~') return good(homeDir)
    const path = /^~[/\\]/.test(text) ? join(homeDir, text.slice(2)) : resolve(text)
    return isFile(path) ? bad('a directory') : good(path)
  }
}

/** What cannot be looked at is told when it is used. */
function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === false
  } catch {
    return false
  }
}

/**
 * A host name, answered in lower case with its labels as A-labels (RFC 5890), the form in which recipients are compared with it.
 * Not an address literal: no mail for one is accepted, so an inbox there would never receive.
 */
export function hostName(maxBytes: number): Check<string> {
  return (text) => {
    const name = canonicalDomain(text)
    return name !== null && name.length <= maxBytes
      ? good(name)
      : bad(`a host name such as mail.example.org, at most ${maxBytes} bytes`)
  }
}

/** Where to listen: an IP address without brackets, or a host name. */
export const listenHost: Check<string> = (text) => {
  if (isIP(text) !== 0) return good(text)
  return hostName(253)(text).ok ? good(text.toLowerCase()) : bad('an IP address or a host name such as 127.0.0.1')
}

/** IP addresses, each with a port or without, separated by commas: names would need a DNS server to be found. */
export function dnsServers(most: number): Check<readonly string[]> {
  return (text) => {
    const servers = text.split(',').map((server) => server.trim())
    if (servers.length <= most && servers.every(isServer)) return good(Object.freeze(servers))
    return bad(`1 to ${most} IP addresses such as 192.0.2.53 or [2001:db8::53]:5353, separated by commas`)
  }
}

function isServer(text: string): boolean {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([0-9.]+))(?::([0-9]{1,5}))?$/.exec(text) ?? []
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)) return false
  if (bracketed !== undefined) return isAskable(bracketed)
  return plain === undefined ? isAskable(text) : isIP(plain) === 4
}

/** Without its zone (RFC 4007 section 11), which node:dns leaves out, an address such as fe80::1%eth0 leads nowhere. */
function isAskable(address: string): boolean {
  return isIP(address) === 6 && !address.includes('%')
}

/** The content of a readable file that holds at least one PEM certificate. */
export const certificateFile: Check<string> = (text) => {
  const pem = readText(text)
  if (pem === null) return bad('a readable file')
  return succeeds(() => new X509Certificate(pem)) ? good(pem) : bad('a file with a PEM certificate')
}

/** The content of a readable file that holds a PEM private key. */
export const privateKeyFile: Check<string> = (text) => {
  const pem = readText(text)
  if (pem === null) return bad('a readable file')
  return succeeds(() => createPrivateKey(pem)) ? good(pem) : bad('a file with a PEM private key that has no passphrase')
}

/** Whether a private key is that of a certificate; both PEM and checked before. */
export function belongTogether(certificate: string, privateKey: string): boolean {
  return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(privateKey))
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // Absent, a directory, not ours to read: all the same to whoever must correct the setting.
    return null
  }
}

function succeeds(attempt: () => unknown): boolean {
  try {
    attempt()
    return true
  } catch {
    return false
  }
}
