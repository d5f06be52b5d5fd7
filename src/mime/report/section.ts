/** The text of a report, cut into what it says about each recipient. */

import { bareAddress } from './address.ts'
import { MAX_ACCOUNT_CHARS, MAX_LINE_CHARS, MAX_OPENING_LINES, MAX_REPORT_RECIPIENTS } from './limits.ts'
import { DELAYS, INTRODUCTIONS, OPENINGS, RETURNED_MESSAGE, TRANSCRIPT } from './markers.ts'
import { plainWords } from './replies.ts'

/** A report's text without the returned message. */
export type Section = {
  readonly lines: readonly string[]
  /** What is said about each recipient, in order. */
  readonly accounts: Accounts
  /** Of the record of the SMTP session. */
  readonly commands: SessionCommands
  /** Everything, as plain words. */
  readonly words: string
  readonly hasReturnedMessage: boolean
}

/** By address in lower case: the address as it stands there, and what is said about it, as plain words. */
export type Accounts = ReadonlyMap<string, { readonly address: string; readonly words: string }>

/** Which command was refused, by the address that the refusal names; `first` for refusals that name nobody. Plain words, empty if unknown. */
export type SessionCommands = { readonly byAddress: ReadonlyMap<string, string>; readonly first: string }

/** An address at the start of a line, or the recipient that a reply of sendmail names. */
const ADDRESS_LINE =
  /^\s{0,20}(?:[*-]{1,2} {1,3})?(?:[245]\d\d[ -](?:[245]\.\d\.\d{1,3} )?(?=<))?["<]{0,2}([^\s<>"(),;]{1,330}@[^\s<>"(),;:]{1,255})/
/** The first address in a line. It starts where a word does, so that each character is read once. */
const NAMED = /(?<![^\s<>"(),;:])([^\s<>"(),;:@]{1,330}@[^\s<>"(),;:@]{1,255})/
const INTRODUCED = new RegExp(`(?:${INTRODUCTIONS.join('|')}) ?:? ?[<"]?([^\\s<>"(),;]{1,330}@[^\\s<>"(),;:]{1,255})`, 'i')

/** Cuts a text. Lines are read up to MAX_LINE_CHARS, recipients up to MAX_REPORT_RECIPIENTS. */
export function readSection(text: string): Section {
  const all = text.split('\n')
  const lines: string[] = []
  for (const line of all) {
    const kept = line.slice(0, MAX_LINE_CHARS).trimEnd()
    if (RETURNED_MESSAGE.some((marker) => marker.test(kept.toLowerCase()))) break
    lines.push(kept)
  }
  const transcriptAt = lines.findIndex((line) => TRANSCRIPT.test(line.toLowerCase()))
  return {
    lines,
    accounts: readAccounts(lines, transcriptAt < 0 ? lines.length : transcriptAt),
    commands: readCommands(transcriptAt < 0 ? [] : lines.slice(transcriptAt)),
    words: plainWords(lines.join('\n')),
    hasReturnedMessage: lines.length < all.length,
  }
}

function readAccounts(lines: readonly string[], transcriptAt: number): Accounts {
  const accounts = new Map<string, OpenAccount>()
  let current: OpenAccount | null = null
  for (const [index, line] of lines.entries()) {
    const address = findRecipient(line)
    // A transcript is about everyone; only the lines that name somebody are about one.
    if (address !== null) current = openAccount(accounts, address)
    else if (index >= transcriptAt) current = null
    if (current === null || current.room <= 0) continue
    current.lines.push(line)
    current.room -= line.length + 1
  }
  return new Map([...accounts].map(([key, { address, lines }]) => [key, { address, words: plainWords(lines.join('\n')) }]))
}

type OpenAccount = { readonly address: string; readonly lines: string[]; room: number }

function openAccount(accounts: Map<string, OpenAccount>, address: string): OpenAccount | null {
  const key = address.toLowerCase()
  const known = accounts.get(key)
  if (known || accounts.size >= MAX_REPORT_RECIPIENTS) return known ?? null
  const account = { address, lines: [], room: MAX_ACCOUNT_CHARS }
  accounts.set(key, account)
  return account
}

function findRecipient(line: string): string | null {
  if (!line.includes('@')) return null
  const found = ADDRESS_LINE.exec(line)?.[1] ?? INTRODUCED.exec(line)?.[1]
  return found === undefined ? null : bareAddress(found.replace(/[.:]{1,3}$/, ''))
}

/** Whether the text opens as reports of mail systems do. */
export function opensAsReport(section: Section): boolean {
  const opening = plainWords(section.lines.slice(0, MAX_OPENING_LINES).join('\n'))
  return OPENINGS.some((words) => (typeof words === 'string' ? opening.includes(words) : words.test(opening)))
}

/** Whether it says, or its subject does, that delivery is only late. */
export function tellsDelay(section: Section, subject: string): boolean {
  return DELAYS.some((words) => section.words.includes(words) || subject.toLowerCase().includes(words))
}

function readCommands(transcript: readonly string[]): SessionCommands {
  const byAddress = new Map<string, string>()
  let command = ''
  let first: string | null = null
  for (const line of transcript) {
    const words = line.trimStart().toLowerCase()
    if (words.startsWith('>>>')) command = words
    if (!/^<<< [45]\d\d/.test(words)) continue
    first ??= command
    const address = NAMED.exec(words)?.[1]
    if (address !== undefined && !byAddress.has(address)) byAddress.set(address, command)
  }
  return { byAddress, first: first ?? '' }
}

/** The command whose refusal concerns `address`; empty when nothing tells. */
export function commandFor(commands: SessionCommands, address: string | null): string {
  return commands.byAddress.get(address?.toLowerCase() ?? '') ?? commands.first
}
