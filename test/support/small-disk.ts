/** A file system of a few megabytes, for running out of it. */

import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Why there can be none here, or null. */
export function findWhyNoSmallDisk(): string | null {
  if (process.platform !== 'linux') return 'not on Linux'
  const disk = mountSmallDisk(1)
  if (disk === null) return 'mounting is not permitted'
  disk.unmount()
  return null
}

/** Null when that is not permitted, which is usual for who is not root. */
export function mountSmallDisk(megabytes: number): { dir: string; unmount: () => void } | null {
  const dir = mkdtempSync(join(tmpdir(), 'inbox-mcp-disk-'))
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0700`, 'tmpfs', dir], { stdio: 'ignore' })
  if (status !== 0) {
    rmdirSync(dir)
    return null
  }
  return {
    dir,
    unmount: () => {
      spawnSync('umount', ['--lazy', dir], { stdio: 'ignore' })
      rmdirSync(dir)
    },
  }
}

/** Writes a file until there is no room left. */
export function fillDisk(file: string): void {
  for (const chunkBytes of [1_048_576, 4_096]) {
    try {
      for (;;) appendFileSync(file, Buffer.alloc(chunkBytes))
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
    }
  }
}
