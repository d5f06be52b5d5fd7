/** Starts the Node servers that are measured: ours, the bare library, and maildev. */

import { type ChildProcess, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { endProcess, findFreePort, readLine, Skipped, type Subject, startNode, waitForGreeting, watchProcess } from './subject.ts'

const INBOXES = 10
const MAILDEV = 'maildev@3'
/** Kept between runs, apart from this project: nothing of it may become a dependency. */
const MAILDEV_DIR = join(tmpdir(), 'inbox-mcp-bench-maildev')
const STRANGERS = ['somebody@example.net']

/** Ours, as a client starts it, with a fresh store and every setting but the port as by default. */
export async function startInboxMcp(cli: string): Promise<Subject> {
  const dataDir = mkdtempSync(join(tmpdir(), 'inbox-mcp-bench-'))
  const child = startNode([cli, '--data-dir', dataDir, '--smtp-port', '0', '--log-level', 'warn'], 'pipe')
  const ask = talk(child)
  await ask('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'bench', version: '1' } })
  const call = async (name: string, args: object) => Object(await ask('tools/call', { name, arguments: args })).structuredContent
  const inboxes: { address: string; smtpUrl: string }[] = []
  for (let index = 0; index < INBOXES; index += 1) inboxes.push(await call('create_inbox', { localPart: `bench-${index}` }))
  const to = inboxes.map(({ address }) => address)
  return {
    name: 'inbox-mcp',
    port: Number(new URL(inboxes[0]?.smtpUrl ?? '').port),
    to,
    count: async () => {
      let total = 0
      for (const inbox of to) total += Number((await call('list_messages', { inbox, limit: 1 })).total)
      return total
    },
    ...watchProcess(child),
    close: async () => {
      child.stdin?.end()
      await endProcess(child)
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** The library that most Node servers are built on, with nothing behind it. */
export async function startBare(): Promise<Subject> {
  const child = startNode([fileURLToPath(new URL('./bare-server.ts', import.meta.url))])
  const port = Number(await readLine(child))
  return {
    name: 'bare smtp-server',
    port,
    to: STRANGERS,
    count: null,
    ...watchProcess(child),
    close: () => endProcess(child),
  }
}

/** Installed into a directory of its own when it is not there yet. @throws Skipped without a registry */
export async function startMaildev(): Promise<Subject> {
  const script = join(MAILDEV_DIR, 'node_modules', 'maildev', 'dist', 'bin', 'maildev.js')
  if (!existsSync(script)) {
    mkdirSync(MAILDEV_DIR, { recursive: true })
    const args = ['install', '--prefix', MAILDEV_DIR, '--no-audit', '--no-fund', '--fetch-retries', '0', MAILDEV]
    const { status } = spawnSync('npm', args, { stdio: 'ignore', timeout: 300_000 })
    if (status !== 0) throw new Skipped('npm could not install it: is the registry within reach?')
  }
  const mailDir = mkdtempSync(join(tmpdir(), 'inbox-mcp-bench-'))
  const [port, web] = [await findFreePort(), await findFreePort()]
  const listen = ['--ip', '127.0.0.1', '--web-ip', '127.0.0.1', '--smtp', String(port), '--web', String(web)]
  const child = startNode([script, ...listen, '--mail-directory', mailDir, '--silent'])
  child.stdout?.resume()
  await waitForGreeting(port)
  return {
    name: 'maildev',
    port,
    to: STRANGERS,
    count: async () => {
      const answer = await fetch(`http://127.0.0.1:${web}/api/email/summary?limit=1`)
      return Number(Object(await answer.json()).total)
    },
    ...watchProcess(child),
    close: async () => {
      await endProcess(child)
      rmSync(mailDir, { recursive: true, force: true })
    },
  }
}

/** A hand on the stdio of a server that speaks MCP. What it says without being asked is passed over. */
function talk({ stdin, stdout }: ChildProcess): (method: string, params: object) => Promise<unknown> {
  if (stdin === null || stdout === null) throw new Error('stdio is not piped')
  const waiting = new Map<number, (result: unknown) => void>()
  createInterface(stdout).on('line', (line) => {
    const { id, result } = JSON.parse(line)
    waiting.get(id)?.(result)
    waiting.delete(id)
  })
  let lastId = 0
  return (method, params) => {
    lastId += 1
    const { promise, resolve } = Promise.withResolvers<unknown>()
    waiting.set(lastId, resolve)
    stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: lastId, method, params })}\n`)
    return promise
  }
}
