/** Files that are not whole yet, in the directory of downloads. A process that is killed leaves one; a later one takes it away. */

import { lstat, opendir, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf } from '../publish-file.ts'

/** To write one takes seconds: an older one is nobody's. */
export const PART_KEPT_MS = 3_600_000
/** Names of the directory that are looked at. */
const MAX_LOOKED_NAMES = 10_000
/** Ours, and such as nobody else calls a file. */
const PART_NAME = /^\.inbox-mcp-[0-9a-z]{1,64}\.part$/

/** The name of one; `random` is hex. */
export function namePart(random: string): string {
  return `.inbox-mcp-${random}.part`
}

/** Removes those that were last written to an hour before `nowMs`. What only has such a name, a link or a directory, stays. */
export async function removeOldParts(dir: string, nowMs: number): Promise<void> {
  let looked = 0
  for await (const { name } of await opendir(dir)) {
    looked += 1
    if (looked > MAX_LOOKED_NAMES) return
    if (PART_NAME.test(name)) await removeIfOld(join(dir, name), nowMs)
  }
}

async function removeIfOld(path: string, nowMs: number): Promise<void> {
  try {
    const stats = await lstat(path)
    if (stats.isFile() && nowMs - stats.mtimeMs > PART_KEPT_MS) await unlink(path)
  } catch (error) {
    // Another process was first, or it is not ours to remove: neither is in the way of what is to be saved.
    if (!LEFT_ALONE.has(codeOf(error))) throw error
  }
}

const LEFT_ALONE = new Set(['ENOENT', 'EACCES', 'EPERM', 'EBUSY'])
