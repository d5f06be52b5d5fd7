/**
 * Writes files below one directory, and nowhere else: whole or not at all, never over another one, under names of ours. What is in the directory already
 * may be hostile, too.
 */

import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, lstat, mkdir, open, realpath, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { MailError } from '../errors.ts'
import { codeOf, publishFile } from '../publish-file.ts'
import { extendFilename } from '../safe-filename.ts'
import { namePart, removeOldParts } from './part-files.ts'

/** A file to be written, and what its bytes hash to (SHA-256, hex). */
export type FileToSave = { readonly safeName: string; readonly bytes: Uint8Array; readonly sha256: string }

/** Where it lies, and whether the same bytes lay there before. */
export type SavedFile = { readonly path: string; readonly existed: boolean }

/** What makes the name of a file that is not whole yet, and tells which are old. */
export type Scratch = { readonly random: string; readonly nowMs: number }

/** Hex digits of the hash in a name that is taken, and more of them should that be taken, too: no row of numbers to try. */
const HASH_CHARS = [8, 16, 64] as const
/** Of a file that is being compared, at a time. */
const COMPARE_CHUNK_BYTES = 65_536
const { O_CREAT, O_EXCL, O_RDONLY, O_WRONLY, O_NOFOLLOW = 0, O_DIRECTORY = 0, O_NONBLOCK = 0 } = constants

/**
 * Writes the file, readable by its owner only. Under its name, or where that is taken by other bytes, with a part of its hash in it: the same bytes under
 * the same name are written once. `random` (hex) names the file until it is whole; one that a killed process left long before `nowMs` is removed.
 * @throws MailError store_unavailable, which says what the owner can set right
 */
export async function saveBelow(downloadDir: string, file: FileToSave, { random, nowMs }: Scratch): Promise<SavedFile> {
  try {
    const place = await openDirectory(downloadDir)
    try {
      await removeOldParts(place.dir, nowMs)
      return await placeFile(place, file, namePart(random))
    } finally {
      await place.handle?.close()
    }
  } catch (error) {
    throw explain(error)
  }
}

/** A directory that is held fast: `dir` leads to it and to no other, whatever is put in its place meanwhile. */
type Place = { readonly real: string; readonly dir: string; readonly handle: FileHandle | null }

async function openDirectory(downloadDir: string): Promise<Place> {
  await makeDirectory(downloadDir)
  if ((await lstat(downloadDir)).isSymbolicLink()) throw cannotSave('it is a symbolic link; name the directory itself')
  const real = await realpath(downloadDir)
  // Windows opens no directories.
  if (O_DIRECTORY === 0) return { real, dir: real, handle: null }
  const handle = await open(real, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
  // Linux names an open directory by its number; elsewhere its path must do, and is looked at again.
  const dir = (await isSame(handle, `/proc/self/fd/${handle.fd}/.`)) ? `/proc/self/fd/${handle.fd}` : real
  return { real, dir, handle }
}

/** One by one: `recursive` of Node asks for ever where the system says each time that a parent is missing, such as below /proc. */
async function makeDirectory(path: string): Promise<void> {
  if (await makeOne(path)) return
  const parent = dirname(path)
  if (parent !== path) await makeDirectory(parent)
  if (!(await makeOne(path))) throw cannotSave(NOT_MADE)
}

/** Whether it is there now; it is not while its parent is missing. */
async function makeOne(path: string): Promise<boolean> {
  try {
    await mkdir(path, { mode: 0o700 })
    return true
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false
    if (codeOf(error) === 'EEXIST') return true
    throw error
  }
}

async function placeFile(place: Place, file: FileToSave, partName: string): Promise<SavedFile> {
  const names = [file.safeName, ...HASH_CHARS.map((chars) => extendFilename(file.safeName, file.sha256.slice(0, chars)))]
  const part = join(place.dir, partName)
  let isWritten = false
  try {
    for (const name of names) {
      const path = join(place.dir, name)
      if (await holdsSame(path, file)) return await confirm(place, name, true)
      if (!isWritten) await writePart(part, file.bytes)
      isWritten = true
      if (await publishFile(part, path)) return await confirm(place, name, false)
      // Written meanwhile, perhaps by a second call for the same attachment.
      if (await holdsSame(path, file)) return await confirm(place, name, true)
    }
  } finally {
    if (isWritten) await unlink(part).catch(ignoreMissing)
  }
  throw cannotSave('every name for this file is taken in it')
}

async function writePart(part: string, bytes: Uint8Array): Promise<void> {
  // Fails on whatever lies there, also on a link that leads nowhere.
  const handle = await open(part, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, 0o600)
  try {
    await handle.writeFile(bytes)
    await handle.sync()
  } catch (error) {
    await unlink(part).catch(ignoreMissing)
    throw error
  } finally {
    await handle.close()
  }
}

/** The path as the owner knows it; not before the name is on disk, and the directory still where it was. */
async function confirm({ real, handle }: Place, name: string, existed: boolean): Promise<SavedFile> {
  await handle?.sync()
  if (handle !== null && !(await isSame(handle, real))) throw cannotSave('it was replaced while the file was written')
  return { path: join(real, name), existed }
}

async function isSame(handle: FileHandle, path: string): Promise<boolean> {
  const [held, found] = await Promise.all([handle.stat(), lstat(path).catch(() => null)])
  return found !== null && found.ino === held.ino && found.dev === held.dev
}

/** Whether a regular file of these bytes lies there; a link to one is none. Read in pieces, so that no loop stands still. */
async function holdsSame(path: string, { bytes, sha256 }: FileToSave): Promise<boolean> {
  const handle = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch(() => null)
  if (handle === null) return false
  try {
    const stats = await handle.stat()
    if (!stats.isFile() || stats.size !== bytes.byteLength) return false
    const hash = createHash('sha256')
    const stream = handle.createReadStream({ highWaterMark: COMPARE_CHUNK_BYTES, autoClose: false })
    for await (const chunk of stream) hash.update(chunk)
    return hash.digest('hex') === sha256
  } finally {
    await handle.close()
  }
}

const NOT_MADE = 'it cannot be made'

/** What the operating system says, as the owner can set it right. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'it may not be written to',
  EPERM: 'it may not be written to',
  EROFS: 'it is on a file system that is read-only',
  ENOSPC: 'no space is left there',
  EDQUOT: 'no space is left there',
  EFBIG: 'the file is too large for it',
  EEXIST: 'it is no directory',
  ENOTDIR: 'it is no directory',
  ENOENT: NOT_MADE,
  ELOOP: 'it is a symbolic link; name the directory itself',
  ENAMETOOLONG: 'its path is too long',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  EIO: 'its disk failed',
}

function explain(error: unknown): unknown {
  const reason = REASONS[codeOf(error)]
  return reason === undefined ? error : cannotSave(reason)
}

function cannotSave(why: string): MailError {
  return new MailError('store_unavailable', `The attachment was not saved in the directory of --download-dir: ${why}.`, {
    hint: 'Tell the owner of this server. A text can be read with read_message and attachmentId.',
  })
}

function ignoreMissing(error: unknown): void {
  if (codeOf(error) !== 'ENOENT') throw error
}
