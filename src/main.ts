/** Reads argv and the environment, starts the server or answers the owner, ends it on stdin's end or a signal. Alone touches process.*. */

import { homedir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { type App, REAL_WORLD, startApp } from './app.ts'
import { type Config, ConfigError, readConfig } from './config.ts'
import { MailError } from './errors.ts'
import { releaseWhenIdle } from './idle-memory.ts'
import { EXIT_DEADLINE_MS } from './limits.ts'
import { createLog, describeError, type Log } from './log.ts'
import type { OwnerRequest } from './owner-request.ts'
import type { ConfigDefaults } from './settings.ts'
import { renderHelp } from './usage.ts'
import { VERSION } from './version.ts'

/** The program. Ends the process itself. */
export async function main(process: NodeJS.Process): Promise<void> {
  const defaults = await findDefaults()
  const invocation = refuseBadSettings(process, () => readConfig(process.argv.slice(2), process.env, defaults))
  if (invocation.command === 'help') process.stdout.write(renderHelp(VERSION, defaults.dataDir))
  else if (invocation.command === 'version') process.stdout.write(`${VERSION}\n`)
  else if (invocation.command === 'owner') process.exitCode = await answerOwner(process, invocation.config, invocation.request)
  else if (invocation.command === 'demo') process.exitCode = await showDemo(process)
  else await serve(process, invocation.config, invocation.unknownEnvironment)
}

/** Both empty for a user without a home directory, who must then name the data directory. */
async function findDefaults(): Promise<ConfigDefaults> {
  try {
    const { default: envPaths } = await import('env-paths')
    return { dataDir: envPaths('inbox-mcp', { suffix: '' }).data, homeDir: homedir() }
  } catch {
    return { dataDir: '', homeDir: '' }
  }
}

function refuseBadSettings<Result>(process: NodeJS.Process, read: () => Result): Result {
  try {
    return read()
  } catch (error) {
    if (error instanceof ConfigError || error instanceof MailError) refuseToStart(process, error.message)
    throw error
  }
}

/** One line, exit code 2: what a client shows of a server that does not come up. */
function refuseToStart(process: NodeJS.Process, message: string): never {
  process.stderr.write(`inbox-mcp: ${message}\n`)
  process.exit(2)
}

async function serve(process: NodeJS.Process, config: Config, unknownEnvironment: readonly string[]): Promise<void> {
  const log = createLog(config.logLevel, Date.now, (line) => process.stderr.write(line))
  for (const name of unknownEnvironment) log.warn('unknown_setting', { name })
  const app = refuseBadSettings(process, () => startApp(config, REAL_WORLD, log))
  const end = endWith(process, app, log)
  const { openStdio, serveMcp } = await import('./mcp/server.ts')
  const connection = serveMcp({
    postOffice: app.post.postOffice,
    agent: config.agent,
    toolsets: config.toolsets,
    version: VERSION,
    log,
    world: REAL_WORLD,
    transport: openStdio(process.stdin, process.stdout),
    onOpen: () => {
      app.listen().catch((error: unknown) => log.error('listen_failed', { error: describeError(error) }))
    },
  })
  // A connection that ends by itself, as at a line that is too long, leaves nobody to serve.
  void connection.closed.then(() => end('connection', 0))
  releaseWhenIdle()
  // Behind the first answer, so that the store's thread does not take the processor from it.
  process.stdin.once('data', () => setImmediate(() => open(process, app)))
}

function open(process: NodeJS.Process, app: App): void {
  app.open().catch((error: unknown) => refuseToStart(process, error instanceof MailError ? error.message : describeError(error)))
}

/** Whatever ends the client's interest ends the process, in time, with nothing half done. */
function endWith(process: NodeJS.Process, app: App, log: Log): (why: string, exitCode: number) => void {
  let ending = false
  const end = (why: string, exitCode: number): void => {
    if (ending) return
    ending = true
    log.debug('end', { why })
    setTimeout(() => process.exit(exitCode), EXIT_DEADLINE_MS)
    app
      .close()
      .catch((error: unknown) => log.error('close_failed', { error: describeError(error) }))
      .finally(() => process.exit(exitCode))
  }
  process.stdin.on('end', () => end('stdin', 0))
  process.stdin.on('close', () => end('stdin', 0))
  process.stdout.on('error', () => end('stdout', 0))
  // A client that reads no log is no reason to end.
  process.stderr.on('error', () => {})
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => end(signal, 0))
  process.on('uncaughtException', (error) => {
    log.error('uncaught', { error: describeError(error) })
    end('uncaught', 1)
  })
  return end
}

/** One request of the owner: whether or not a server runs. Exit code 1 when it failed or there was nothing to do it to. */
async function answerOwner(process: NodeJS.Process, config: Config, request: OwnerRequest): Promise<number> {
  const { runOwner } = await import('./owner-app.ts')
  const { createTerminal } = await import('./owner/terminal.ts')
  const stopping = new AbortController()
  // What was begun is tidied away; whoever asks twice wants no more of that either.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stopping.abort(signal))
  const { execArgv, env, stdout, stderr, version } = process
  return await runOwner(request, config, {
    terminal: createTerminal({
      stdout,
      stderr,
      noColour: (env.NO_COLOR ?? '') !== '',
      signal: stopping.signal,
      elapsedMs: REAL_WORLD.elapsedMs,
    }),
    log: createLog(config.logLevel, Date.now, (line) => stderr.write(line)),
    nodeVersion: version,
    nodeFlags: [...execArgv, ...(env.NODE_OPTIONS ?? '').split(/\s+/).filter((flag) => flag !== '')],
    uid: process.getuid?.() ?? null,
  })
}

async function showDemo(process: NodeJS.Process): Promise<number> {
  const { runDemo } = await import('./demo/demo.ts')
  return runDemo({
    command: process.execPath,
    args: [fileURLToPath(new URL(import.meta.url.endsWith('.js') ? './cli.js' : './cli.ts', import.meta.url))],
    version: VERSION,
    write: (text) => process.stdout.write(text),
    colours: process.stdout.isTTY && process.env.NO_COLOR === undefined,
    now: Date.now,
  })
}
