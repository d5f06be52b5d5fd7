/** What RFC 5321 says of the bytes that one session sends after EHLO, by the letter and slowly: what the program is compared with. */

/** The messages that are to be there, in their order. */
export function readMessages(said: Buffer, isKnown: (address: string) => boolean): Buffer[] {
  const text = said.toString('latin1')
  const messages: Buffer[] = []
  let stage: 'none' | 'mail' | 'recipient' = 'none'
  let at = 0
  for (;;) {
    // Section 2.3.8 knows CR LF only; servers that talk to people take LF as well, and ours does. A line of neither is not complete.
    const end = text.indexOf('\n', at)
    if (end < 0) return messages
    const line = text.slice(at, end).replace(/\r$/, '')
    at = end + 1
    if (line === 'QUIT') return messages
    if (line === 'RSET' || line === 'EHLO again.example') stage = 'none'
    else if (line.startsWith('MAIL FROM:<') && isPath(line) && stage === 'none') stage = 'mail'
    else if (line.startsWith('RCPT TO:<') && isPath(line) && stage !== 'none' && isKnown(pathOf(line))) stage = 'recipient'
    else if (line === 'DATA' && stage === 'recipient') {
      const message = readMessage(text, at)
      if (message === null) return messages
      messages.push(Buffer.from(message.text, 'latin1'))
      at = message.end
      stage = 'none'
    }
  }
}

/** Section 4.1.1.4 and 4.5.2: up to a line with nothing but a dot, where a line ends in CR LF and in nothing else. Null when none comes. */
function readMessage(text: string, start: number): { text: string; end: number } | null {
  const lines: string[] = []
  let at = start
  for (;;) {
    const end = text.indexOf('\r\n', at)
    if (end < 0) return null
    const line = text.slice(at, end)
    at = end + 2
    if (line === '.') return { text: lines.join(''), end: at }
    lines.push(`${line.startsWith('.') ? line.slice(1) : line}\r\n`)
  }
}

function isPath(line: string): boolean {
  return /^[A-Z ]+:<[a-z0-9.@-]*>$/.test(line)
}

function pathOf(line: string): string {
  return line.slice(line.indexOf('<') + 1, -1)
}
