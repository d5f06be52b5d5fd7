/** The one part of a message that has no others and is written as it is, which much mail is: there is no structure to find in it, and to ask the parser costs more than all else. */

import { MAX_TEXT_BYTES } from './leaf-bounds.ts'
import type { Leaf } from './leaves.ts'

/** MIME fields as nearly every program writes them; whatever else there is, is for the parser. */
const PLAIN_HEADER =
  /^(?:content-type:[ \t]*(text\/(?:plain|html))(?:[ \t]*;[ \t]*charset=(?:"([\w.-]{1,40})"|([\w.-]{1,40})))?\r?\n(?:content-transfer-encoding:[ \t]*(?:7bit|8bit|binary)\r?\n)?)?\r\n$/i
const MAX_PLAIN_HEADER_BYTES = 300

/** The message as the parser would answer it (`readParts`), where its MIME header says nothing but that it is text as it stands; null for any other. */
export function readPlainLeaf(mimeHeader: Buffer, body: Buffer): Leaf | null {
  if (mimeHeader.length > MAX_PLAIN_HEADER_BYTES) return null
  const found = PLAIN_HEADER.exec(mimeHeader.toString('latin1'))
  if (found === null) return null
  const [, contentType = 'text/plain', quoted, charset = quoted] = found
  return {
    kind: 'leaf',
    contentType: contentType.toLowerCase(),
    params: charset === undefined ? {} : { charset },
    filename: null,
    size: body.length,
    bytes: body.subarray(0, MAX_TEXT_BYTES),
    isText: true,
    isDemoted: false,
    contentId: null,
  }
}
