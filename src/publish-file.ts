/** A file that is whole gets its name, and takes nobody's place. */

import { link, open, rename } from 'node:fs/promises'

/** File systems without hard links say so. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL'])

/** Gives the file at `part` the name `path`, in the same directory, unless something has it: neither a file nor a link is ever replaced. Answers whether it did. */
export async function publishFile(part: string, path: string): Promise<boolean> {
  try {
    // `part` stays as a second name, for whoever made it to remove.
    await link(part, path)
    return true
  } catch (error) {
    const code = codeOf(error)
    if (code === 'EEXIST') return false
    if (!NO_LINKS.has(code)) throw error
  }
  // The name is taken by an empty file first; O_EXCL follows no link.
  try {
    await (await open(path, 'wx', 0o600)).close()
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
  await rename(part, path)
  return true
}

/** What the operating system calls an error, such as `ENOENT`; empty for what is none of its. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
