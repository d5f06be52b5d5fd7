/** The pieces that selectors of CSS are made of. */

/** A list of selectors, cut at the commas that stand in no brackets and no string; of more than `most`, the rest is one more. */
export function splitSelectors(text: string, most: number): string[] {
  const pieces: string[] = []
  const marks = /["'(),[\]\\]/g
  let start = 0
  let depth = 0
  for (let mark = marks.exec(text); mark !== null && pieces.length < most; mark = marks.exec(text)) {
    const [char] = mark
    if (char === '\\') marks.lastIndex++
    else if (char === '"' || char === "'") marks.lastIndex = endOfQuote(text, mark.index)
    else if (char === '(' || char === '[') depth++
    else if (char === ')' || char === ']') depth = Math.max(depth - 1, 0)
    else if (depth === 0) {
      pieces.push(text.slice(start, mark.index))
      start = mark.index + 1
    }
  }
  return [...pieces, text.slice(start)]
}

/** Where the bracket ends whose content begins here; at the end of the text where it is not closed. */
export function endOfBrackets(text: string, start: number): number {
  const marks = /["'()\\]/g
  marks.lastIndex = start
  let depth = 1
  for (let mark = marks.exec(text); mark !== null; mark = marks.exec(text)) {
    const [char] = mark
    if (char === '\\') marks.lastIndex++
    else if (char === '"' || char === "'") marks.lastIndex = endOfQuote(text, mark.index)
    else if (char === '(') depth++
    else if (--depth === 0) return mark.index
  }
  return text.length
}

/** The position behind the string that begins here. */
function endOfQuote(text: string, start: number): number {
  const quote = text.charAt(start)
  for (let at = start + 1; at < text.length; at++) {
    if (text.charAt(at) === '\\') at++
    else if (text.charAt(at) === quote) return at + 1
  }
  return text.length
}

/** `2n + 1`, `odd` and the like (CSS Syntax 3 section 9); null for what is none. */
export function readNth(argument: string): { step: number; offset: number } | null {
  const text = argument.trim().toLowerCase()
  if (text === 'odd') return { step: 2, offset: 1 }
  if (text === 'even') return { step: 2, offset: 0 }
  if (/^[+-]?\d{1,6}$/.test(text)) return { step: 0, offset: Number(text) }
  const [, step, offset = '0'] = /^([+-]?\d{0,6})n(?:\s*([+-]\s*\d{1,6}))?$/.exec(text) ?? []
  if (step === undefined) return null
  return { step: step === '' || step === '+' ? 1 : step === '-' ? -1 : Number(step), offset: Number(offset.replace(/\s/g, '')) }
}
