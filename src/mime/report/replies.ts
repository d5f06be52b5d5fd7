/** Finds codes, commands and known words in what a server answered. All of it works on text made by {@link plainWords}. */

import { COMMANDS } from './codes.ts'
import { MAX_ACCOUNT_CHARS } from './limits.ts'
import { PHRASES, type Phrases } from './phrases.ts'

/** An enhanced code right after a reply code: what the server on the other side said, and not one on the way. */
const STATUS_AFTER_REPLY = /(?<![\d.])[245]\d\d[ :-]{1,3}['"#(<]{0,2}([245]\.[0-7]\.\d{1,3})(?!\.?\d)/g
/** An enhanced code that stands alone; not a piece of an address or a version. */
const STATUS = /(?<![\w.-])#?([45]\.[0-7]\.\d{1,3})(?!\.?\d|\w)/
const REPLY = /(?<![\w.-])([45]\d\d)(?=[ :,;-])/
/** The token that follows a reply code, past an enhanced one. */
const REPLY_OPENS_WITH = /(?<![\w.-])[45]\d\d[ -](?:#?[245]\.\d\.\d{1,3} )?([^ ]{3,400})/

/** Lower case, white space as single spaces, at most MAX_ACCOUNT_CHARS: the form that the tables are written for. */
export function plainWords(text: string): string {
  return text.slice(0, MAX_ACCOUNT_CHARS).toLowerCase().replaceAll(/\s+/g, ' ').trim()
}

/** The enhanced status code in a reply; null without one. The last that follows a reply code: a relay quotes the server that refused it. */
export function findStatus(words: string): string | null {
  let last: string | null = null
  for (const match of words.matchAll(STATUS_AFTER_REPLY)) last = match[1] ?? last
  return last ?? STATUS.exec(words)?.[1] ?? null
}

/** The first SMTP reply code of a refusal, 4yz or 5yz; null without one. */
export function findReply(words: string): string | null {
  return REPLY.exec(words)?.[1] ?? null
}

/** The known words that occur; null when there are none. */
export function findPhrase(words: string): Phrases | null {
  return (
    PHRASES.find((entry) => entry.words.some((word) => (typeof word === 'string' ? words.includes(word) : word.test(words)))) ??
    null
  )
}

/** Whether the refusal answered RCPT or something else; null where nothing tells. */
export function findCommand(words: string): 'rcpt' | 'other' | null {
  return COMMANDS.find((entry) => entry.words.test(words))?.command ?? null
}

/** Whether the reply begins with an address: `550 <name@example.org>... No such user` answers the RCPT of that address. */
export function namesRecipientFirst(words: string): boolean {
  const token = REPLY_OPENS_WITH.exec(words)?.[1] ?? ''
  return token.includes('@') && (token.endsWith(':') || token.endsWith('...'))
}
