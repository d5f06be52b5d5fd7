/** The directory that holds the store: made for its owner only, and refused where SQLite would lose mail. */

import { accessSync, constants, existsSync, mkdirSync, readFileSync, realpathSync, statfsSync, statSync } from 'node:fs'
import { platform } from 'node:os'
import { dirname } from 'node:path'
import { MailError } from '../errors.ts'
import { describeError } from '../log.ts'

/** What is asked about the file system of a directory; passed in so that a test can have one that it has not. */
export type FileSystemProbe = {
  /** As os.platform() names it. */
  readonly platform: string
  /** The magic number of the file system (statfs(2)). */
  typeOf(dir: string): number
  /** The text of Linux' list of mounts, proc_pid_mountinfo(5); asked for on Linux only. */
  readMounts(): string
}

const LOCAL_PROBE: FileSystemProbe = {
  platform: platform(),
  typeOf: (dir) => statfsSync(dir).type,
  readMounts: () => readFileSync('/proc/self/mountinfo', 'utf8'),
}

/**
 * Magic numbers of Linux' network file systems, linux/magic.h: their locks and shared memory do not reach other machines, so WAL
 * damages the store. 9p is not among them: containers and virtual machines use it for directories of one machine.
 */
const NETWORK_TYPES: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xfe53_4d42, 'SMB'],
  [0xff53_4d42, 'CIFS'],
  [0x5346_414f, 'AFS'],
  [0x6b41_4653, 'AFS'],
  [0x7375_7245, 'Coda'],
  [0x564c, 'NCP'],
  [0x00c3_6400, 'Ceph'],
  [0x0bd0_0bd0, 'Lustre'],
  [0x1983_0326, 'BeeGFS'],
])
/** One number for everything in user space, local or not; the mount's name tells them apart. */
const FUSE_TYPE = 0x6573_5546
const NETWORK_FUSE =
  /^fuse\.(sshfs|rclone|s3fs|gcsfuse|goofys|gvfsd-fuse|davfs2?|mount\.davfs|glusterfs|ceph-fuse|cephfs|curlftpfs|smbnetfs|juicefs)$/

/**
 * Makes the directory, mode 0700, with those above it, and makes sure that a store can live there. One that exists keeps its
 * mode; one that is refused is not made.
 * @throws MailError invalid_argument, one line: it cannot be made, cannot be written, is no directory, or is on a network file
 * system
 */
export function checkDataDir(dir: string, probe: FileSystemProbe = LOCAL_PROBE): void {
  let network: string | null
  try {
    network = findNetworkFileSystem(dir, probe)
    if (network === null) {
      makeMissing(dir)
      accessSync(dir, constants.R_OK | constants.W_OK | constants.X_OK)
      if (!statSync(dir).isDirectory()) throw new Error('not a directory')
    }
  } catch (error) {
    throw refuse(`The data directory ${dir} cannot be used: ${describeError(error)}`)
  }
  if (network) throw refuse(`The data directory ${dir} is on a network file system (${network}), where mail would be lost.`)
}

/** The kind of network file system that a directory, or what is to become one, lies on; null for a local one. @throws Error when it cannot be told */
export function findNetworkFileSystem(dir: string, probe: FileSystemProbe = LOCAL_PROBE): string | null {
  return findNetwork(realpathSync(findExisting(dir)), probe)
}

/** The directory itself, or the nearest one above it that exists. */
function findExisting(dir: string): string {
  return existsSync(dir) || dirname(dir) === dir ? dir : findExisting(dirname(dir))
}

/** One level after the other: Node's own recursive mkdir never returns where the file system answers ENOENT, as /proc does. */
function makeMissing(dir: string): void {
  if (existsSync(dir)) return
  makeMissing(dirname(dir))
  try {
    mkdirSync(dir, { mode: 0o700 })
  } catch (error) {
    // Another process of the same client may have made it in the meantime.
    if (!existsSync(dir)) throw error
  }
}

/** The kind of network file system that a directory is on; null when it is local, as far as can be told. */
function findNetwork(dir: string, probe: FileSystemProbe): string | null {
  if (dir.startsWith('\\\\')) return 'UNC path'
  if (probe.platform !== 'linux') return null
  // The numbers have 32 bits; some kernels answer them as negative ones.
  const type = probe.typeOf(dir) >>> 0
  if (type !== FUSE_TYPE) return NETWORK_TYPES.get(type) ?? null
  const name = findMountType(dir, probe.readMounts())
  return name !== null && NETWORK_FUSE.test(name) ? name : null
}

/**
 * The file system type of the mount that a directory is on: that with the longest mount point, the last one where mounts cover
 * each other.
 */
function findMountType(dir: string, mounts: string): string | null {
  let longest = ''
  let found: string | null = null
  for (const line of mounts.split('\n')) {
    // "36 35 98:0 /root /mount/point options … - type source options", with spaces in paths as \040.
    const [head = '', tail = ''] = line.split(' - ')
    const mountPoint = head
      .split(' ')[4]
      ?.replaceAll(/\\([0-7]{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8)))
    if (mountPoint === undefined || mountPoint.length < longest.length || !isBelow(dir, mountPoint)) continue
    longest = mountPoint
    found = tail.split(' ')[0] ?? null
  }
  return found
}

function isBelow(dir: string, mountPoint: string): boolean {
  return mountPoint === '/' || dir === mountPoint || dir.startsWith(`${mountPoint}/`)
}

function refuse(message: string): MailError {
  return new MailError('invalid_argument', message, { hint: 'Set --data-dir to a local directory that you may write.' })
}
