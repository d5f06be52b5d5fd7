/** Words that stand in HTML whether they are seen or not, to tell a preview text from what the other form alone says. */

import { Tokenizer } from 'htmlparser2'
import { foldText } from '../links/link-words.ts'
import { listWords } from './segment.ts'

/** Looked at, in UTF-16 units: previews stand first. */
const MAX_LOOKED_AT_CHARS = 100_000
/** What stands in them is never text. */
const NO_TEXT = new Set(['style', 'script', 'title'])
/** Names of pictures are short; a longer one is rather a sentence. */
export const MAX_PICTURE_WORDS = 12

/** See the head of this file. */
export type HtmlWords = {
  /** All words in their order, comments left out: those are in every newsletter, and not told of. */
  readonly words: readonly string[]
  /** What pictures are named, each as words with a space between. */
  readonly pictures: ReadonlySet<string>
}

/** Reads them off the source. */
export function readHtmlWords(html: string): HtmlWords {
  const source = html.slice(0, MAX_LOOKED_AT_CHARS)
  const pieces: string[] = []
  const pictures = new Set<string>()
  let name = ''
  let attribute = ''
  let value = ''
  const nothing = () => {}
  const tokenizer = new Tokenizer(
    { decodeEntities: true, xmlMode: false },
    {
      onopentagname: (start, end) => {
        name = source.slice(start, end).toLowerCase()
        pieces.push(' ')
      },
      onattribname: (start, end) => {
        attribute = source.slice(start, end).toLowerCase()
        value = ''
      },
      onattribdata: (start, end) => {
        if (attribute === 'alt') value += source.slice(start, end)
      },
      onattribentity: (codepoint) => {
        if (attribute === 'alt') value += String.fromCodePoint(codepoint)
      },
      onattribend: () => {
        const words = attribute === 'alt' ? listWords(foldText(value)) : []
        if (words.length > 0 && words.length <= MAX_PICTURE_WORDS) pictures.add(words.join(' '))
      },
      onopentagend: nothing,
      onselfclosingtag: nothing,
      onclosetag: () => {
        name = ''
        pieces.push(' ')
      },
      ontext: (start, end) => {
        if (!NO_TEXT.has(name)) pieces.push(source.slice(start, end))
      },
      ontextentity: (codepoint) => {
        if (!NO_TEXT.has(name)) pieces.push(String.fromCodePoint(codepoint))
      },
      oncdata: nothing,
      oncomment: nothing,
      ondeclaration: nothing,
      onprocessinginstruction: nothing,
      onend: nothing,
    },
  )
  tokenizer.write(source)
  tokenizer.end()
  return { words: listWords(foldText(pieces.join(''))), pictures }
}
