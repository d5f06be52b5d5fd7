/** What the header of a message says of whether it answers or passes on another one. */

import type { HeaderFields } from '../header/fields.ts'
import type { FoldContext } from './find-folds.ts'

/** Before the subject of an answer, in the languages of mail programs; some count. */
const ANSWER =
  /^\s*(?:re|aw|antw|antwort|sv|vs|odp|ynt|rif|r|res|rép|reply|atb|hv|vá|απ|отв|ответ|回复|回覆|答复|返信|답장|ref|bls|rsp)(?:\[\d{1,3}\]|\s?\(\d{1,3}\))?\s?[:\uff1a]/iu
/** The same of one that is passed on. */
const FORWARD =
  /^\s*(?:fwd?|wg|tr|rv|enc|doorst|vb|vl|pd|i|továbbítás|ilt|пересл|转发|轉寄|転送|전달|fs|prwd|weiterleitung)(?:\[\d{1,3}\])?\s?[:\uff1a]/iu

/** Reads it off the fields of a header. The report of a mail system answers a message too, and what it quotes of it is the news. */
export function readFoldContext(fields: Pick<HeaderFields, 'subject' | 'inReplyTo' | 'references' | 'automatic'>): FoldContext {
  const isForward = FORWARD.test(fields.subject)
  const answers = fields.inReplyTo !== null || fields.references.length > 0 || ANSWER.test(fields.subject)
  return { isForward, isReply: answers && !isForward && fields.automatic !== 'auto-submitted' }
}
