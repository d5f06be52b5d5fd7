/** Text of format=flowed (RFC 3676): lines that the mailer broke are joined again, so that a link or code is in one piece. */

type Line = { depth: number; text: string }

/** Unwraps flowed text with LF line ends; `deletesSpace` is the parameter DelSp=yes. */
export function unwrapFlowed(text: string, deletesSpace: boolean): string {
  const paragraphs: string[] = []
  // The pieces of the paragraph being read: joined once, because joining line by line is quadratic.
  let pieces: string[] = []
  let depth = 0
  let isOpen = false
  const end = () => {
    if (pieces.length > 0) paragraphs.push(`${'>'.repeat(depth)}${depth > 0 ? ' ' : ''}${pieces.join('')}`)
    pieces = []
    isOpen = false
  }
  for (const line of text.split('\n').map(readLine)) {
    // Section 4.5: a paragraph also ends where the depth of quoting changes.
    if (!isOpen || line.depth !== depth) end()
    depth = line.depth
    // Section 4.3: the signature separator ends in a space and is a line of its own all the same.
    const isSignature = line.text === '-- '
    if (isSignature) end()
    isOpen = !isSignature && line.text.endsWith(' ')
    pieces.push(isOpen && deletesSpace ? line.text.slice(0, -1) : line.text)
  }
  end()
  return paragraphs.join('\n')
}

/** Sections 4.4 and 4.5: the depth of quoting is the number of `>`; one space after them was stuffed in. */
function readLine(line: string): Line {
  let depth = 0
  while (line.charCodeAt(depth) === 0x3e) depth++
  const text = line.slice(depth)
  return { depth, text: text.startsWith(' ') ? text.slice(1) : text }
}
