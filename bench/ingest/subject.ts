/** A server that is measured, in processes of its own, and what all of them need. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { readCpuMs } from '../processes.ts'

/** A server that has started. */
export type Subject = {
  readonly name: SubjectName
  readonly port: number
  /** Addresses that it takes mail for. */
  readonly to: readonly string[]
  /** How many messages somebody who asks would be shown; null where nobody can ask. */
  count: (() => Promise<number>) | null
  /** Processor time that it has used so far, all its threads together; null where that cannot be seen. */
  cpuMs(): number | null
  /** Rests when everything that it put off is done. */
  settle(): Promise<void>
  close(): Promise<void>
}

/** In the order of the table. */
export type SubjectName = 'inbox-mcp' | 'bare smtp-server' | 'maildev' | 'Postfix'

/** What cannot be measured here, and why in a few words. */
export class Skipped extends Error {
  override readonly name = 'Skipped'
}

const QUIET_LOOK_MS = 300
const MAX_QUIET_LOOKS = 100
/** What a process at rest may use between two looks. */
const QUIET_CPU_MS = 10

/** The two things that are asked of the process of a Node server. */
export function watchProcess({ pid = 0 }: ChildProcess): Pick<Subject, 'cpuMs' | 'settle'> {
  const cpuMs = () => tryReadCpuMs(pid)
  return { cpuMs, settle: () => waitUntilQuiet(cpuMs) }
}

/** Resolves when a process uses no processor any more; where that cannot be seen, after a while. */
async function waitUntilQuiet(cpuMs: () => number | null): Promise<void> {
  let before = cpuMs()
  if (before === null) return await delay(2_000)
  for (let looks = 0; looks < MAX_QUIET_LOOKS; looks += 1) {
    await delay(QUIET_LOOK_MS)
    const now = cpuMs() ?? 0
    if (now - before <= QUIET_CPU_MS) return
    before = now
  }
}

/** Null where there is no /proc. */
function tryReadCpuMs(pid: number): number | null {
  return existsSync(`/proc/${pid}/stat`) ? readCpuMs(pid) : null
}

/** The first line that a process writes to its stdout. @throws when it ends before */
export async function readLine(child: ChildProcess): Promise<string> {
  let text = ''
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('a server ended before it had started')))
  ended.catch(() => {})
  const { stdout } = child
  if (stdout === null) throw new Error('stdout is not a pipe')
  while (!text.includes('\n')) {
    const [chunk]: Buffer[] = await Promise.race([once(stdout, 'data'), ended])
    text += String(chunk)
  }
  return text.slice(0, text.indexOf('\n'))
}

/** Runs a script of ours, or another, with this Node. */
export function startNode(args: readonly string[], stdin: 'pipe' | 'ignore' = 'ignore'): ChildProcess {
  return spawn(process.execPath, args, { stdio: [stdin, 'pipe', 'inherit'] })
}

/** Ends a process and waits until it is gone. */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 3_000)
  await exit
  clearTimeout(timer)
}

/** A port that was free a moment ago, for servers that cannot choose one themselves. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/** Waits until something greets on the port. @throws when nothing does for a long time */
export async function waitForGreeting(port: number): Promise<void> {
  const { connect } = await import('node:net')
  for (let tries = 0; tries < 300; tries += 1) {
    const socket = connect({ port, host: '127.0.0.1' })
    const greeting = await once(socket, 'data').catch(() => null)
    socket.destroy()
    if (greeting !== null) return
    await delay(50)
  }
  throw new Error(`nothing greets on port ${port}`)
}
