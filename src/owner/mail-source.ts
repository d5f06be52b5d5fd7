/** Where mail to be imported comes from: an mbox, a Maildir (https://cr.yp.to/proto/maildir.html), a directory of .eml files, or one of them. */

import { existsSync, statSync } from 'node:fs'
import { open, readdir, readFile, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { MailError } from '../errors.ts'
import { SOURCE_CHUNK_BYTES } from './limits.ts'
import { endLines } from './mbox.ts'
import { MboxReader, type ReadMail } from './mbox-reader.ts'

/** One message, and how much of the whole has been read with it, from 0 to 1. */
export type SourcedMail = { mail: ReadMail; done: number }

/** The messages at a path, in order. @throws MailError invalid_argument when there is nothing that could be imported */
export async function* readSource(path: string, maxBytes: number): AsyncGenerator<SourcedMail> {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined) throw refuse(path, 'there is no such file or directory')
  if (stats.isDirectory()) yield* readFiles(path, await listFiles(path), maxBytes)
  else if (!stats.isFile()) throw refuse(path, 'it is neither a file nor a directory')
  else if (isMailFile(path)) yield* readFiles(path, [path], maxBytes)
  else yield* readMbox(path, maxBytes)
}

/** Of a Maildir what is in `new` and `cur`; its other folders are Maildirs of their own. */
async function listFiles(dir: string): Promise<string[]> {
  const isMaildir = existsSync(join(dir, 'cur')) && existsSync(join(dir, 'new'))
  const dirs = isMaildir ? [join(dir, 'cur'), join(dir, 'new')] : [dir]
  const found: string[] = []
  for (const each of dirs) {
    const names = (await readdir(each)).filter((name) => (isMaildir ? !name.startsWith('.') : isMailFile(name)))
    found.push(...names.sort().map((name) => join(each, name)))
  }
  if (found.length === 0 && !isMaildir) throw refuse(dir, 'it is no Maildir and has no .eml files')
  return found
}

function isMailFile(name: string): boolean {
  return extname(name).toLowerCase() === '.eml'
}

async function* readFiles(path: string, files: readonly string[], maxBytes: number): AsyncGenerator<SourcedMail> {
  let count = 0
  for (const file of files) {
    count += 1
    const mail = await readMailFile(file, maxBytes).catch((error: unknown) => {
      throw explain(file === path ? path : file, error)
    })
    if (mail !== null) yield { mail, done: count / files.length }
  }
}

/** Null for what is no file, or is gone by now: a mail program may be at work. */
async function readMailFile(file: string, maxBytes: number): Promise<ReadMail | null> {
  const stats = await stat(file).catch(() => null)
  if (stats === null || !stats.isFile()) return null
  if (stats.size > maxBytes) return { tooLargeBytes: stats.size }
  const bytes = await readFile(file).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  })
  if (bytes === null) return null
  const raw = endLines(bytes)
  return raw.length > maxBytes ? { tooLargeBytes: raw.length } : { raw, envelopeFrom: '' }
}

async function* readMbox(path: string, maxBytes: number): AsyncGenerator<SourcedMail> {
  const handle = await open(path, 'r').catch((error: unknown) => {
    throw explain(path, error)
  })
  try {
    const { size } = await handle.stat()
    const reader = new MboxReader(maxBytes)
    let readBytes = 0
    for await (const chunk of handle.createReadStream({ highWaterMark: SOURCE_CHUNK_BYTES, autoClose: false })) {
      readBytes += chunk.length
      for (const mail of reader.push(chunk)) yield { mail, done: Math.min(1, readBytes / size) }
    }
    for (const mail of reader.end()) yield { mail, done: 1 }
  } finally {
    await handle.close()
  }
}

function refuse(path: string, why: string): MailError {
  return new MailError('invalid_argument', `${JSON.stringify(path)} cannot be imported: ${why}.`)
}

function explain(path: string, error: unknown): unknown {
  const code = codeOf(error)
  return code === 'EACCES' || code === 'EPERM' ? refuse(path, 'it may not be read') : error
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : null
}
