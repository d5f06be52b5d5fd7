/**
 * The parts of messages that are built as most are: a text, or texts beside each other, their MIME fields written as programs write them. Whatever else there is, however
 * slightly it differs, is for the parser, whose answer this is: `test/mime/leaves.test.ts` compares the two. To ask it takes five streams a part and
 * dozens of turns of the event loop, which is most of the time that a small mail takes to read.
 */

import { MAX_TEXT_BYTES } from './leaf-bounds.ts'
import type { Leaf, Part } from './leaves.ts'
import { decodeQuotedPrintable } from './quoted-printable.ts'

const TYPE =
  'content-type:[ \\t]*(?<type>text/(?:plain|html))(?:[ \\t]*;[ \\t]*(?:\\r?\\n[ \\t]+)?charset=(?:"(?<quoted>[\\w.\\-]{1,40})"|(?<bare>[\\w.\\-]{1,40})))?\\r?\\n'
const PLAIN_CODING = 'content-transfer-encoding:[ \\t]*(?:7bit|8bit|binary)\\r?\\n'
const CODING = 'content-transfer-encoding:[ \\t]*(?:7bit|8bit|binary|(?<coded>quoted-printable))\\r?\\n'
/** Of a message that is one text. */
const TEXT_HEADER = new RegExp(`^(?:${TYPE}(?:${CODING})?)?\\r\\n$`, 'i')
/** Of a part among others, its empty line included. */
const PART_HEADER = new RegExp(`^(?:${TYPE}(?:${CODING})?|${CODING}${TYPE.replaceAll('?<', '?<_')})\\r?\\n`, 'i')
/** Without what has a meaning of its own in parameters: encoded words, comments, escapes. */
const BRANCH_HEADER = new RegExp(
  `^content-type:[ \\t]*(?<type>multipart/(?:alternative|mixed))[ \\t]*;[ \\t]*(?:\\r?\\n[ \\t]+)?boundary=(?:"(?<quoted>[\\w'+,./:=\\-]{1,70})"|(?<bare>[\\w.\\-]{1,70}))\\r?\\n(?:${PLAIN_CODING})?\\r\\n$`,
  'i',
)
const MAX_HEADER_BYTES = 400
/** Longer ones, and more of them, are for the parser, which takes them in slices. */
const MAX_BODY_BYTES = 65_536
const MAX_SIMPLE_PARTS = 10
const [LF, CR, HYPHEN] = [0x0a, 0x0d, 0x2d]

/** The part that a message is, texts with their bytes; null where it is not built so simply. */
export function readSimpleParts(mimeHeader: Buffer, body: Buffer): Part | null {
  if (mimeHeader.length > MAX_HEADER_BYTES) return null
  const header = mimeHeader.toString('latin1')
  const text = TEXT_HEADER.exec(header)
  if (text) return text.groups?.coded && body.length > MAX_BODY_BYTES ? null : toLeaf(text.groups ?? {}, body)
  const { type = '', quoted, bare = quoted } = BRANCH_HEADER.exec(header)?.groups ?? {}
  const pieces = bare === undefined || body.length > MAX_BODY_BYTES ? null : cutAtBoundary(body, `--${bare}`)
  const children = pieces?.map(readPiece)
  if (bare === undefined || !children?.every((child) => child !== null)) return null
  return { kind: 'branch', contentType: type.toLowerCase(), params: { boundary: bare }, contentId: null, children }
}

type Groups = Readonly<Record<string, string | undefined>>

function toLeaf(groups: Groups, content: Buffer): Leaf {
  const charset = groups.quoted ?? groups.bare ?? groups._quoted ?? groups._bare
  const bytes = groups.coded ? decodeQuotedPrintable(content) : content
  return {
    kind: 'leaf',
    contentType: (groups.type ?? groups._type ?? 'text/plain').toLowerCase(),
    params: charset === undefined ? {} : { charset },
    filename: null,
    size: bytes.length,
    bytes: bytes.subarray(0, MAX_TEXT_BYTES),
    isText: true,
    isDemoted: false,
    contentId: null,
  }
}

/** Of a piece between two boundaries. */
function readPiece(piece: Buffer): Leaf | null {
  const header = PART_HEADER.exec(piece.toString('latin1', 0, MAX_HEADER_BYTES))
  // Who has no body, or but a line end for one, is a case of its own.
  if (!header || piece.length - header[0].length <= 2) return null
  return toLeaf(header.groups ?? {}, piece.subarray(header[0].length))
}

/**
 * What stands between the lines that are the boundary, without the line ends before those, which belong to them (RFC 2046 section 5.1.1). Null where one of them is not
 * written as it should be, where none ends the last part, or where any follows that one.
 */
function cutAtBoundary(body: Buffer, delimiter: string): Buffer[] | null {
  const pieces: Buffer[] = []
  let start = -1
  let isClosed = false
  for (let at = body.indexOf(delimiter, 0, 'latin1'); at >= 0; at = body.indexOf(delimiter, at + 1, 'latin1')) {
    const before = at === 0 ? LF : body[at - 1]
    if (before === CR) return null
    if (before !== LF) continue
    if (isClosed || pieces.length >= MAX_SIMPLE_PARTS) return null
    if (start >= 0) pieces.push(body.subarray(start, Math.max(start, body[at - 2] === CR ? at - 2 : at - 1)))
    const end = at + delimiter.length
    isClosed = body[end] === HYPHEN && body[end + 1] === HYPHEN
    const next = endOfDelimiter(body, isClosed ? end + 2 : end)
    if (next < 0 || (isClosed && start < 0)) return null
    start = next
  }
  return isClosed ? pieces : null
}

/** Behind the line end at this place; -1 where there is none. */
function endOfDelimiter(body: Buffer, at: number): number {
  if (at === body.length) return at
  const lf = body[at] === CR ? at + 1 : at
  return body[lf] === LF ? lf + 1 : -1
}
