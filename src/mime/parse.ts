/** Bytes -> fields, and bytes -> one attachment. Pure: the same bytes answer the same, so a position names an attachment for ever. */

import { createHash } from 'node:crypto'
import type { AttachmentFile, ParsedMail } from '../parser.ts'
import { listAttachments, listFiles, listLeaves } from './attachments.ts'
import { readBody } from './body.ts'
import { viewBytes } from './bytes.ts'
import { findCodes } from './codes.ts'
import { sniffType } from './file-type.ts'
import { readFoldContext } from './folds/context.ts'
import { readSurroundings } from './forms/surroundings.ts'
import { readFields } from './header/fields.ts'
import { splitHeader } from './header/headers.ts'
import { findSenderWarnings } from './header/sender-warnings.ts'
import type { Leaf, Part } from './leaves.ts'
import { readStructure } from './structure.ts'

/** Reads a message; what could not be read of it is said in `problems`. @throws only what is a fault of ours */
export async function parseMail(raw: Uint8Array): Promise<ParsedMail> {
  const bytes = viewBytes(raw)
  const block = splitHeader(bytes)
  const fields = readFields(block)
  const { root, problems } = await readStructure(bytes, block, null)
  const body = readBody(root, readFoldContext(fields), readSurroundings(fields))
  return {
    ...fields,
    bodyText: body.text,
    bodyHtml: body.html,
    attachments: listAttachments(root),
    problems: [...fields.problems, ...problems, ...body.problems],
    facts: {
      folds: body.folds,
      links: body.links,
      linksLeftOut: body.linksLeftOut,
      codes: findCodes({ subject: fields.subject, text: body.text, folds: body.folds }),
      hidden: body.hidden,
      divergence: body.divergence,
      warnings: findSenderWarnings(block, fields),
    },
  }
}

/** An attachment; null when the message has none with this id. @throws only what is a fault of ours */
export async function readAttachment(raw: Uint8Array, attachmentId: string): Promise<AttachmentFile | null> {
  const leaf = await findAttachment(raw, attachmentId)
  if (leaf === null) return null
  const { bytes, contentType } = leaf
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex'), ...(await sniffType(bytes, contentType)) }
}

/** The part that is an attachment, with its bytes; null when the message has none with this id. @throws only what is a fault of ours */
export async function findAttachment(raw: Uint8Array, attachmentId: string): Promise<Leaf | null> {
  if (!/^[1-9]\d{0,5}$/.test(attachmentId)) return null
  const bytes = viewBytes(raw)
  const block = splitHeader(bytes)
  const position = Number(attachmentId) - 1
  const { root } = await readStructure(bytes, block, { isText: false, position })
  const leaf = listFiles(root)[position]
  if (!leaf?.isDemoted) return leaf ?? null
  // Only now is it known which of the texts it is.
  const textPosition = listTextLike(root).indexOf(leaf)
  const again = await readStructure(bytes, block, { isText: true, position: textPosition })
  return listFiles(again.root)[position] ?? null
}

/** The parts that {@link readParts} took for texts. */
function listTextLike(root: Part): Leaf[] {
  return listLeaves(root).filter(({ isText, isDemoted }) => isText || isDemoted)
}
