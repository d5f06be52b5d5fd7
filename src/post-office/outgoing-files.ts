/** What an agent may attach: text or bytes it wrote, an attachment of the same inbox, a file of the download directory. Nothing else is read. */

import { constants } from 'node:fs'
import { open, realpath } from 'node:fs/promises'
import { basename, isAbsolute, relative, resolve, sep } from 'node:path'
import type { DraftAttachment } from '../composer.ts'
import { MailError } from '../errors.ts'
import { MAX_COMPOSED_BYTES, MAX_FILENAME_CHARS, MAX_SEND_ATTACHMENTS } from '../limits.ts'

/** Exactly one of text, base64, attachmentId (with messageId) or path says where the bytes come from. */
export type AttachmentInput = {
  filename?: string | undefined
  contentType?: string | undefined
  text?: string | undefined
  base64?: string | undefined
  /** Of a message in the same inbox. */
  messageId?: string | undefined
  attachmentId?: string | undefined
  /** Below the download directory; absolute, or relative to it. */
  path?: string | undefined
}

/** Reads an attachment of a message in the sending inbox. */
export type ReadAttachment = (
  messageId: string,
  attachmentId: string,
) => Promise<{ filename: string | null; contentType: string; bytes: Uint8Array }>

/** All of them, in order, within the bounds of a message. @throws MailError invalid_argument, message_too_large, attachment_not_found */
export async function gatherAttachments(
  inputs: readonly AttachmentInput[],
  downloadDir: string,
  readAttachment: ReadAttachment,
): Promise<DraftAttachment[]> {
  if (inputs.length > MAX_SEND_ATTACHMENTS) throw refuse('attachments', `has more than ${MAX_SEND_ATTACHMENTS} entries`)
  const gathered: DraftAttachment[] = []
  let totalBytes = 0
  for (const [index, input] of inputs.entries()) {
    const attachment = await gather(input, `attachments[${index}]`, downloadDir, readAttachment)
    totalBytes += attachment.bytes.byteLength
    if (totalBytes > MAX_COMPOSED_BYTES) {
      throw new MailError('message_too_large', `The attachments have more than ${MAX_COMPOSED_BYTES} bytes.`)
    }
    gathered.push(attachment)
  }
  return gathered
}

async function gather(input: AttachmentInput, name: string, downloadDir: string, read: ReadAttachment): Promise<DraftAttachment> {
  const sources = [input.text, input.base64, input.attachmentId, input.path].filter((source) => source !== undefined)
  if (sources.length !== 1) throw refuse(name, 'needs exactly one of text, base64, attachmentId (with messageId) or path')
  if (input.text !== undefined) return label(input, name, 'text/plain', Buffer.from(input.text))
  if (input.base64 !== undefined) return label(input, name, 'application/octet-stream', decodeBase64(input.base64, name))
  if (input.path !== undefined) {
    const { filename, bytes } = await readBelow(downloadDir, input.path, name)
    return label({ filename, ...dropUndefined(input) }, name, 'application/octet-stream', bytes)
  }
  if (input.messageId === undefined || input.attachmentId === undefined) throw refuse(name, 'needs messageId beside attachmentId')
  const found = await read(input.messageId, input.attachmentId)
  return label({ filename: found.filename ?? 'attachment', ...dropUndefined(input) }, name, found.contentType, found.bytes)
}

function dropUndefined({ filename, contentType }: AttachmentInput): { filename?: string; contentType?: string } {
  return { ...(filename === undefined ? {} : { filename }), ...(contentType === undefined ? {} : { contentType }) }
}

function label(input: AttachmentInput, name: string, fallbackType: string, bytes: Uint8Array): DraftAttachment {
  const filename = input.filename ?? ''
  if (filename.length < 1 || filename.length > MAX_FILENAME_CHARS)
    throw refuse(name, `needs a filename of 1 to ${MAX_FILENAME_CHARS} characters`)
  if (/[\p{Cc}\p{Cf}/\\]/u.test(filename)) throw refuse(name, 'has a filename with slashes or control characters')
  const contentType = (input.contentType ?? fallbackType).toLowerCase()
  if (!/^[a-z0-9!#$&^_.+-]{1,64}\/[a-z0-9!#$&^_.+-]{1,64}$/.test(contentType))
    throw refuse(name, 'has a contentType that is not like text/plain')
  return { filename, contentType, bytes }
}

function decodeBase64(text: string, name: string): Uint8Array {
  const compact = text.replaceAll(/\s+/g, '')
  if (compact.length % 4 === 1 || !/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) throw refuse(name, 'has base64 that cannot be decoded')
  return Buffer.from(compact, 'base64')
}

/** Only a regular file whose real place is below the real directory: a link out of it is refused before anything is read. */
async function readBelow(downloadDir: string, path: string, name: string): Promise<{ filename: string; bytes: Uint8Array }> {
  const outside = refuse(name, 'has a path that is no file below the download directory')
  if (/^[a-z][a-z0-9+.-]+:/i.test(path) || path.includes('\0')) throw outside
  const root = await realpath(downloadDir).catch(() => null)
  const real = await realpath(resolve(downloadDir, path)).catch(() => null)
  if (root === null || real === null || !isBelow(root, real)) throw outside
  // The file is looked at through its own handle: what was checked is what is read, whatever is swapped in meanwhile.
  const file = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => null)
  if (file === null) throw outside
  try {
    const stats = await file.stat()
    if (!stats.isFile()) throw outside
    if (stats.size > MAX_COMPOSED_BYTES)
      throw new MailError('message_too_large', `${name} has more than ${MAX_COMPOSED_BYTES} bytes.`)
    return { filename: basename(real), bytes: await file.readFile() }
  } finally {
    await file.close()
  }
}

function isBelow(root: string, path: string): boolean {
  const way = relative(root, path)
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

function refuse(name: string, why: string): MailError {
  return new MailError('invalid_argument', `${name} ${why}.`)
}
