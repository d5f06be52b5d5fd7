/**
 * Raw mail -> its tree of parts, by mailparser, which knows the structure (boundaries, transfer encodings, RFC 2231 parameters). Texts come
 * out as bytes: whether a declared charset is true can only be judged on bytes, and mailparser would have replaced what does not fit.
 */

import type { Readable } from 'node:stream'
import { type AttachmentStream, type Headers, MailParser, type MessageText } from 'mailparser'
import { MAX_ATTACHMENTS, MAX_TEXT_CHARS } from '../limits.ts'
import { decodeLatin1 } from './charset.ts'

/** A part that holds no other parts. */
export type Leaf = {
  readonly kind: 'leaf'
  /** Lower case, as the part declares it; what that stands for when it declares none. */
  readonly contentType: string
  readonly params: Readonly<Record<string, string>>
  /** As the part names it: a hostile text. */
  readonly filename: string | null
  /** Bytes after decoding. */
  readonly size: number
  /** The decoded bytes of a text to be read, at most MAX_TEXT_BYTES of them, or all those of the part asked for; empty for any other. */
  readonly bytes: Buffer
  /** It is to be read in place. */
  readonly isText: boolean
  /** By itself it would be, but not where it stands: see roles.ts. */
  readonly isDemoted: boolean
  readonly contentId: string | null
}

/** A multipart. */
export type Branch = {
  readonly kind: 'branch'
  readonly contentType: string
  readonly params: Readonly<Record<string, string>>
  readonly contentId: string | null
  readonly children: readonly Part[]
}

/** A part of a message (RFC 2046). */
export type Part = Leaf | Branch

/** A part whose bytes are wanted: its position, from 0, among the texts, or among the parts that are none. */
export type Wanted = { readonly isText: boolean; readonly position: number }

/** UTF-8 takes at most three bytes for a UTF-16 unit, and UTF-32 four. */
const MAX_TEXT_BYTES = 4 * MAX_TEXT_CHARS

/** So much of a body is given to the parser at a time: it copies and decodes what it is given at one go. */
export const SLICE_BYTES = 65_536

/** Parts that a person reads in place, unless they are marked as attachments. A bounce explains itself in its delivery-status. */
const TEXT_TYPES = new Set(['text/plain', 'text/html', 'message/delivery-status'])

/** What mailparser builds of each part; `headers` is the same object as in the part it emits. */
type ParserNode = {
  readonly contentType: string | false
  readonly headers: Headers
  readonly children: readonly ParserNode[]
}

/**
 * A MailParser that takes no part for text, so that every leaf is emitted as a stream of bytes. `textTypes` and `tree` are not in its
 * documentation; test/mime/leaves.test.ts fails when they change their meaning.
 */
class LeafParser extends MailParser {
  readonly textTypes: readonly string[] = []
  declare readonly tree: ParserNode | false
}

/**
 * Splits a message whose header is given in its MIME fields only. Keeps the bytes of the part that is `wanted`; null keeps those of the texts. Rejects with the parser's own error where it refuses: over MAX_ATTACHMENTS parts, the message counted as one, or a
 * part with a megabyte of header.
 */
export function readParts(mimeHeader: Buffer, body: Buffer, wanted: Wanted | null): Promise<Part> {
  return new Promise((resolve, reject) => {
    const parser = new LeafParser({ checksumAlgo: false, ignoreEmbedded: true, maxChildNodes: MAX_ATTACHMENTS })
    const leaves = new Map<Headers, Leaf>()
    // The parser can end before the last part has been read to its end.
    const reading: Promise<void>[] = []
    const counts = { texts: 0, others: 0 }
    parser.on('data', (part: AttachmentStream | MessageText) => {
      if (part.type !== 'attachment') return
      const isText = isReadInPlace(part)
      const position = isText ? counts.texts++ : counts.others++
      const maxBytes = wanted === null ? (isText ? MAX_TEXT_BYTES : 0) : isSame(wanted, { isText, position }) ? ALL : 0
      reading.push(readLeaf(part, isText, maxBytes).then((leaf) => void leaves.set(part.headers, leaf)))
    })
    parser.on('error', reject)
    parser.on('end', () => Promise.all(reading).then(() => resolve(toPart(parser.tree, leaves)), reject))
    parser.write(mimeHeader)
    writeInSlices(parser, body)
  })
}

