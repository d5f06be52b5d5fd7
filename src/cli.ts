#!/usr/bin/env node
/**
 * What `npx inbox-mcp` runs. Looks at Node first and loads everything else afterwards: what follows crashes or does not parse on
 * an old one. So this file and what it imports keep to syntax and built-ins of Node 14, and import nothing else before.
 */

import { explainOldNode } from './node-version.ts'

const refusal = explainOldNode(process.version)
if (refusal !== '') {
  process.stderr.write(`${refusal}\n`)
  process.exitCode = 2
} else {
  start()
}

function start() {
  Promise.all([import('node:module'), import('node:v8')])
    .then(([module, v8]) => {
      // For src/idle-memory.ts. Flags belong to the process: they are set once, while no other thread reads them, and before code is compiled that is kept, since V8
      // takes none that was compiled with others.
      v8.setFlagsFromString('--expose-gc')
      // Compiled code is kept between starts, in the user's own cache: the default is a shared temporary directory, where another
      // user of the machine could leave code for us to run.
      const cache = findCacheDirectory()
      if (cache !== '' && /\.js$/.test(import.meta.url)) module.enableCompileCache(cache)
      return import('./main.ts')
    })
    .then((program) => program.main(process))
    .catch((error: unknown) => {
      process.stderr.write(`inbox-mcp: ${error instanceof Error ? error.stack : String(error)}\n`)
      process.exit(1)
    })
}

/** Where programs of this user keep what they can make again; empty when the system does not say. */
function findCacheDirectory() {
  const { HOME, LOCALAPPDATA, XDG_CACHE_HOME } = process.env
  if (process.platform === 'win32') return LOCALAPPDATA ? `${LOCALAPPDATA}\\inbox-mcp\\Cache` : ''
  if (!HOME) return ''
  if (process.platform === 'darwin') return `${HOME}/Library/Caches/inbox-mcp`
  return `${XDG_CACHE_HOME || `${HOME}/.cache`}/inbox-mcp`
}
