/** The parts of a message that are not its text, as a list. Everything a sender says of a file is a label, never a path or a promise. */

import { MAX_FILENAME_CHARS } from '../limits.ts'
import type { ParsedAttachment } from '../parser.ts'
import { cleanLabel, clipChars } from './clean.ts'
import type { Leaf, Part } from './leaves.ts'

/** RFC 2045 section 5.1: two tokens, each bounded by RFC 6838 section 4.2. */
const MEDIA_TYPE = /^[a-z0-9!#$&^_.+-]{1,127}\/[a-z0-9!#$&^_.+-]{1,127}$/

/** The attachments; the id of one is its position, counted from 1. */
export function listAttachments(root: Part): ParsedAttachment[] {
  return listFiles(root).map((leaf) => ({
    filename: leaf.filename === null ? null : cleanFilename(leaf.filename),
    contentType: MEDIA_TYPE.test(leaf.contentType) ? leaf.contentType : 'application/octet-stream',
    size: leaf.size,
  }))
}

/**
 * The leaves that are attachments: everything that is not read in place, also inline images and attached messages, in the order of the message. Texts that
 * are so only for where they stand come last, so that the places of the others, which name them, do not depend on it.
 */
export function listFiles(root: Part): Leaf[] {
  const files = listLeaves(root).filter(({ isText }) => !isText)
  return [...files.filter(({ isDemoted }) => !isDemoted), ...files.filter(({ isDemoted }) => isDemoted)]
}

/** All leaves in the order of the message. */
export function listLeaves(part: Part): Leaf[] {
  return part.kind === 'leaf' ? [part] : part.children.flatMap(listLeaves)
}

/** The name a sender gave a file, without what makes it a path or hides its end; null when nothing is left. */
export function cleanFilename(name: string): string | null {
  const base = cleanLabel(name.split(/[\\/]/).findLast((segment) => segment.trim() !== '') ?? '')
  if (/^\.*$/.test(base)) return null
  if (base.length <= MAX_FILENAME_CHARS) return base
  // What a file is stands in its ending.
  const ending = /\.[^.\s]{1,16}$/.exec(base)?.[0] ?? ''
  return clipChars(base, MAX_FILENAME_CHARS - ending.length) + ending
}
