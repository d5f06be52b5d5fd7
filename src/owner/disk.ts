/** The data directory and the disk below it: whose it is, what is left of it, and whether what is written there stays. */

import { randomBytes } from 'node:crypto'
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  openSync,
  rmSync,
  statfsSync,
  statSync,
  writeSync,
} from 'node:fs'
import { platform } from 'node:os'
import { dirname, join } from 'node:path'
import { describeError } from '../log.ts'
import { type Finding, ok, problem, warning } from './findings.ts'
import { FSYNC_BYTES, FSYNC_TRIES, LEAST_FSYNC_MS, LEAST_SPACE_BYTES, LOW_SPACE_BYTES, SLOW_FSYNC_MS } from './limits.ts'
import { formatBytes } from './shown.ts'

const CHOOSE = 'set --data-dir to a local directory that this user may write'
/** File systems that are gone when the machine is, linux/magic.h. */
const MEMORY_TYPES: ReadonlyMap<number, string> = new Map([
  [0x0102_1994, 'tmpfs'],
  [0x8584_58f6, 'ramfs'],
])

/** Whose the directory is, and where it lies. */
export function checkDirectory(dir: string, uid: number | null, findNetworkFileSystem: () => string | null): Finding {
  const name = 'data directory'
  try {
    const network = findNetworkFileSystem()
    if (network !== null)
      return problem(name, `${dir} is on a network file system (${network}), where mail would be lost`, CHOOSE)
    accessSync(findExisting(dir), constants.R_OK | constants.W_OK | constants.X_OK)
    if (!existsSync(dir)) return ok(name, `${dir} is not there yet; the first server makes it`)
    const stats = statSync(dir)
    if (!stats.isDirectory()) return problem(name, `${dir} is no directory`, CHOOSE)
    if (uid !== null && stats.uid !== uid)
      return warning(name, `${dir} belongs to another user`, 'give it to this one with chown')
    const mode = stats.mode & 0o777
    if (platform() !== 'win32' && (mode & 0o077) !== 0) {
      return warning(name, `${dir} is open to others (mode ${mode.toString(8)})`, `chmod 700 ${dir}`)
    }
    return ok(name, dir)
  } catch (error) {
    return problem(name, `${dir} cannot be used: ${describeError(error)}`, CHOOSE)
  }
}

/** How much room is left. Null where there is no saying. */
export function checkSpace(dir: string): Finding | null {
  try {
    const { bavail, bsize } = statfsSync(findExisting(dir))
    const freeBytes = bavail * bsize
    const text = `${formatBytes(freeBytes)} are free`
    const fix = 'make room; --keep-days and --keep-mb bound what mail takes'
    if (freeBytes < LEAST_SPACE_BYTES) return problem('space', text, fix)
    return freeBytes < LOW_SPACE_BYTES ? warning('space', text, fix) : ok('space', text)
  } catch (error) {
    return warning('space', `cannot be told: ${describeError(error)}`, 'look at the data directory')
  }
}

/** Whether a write waits for the disk, and how long. Null while there is no directory to try it in. */
export function checkFsync(dir: string, elapsedMs: () => number): Finding | null {
  const name = 'fsync'
  if (!existsSync(dir)) return null
  try {
    const memory = platform() === 'linux' ? MEMORY_TYPES.get(statfsSync(dir).type >>> 0) : undefined
    if (memory !== undefined)
      return warning(name, `${dir} is in memory (${memory}): mail is gone when the machine restarts`, CHOOSE)
    const times = timeWrites(dir, elapsedMs).toSorted((a, b) => a - b)
    return judgeFsync(times[times.length >> 1] ?? 0)
  } catch (error) {
    return problem(name, `nothing can be written to ${dir}: ${describeError(error)}`, CHOOSE)
  }
}

/** What the median of a few writes says. */
export function judgeFsync(medianMs: number): Finding {
  const text = `a write is on disk after ${medianMs < 1 ? medianMs.toFixed(3) : medianMs.toFixed(1)} ms`
  if (medianMs < LEAST_FSYNC_MS) {
    return warning(
      'fsync',
      `${text}: faster than any disk`,
      'look for what turns it off, such as eatmydata or a disk image with an unsafe cache',
    )
  }
  return medianMs > SLOW_FSYNC_MS
    ? warning('fsync', text, 'senders wait for it; put --data-dir on a faster disk')
    : ok('fsync', text)
}

function timeWrites(dir: string, elapsedMs: () => number): number[] {
  const path = join(dir, `.doctor-${randomBytes(6).toString('hex')}`)
  const fd = openSync(path, 'wx', 0o600)
  try {
    const page = Buffer.alloc(FSYNC_BYTES, 0x78)
    return Array.from({ length: FSYNC_TRIES }, () => {
      const begun = elapsedMs()
      writeSync(fd, page)
      fsyncSync(fd)
      return elapsedMs() - begun
    })
  } finally {
    closeSync(fd)
    rmSync(path, { force: true })
  }
}

function findExisting(dir: string): string {
  return existsSync(dir) || dirname(dir) === dir ? dir : findExisting(dirname(dir))
}
