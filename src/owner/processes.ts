/** Which processes have a file open, as far as the system tells its user: Linux does. */

import { readdirSync, readlinkSync, realpathSync } from 'node:fs'
import { platform } from 'node:os'

/** Ids of other processes that have the file open; null where there is no telling. Those of other users are not seen. */
export function findProcesses(file: string): number[] | null {
  if (platform() !== 'linux') return null
  try {
    const path = realpathSync(file)
    const own = readlinkSync('/proc/self')
    const pids = readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name) && name !== own)
    return pids.filter((pid) => hasOpen(pid, path)).map(Number)
  } catch {
    // No file, or no /proc: a container may have none.
    return null
  }
}

function hasOpen(pid: string, path: string): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => tryRead(`/proc/${pid}/fd/${fd}`) === path)
  } catch {
    // Ended meanwhile, or somebody else's.
    return false
  }
}

function tryRead(link: string): string | null {
  try {
    return readlinkSync(link)
  } catch {
    return null
  }
}
