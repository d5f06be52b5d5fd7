/** The program as npx runs it (`npm test` and `npm run test:faults` build it first): a child process, JSON-RPC lines on its stdin and stdout. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** The built program's script. */
export const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))

type Answer = { id?: number; result?: Record<string, unknown>; error?: { code: number; message: string } }

export type ServerProcess = {
  child: ChildProcess
  /** Every line that came from stdout. */
  stdout: string[]
  stderr: () => string
  /** Sends a request and answers its result; rejects at an error or when the process ends first. */
  request(method: string, params?: Record<string, unknown>): Promise<Record<string, unknown>>
  notify(method: string, params?: Record<string, unknown>): void
  /** The handshake of a client of the 2025 generation. */
  initialize(protocolVersion?: string): Promise<Record<string, unknown>>
  /** Calls a tool and answers its structured content. */
  call(name: string, args: Record<string, unknown>): Promise<Record<string, unknown>>
  /** Resolves with exit code and signal once the process is gone. */
  exited: Promise<{ code: number | null; signal: string | null }>
}

/** Starts it. The caller sees to its end. */
export function startServer(args: readonly string[], env: Record<string, string> = {}): ServerProcess {
  const child = spawn(process.execPath, [CLI, ...args], { stdio: 'pipe', env: { ...process.env, ...env } })
  const stdout: string[] = []
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const pending = new Map<number, (answer: Answer) => void>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    stdout.push(line)
    const answer: Answer = JSON.parse(line)
    if (answer.id !== undefined) pending.get(answer.id)?.(answer)
  })
  // A write to a process that has just ended is not what a test is about; its exit is.
  child.stdin.on('error', () => {})
  const exited = once(child, 'exit').then(([code, signal]) => ({ code, signal }))
  let ids = 0

  const write = (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  const request: ServerProcess['request'] = async (method, params = {}) => {
    ids += 1
    const id = ids
    const answered = new Promise<Answer>((resolve) => pending.set(id, resolve))
    write({ id, method, params })
    const answer = await Promise.race([
      answered,
      exited.then((exit) => Promise.reject(new Error(`exited: ${JSON.stringify(exit)} ${stderr}`))),
    ])
    if (answer.result === undefined) throw new Error(JSON.stringify(answer.error))
    return answer.result
  }
  const notify: ServerProcess['notify'] = (method, params = {}) => void write({ method, params })

  return {
    child,
    stdout,
    stderr: () => stderr,
    request,
    notify,
    exited,
    initialize: async (protocolVersion = '2025-11-25') => {
      const result = await request('initialize', {
        protocolVersion,
        capabilities: {},
        clientInfo: { name: 'test', version: '1' },
      })
      notify('notifications/initialized')
      return result
    },
    call: async (name, args) => {
      const result = await request('tools/call', { name, arguments: args })
      const { structuredContent } = result
      return typeof structuredContent === 'object' && structuredContent !== null ? { ...structuredContent } : {}
    },
  }
}
