/** A file that appears under its name when it is whole and on disk, and takes the place of no other. */

import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { MailError } from '../errors.ts'
import { codeOf, publishFile } from '../publish-file.ts'

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'its directory may not be written to',
  EPERM: 'its directory may not be written to',
  EROFS: 'its file system is read-only',
  ENOENT: 'its directory does not exist',
  ENOTDIR: 'its directory is none',
  ENOSPC: 'no space is left there',
  EDQUOT: 'no space is left there',
  ENAMETOOLONG: 'its name is too long',
}

/**
 * Lets `fill` write a file of mode 0600 beside the wanted one, and gives it its name then. Nothing is left behind when it fails.
 * @throws MailError invalid_argument when there is such a file already, or none can be made there
 */
export async function makeNewFile<Result>(path: string, fill: (part: string) => Promise<Result>): Promise<Result> {
  const wanted = resolve(path)
  if (existsSync(wanted)) throw refuse(path, 'it exists already')
  const part = `${wanted}.${randomBytes(6).toString('hex')}.part`
  try {
    await (await open(part, 'wx', 0o600)).close()
    const result = await fill(part)
    await sync(part)
    if (!(await publishFile(part, wanted))) throw refuse(path, 'it exists already')
    await syncDirectory(dirname(wanted))
    return result
  } catch (error) {
    const reason = REASONS[codeOf(error)]
    throw codeOf(error) === 'EEXIST' ? refuse(path, 'it exists already') : reason === undefined ? error : refuse(path, reason)
  } finally {
    await rm(part, { force: true })
  }
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r+')
  await handle.sync().finally(() => handle.close())
}

/** So that the name is on disk too; Windows has no such thing. */
async function syncDirectory(dir: string): Promise<void> {
  const handle = await open(dir, 'r').catch(() => null)
  await handle?.sync().catch((error: unknown) => {
    if (codeOf(error) !== 'EINVAL' && codeOf(error) !== 'EPERM') throw error
  })
  await handle?.close()
}

function refuse(path: string, why: string): MailError {
  return new MailError('invalid_argument', `${JSON.stringify(path)} cannot be made: ${why}.`)
}