function writeInSlices(parser: LeafParser, body: Buffer): void {
  let at = 0
  const writeOn = () => {
    while (body.length - at > SLICE_BYTES) {
      const hasRoom = parser.write(body.subarray(at, at + SLICE_BYTES))
      at += SLICE_BYTES
      if (!hasRoom) return
    }
    parser.off('drain', writeOn)
    parser.end(body.subarray(at))
  }
  parser.on('drain', writeOn)
  writeOn()
}

const ALL = Number.POSITIVE_INFINITY

function isSame(first: Wanted, second: Wanted): boolean {
  return first.isText === second.isText && first.position === second.position
}

async function readLeaf(part: AttachmentStream, isText: boolean, maxBytes: number): Promise<Leaf> {
  const { bytes, size } = await collect(part.content, maxBytes)
  // The parser goes on only now.
  part.release?.()
  const { contentType, params } = declaredType(part)
  return {
    kind: 'leaf',
    // For application/octet-stream mailparser looks the type up by the file name, which helps whoever opens it.
    contentType: (isText ? contentType : part.contentType || contentType).toLowerCase(),
    params,
    filename: part.filename === undefined ? null : decodeLatin1(part.filename),
    size,
    bytes,
    isText,
    isDemoted: false,
    contentId: readContentId(part.headers),
  }
}

function readContentId(headers: Headers): string | null {
  const value = headers.get('content-id')
  const first: unknown = Array.isArray(value) ? value[0] : value
  return typeof first === 'string' ? first : null
}

/** The bytes of a stream, at most `maxBytes` of them, and how many there are. */
function collect(content: Readable, maxBytes: number): Promise<{ bytes: Buffer; size: number }> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let kept = 0
    let size = 0
    content.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (kept >= maxBytes) return
      chunks.push(kept + chunk.length > maxBytes ? chunk.subarray(0, maxBytes - kept) : chunk)
      kept += chunk.length
    })
    content.on('error', reject)
    content.on('end', () => resolve({ bytes: Buffer.concat(chunks), size }))
  })
}

function isReadInPlace(part: AttachmentStream): boolean {
  if ((part.contentDisposition ?? 'inline') !== 'inline') return false
  const { contentType } = declaredType(part)
  // RFC 2046 section 4.1.4: text of a kind that we do not know is plain text; where it is not all there is, it is rather a file.
  const isAllThereIs = part.partId === null && part.filename === undefined
  return TEXT_TYPES.has(contentType) || (isAllThereIs && contentType.startsWith('text/'))
}

/** RFC 2045 section 5.2: what has no Content-Type, or none that makes sense, is plain text; but a file with a name is a file. */
function declaredType(part: AttachmentStream): { contentType: string; params: Record<string, string> } {
  const { value, params } = readTypeField(part.headers)
  if (value === null) return { contentType: part.contentType || 'text/plain', params }
  return { contentType: value.includes('/') ? value : 'text/plain', params }
}

function readTypeField(headers: Headers): { value: string | null; params: Record<string, string> } {
  const field = headers.get('content-type')
  if (!field || typeof field !== 'object' || !('params' in field) || typeof field.value !== 'string')
    return { value: null, params: {} }
  return { value: field.value.trim().toLowerCase(), params: { ...field.params } }
}

function toPart(node: ParserNode | false, leaves: ReadonlyMap<Headers, Leaf>): Part {
  if (node === false) return { kind: 'branch', contentType: 'multipart/mixed', params: {}, contentId: null, children: [] }
  const children = node.children.map((child) => toPart(child, leaves))
  const leaf = leaves.get(node.headers)
  if (leaf === undefined) {
    const contentType = (node.contentType || 'multipart/mixed').toLowerCase()
    return {
      kind: 'branch',
      contentType,
      params: readTypeField(node.headers).params,
      contentId: readContentId(node.headers),
      children,
    }
  }
  if (children.length === 0) return leaf
  // Whatever names a boundary is split at it, multipart or not: what stands behind it would be lost, and the attachments be counted without it.
  return { kind: 'branch', contentType: 'multipart/mixed', params: {}, contentId: null, children: [leaf, ...children] }
}
