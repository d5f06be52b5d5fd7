/** Where Node keeps compiled code between starts, for the threads that are given no other environment. */

import { getCompileCacheDir } from 'node:module'
import { dirname } from 'node:path'

/** An environment with nothing but that directory; an empty one where nothing is kept. */
export function keepCompiled(): Record<string, string> {
  // Below the directory that was asked for, Node makes one for itself, named after its version.
  const dir = getCompileCacheDir()
  return dir === undefined ? {} : { NODE_COMPILE_CACHE: dirname(dir) }
}
