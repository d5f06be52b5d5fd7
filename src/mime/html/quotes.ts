/** Elements in which mail programs put the message that is answered or passed on, by the names they give them. */

import { QUOTE_REST, QUOTE_START } from '../marks.ts'
import type { Attributes } from './style.ts'

/** The mark before quoted text; see marks.ts. */
export type QuoteMark = typeof QUOTE_START | typeof QUOTE_REST

/** Around the quoted message: Gmail, Yahoo, Proton, Zoho, GMX, AOL, Thunderbird's introduction, Spark, Tutanota. */
const AROUND =
  /^(?:gmail_quote|gmail_quote_container|gmail_extra|yahoo_quoted|yahoo-quoted|protonmail_quote|zmail_extra|moz-cite-prefix|aolReplacedBody|tutanota_quote|quoted-plain-text|messageReplySection|gmx_quote|mail-quote|front-blockquote)$/i
/** Before it: Outlook. */
const BEFORE = /^(?:x_)*(?:divRplyFwdMsg|OutlookMessageHeader|reply-intro|mailContainer_?quote)$/i
/** The line that Outlook draws above the head of the message it quotes. */
const OUTLOOK_LINE = /border-top:\s?solid #(?:e1e1e1|b5c4df|c4c4c4) 1(?:\.0)?pt/i

/** Whether an element with these attributes is worth a look. */
export function isQuote(attributes: Attributes): boolean {
  return (
    attributes.size > 0 && (attributes.has('class') || attributes.has('id') || attributes.has('name') || attributes.has('style'))
  )
}

/** What the element says of the text in it or after it; null for nothing. */
export function quoteMark(attributes: Attributes): QuoteMark | null {
  const names = [
    attributes.get('id') ?? '',
    attributes.get('name') ?? '',
    ...(attributes.get('class')?.split(/\s+/, MAX_NAMES) ?? []),
  ]
  const style = attributes.get('style')
  if (names.some((name) => BEFORE.test(name))) return QUOTE_REST
  if (style !== undefined && style.length < MAX_STYLE_CHARS && OUTLOOK_LINE.test(style)) return QUOTE_REST
  return names.some((name) => AROUND.test(name)) ? QUOTE_START : null
}

const MAX_NAMES = 8
const MAX_STYLE_CHARS = 300
