/** What status and reply codes tell by themselves. */

/** Enhanced codes (RFC 3463, 7505, and Exchange's 5.1.351) that say for good that address or domain take no mail. */
export const HARD_STATUS_CODES: ReadonlySet<string> = new Set([
  '5.1.1',
  '5.1.2',
  '5.1.3',
  '5.1.4',
  '5.1.6',
  '5.1.10',
  '5.1.351',
  '5.4.4',
])

/** Codes that bear out words such as "user unknown": given to RCPT, not after the data. 5.4.1 and 5.5.0 are big providers' ways. */
export const STATUS_CODES_OF_RCPT: ReadonlySet<string> = new Set([
  '5.1.0',
  '5.1.1',
  '5.1.2',
  '5.1.3',
  '5.1.6',
  '5.1.10',
  '5.1.351',
  '5.4.1',
  '5.5.0',
])

/** Nearest enhanced code (RFC 3463) of a reply (RFC 5321 section 4.2.3) that came without one. Others become class.0.0. */
export const STATUS_OF_REPLY: Readonly<Record<string, string>> = {
  '421': '4.3.2',
  '450': '4.2.0',
  '451': '4.3.0',
  '452': '4.3.1',
  '551': '5.1.6',
  '552': '5.2.2',
  '553': '5.1.3',
}

/** Classes that a sender's own software gives a bounce, where they say more than its status does (PowerMTA). */
export const HARD_CATEGORIES: ReadonlySet<string> = new Set(['bad-mailbox', 'bad-domain', 'inactive-mailbox'])

/** How reports name the SMTP command that was answered. The first that matches counts. */
export const COMMANDS: readonly { readonly command: 'rcpt' | 'other'; readonly words: RegExp }[] = [
  { command: 'rcpt', words: /in reply to rcpt to/ },
  { command: 'other', words: /in reply to (?:end of data|data|mail from|ehlo|helo)/ },
  { command: 'rcpt', words: /(?:after|for|following) rcpt/ },
  { command: 'other', words: /after (?:mail from|end of data|data|sending data|initial connection|pipelined data)/ },
  { command: 'other', words: /for text command/ },
  { command: 'rcpt', words: /did not like our rcpt/ },
  { command: 'other', words: /did not like our / },
  { command: 'rcpt', words: /does not like recipient/ },
  { command: 'other', words: /failed after i sent the message/ },
  { command: 'rcpt', words: /most progress was rcpt to/ },
  { command: 'rcpt', words: /rejected recipient/ },
  { command: 'rcpt', words: /\[rcpt_to\]/ },
  { command: 'other', words: /refused to accept your message \(data\)/ },
  { command: 'rcpt', words: />>> rcpt to:/ },
  { command: 'other', words: />>> (?:data|mail from:|bdat)/ },
]
