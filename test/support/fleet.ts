/** Several processes on one store and one port, as MCP clients start them. Whichever ends is started again at once. */

import { createServer } from 'node:net'
import { type ServerProcess, startServer } from './server-process.ts'

export type FleetOptions = {
  dataDir: string
  port: number
  processes: number
  args?: readonly string[]
  /** The environment of the next process. */
  env?: () => Record<string, string>
}

/** A port that was free a moment ago, for what has to come back to the same one. */
export async function findFreePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (typeof address !== 'object' || address === null) throw new Error('no port')
  return address.port
}

/** Processes by number, from 0. */
export class Fleet {
  readonly #options: FleetOptions
  readonly #servers: ServerProcess[] = []
  readonly #lives = new Set<Promise<void>>()
  #isEnding = false
  /** How many ended. */
  deaths = 0
  /** What each said that ended in any other way than by being killed. */
  readonly crashes: string[] = []

  constructor(options: FleetOptions) {
    this.#options = options
    for (let index = 0; index < options.processes; index += 1) this.#start(index)
  }

  get smtpUrl(): string {
    return `smtp://127.0.0.1:${this.#options.port}`
  }

  /** The number of the process that has the port, as far as its log says; else 0. */
  get owner(): number {
    return Math.max(
      0,
      this.#servers.findIndex((server) => isAlive(server) && server.stderr().includes('"smtp_listening"')),
    )
  }

  /** Kills it with -9. */
  kill(index: number): void {
    this.#servers[index]?.child.kill('SIGKILL')
  }

  /** Ends all of them. */
  async close(): Promise<void> {
    this.#isEnding = true
    for (const { child } of this.#servers) child.kill('SIGKILL')
    await Promise.all(this.#lives)
  }

  #start(index: number): void {
    const { dataDir, port, args = [], env = () => ({}) } = this.#options
    const server = startServer(['--data-dir', dataDir, '--smtp-port', String(port), ...args], env())
    this.#servers[index] = server
    // Killed before its handshake, which is one of the moments to be killed in.
    server.initialize().catch(() => {})
    const life = server.exited.then(({ code, signal }) => {
      this.#lives.delete(life)
      if (this.#isEnding) return
      this.deaths += 1
      if (signal !== 'SIGKILL') this.crashes.push(`${code} ${signal} ${server.stderr()}`)
      this.#start(index)
    })
    this.#lives.add(life)
  }
}

function isAlive({ child }: ServerProcess): boolean {
  return child.exitCode === null && child.signalCode === null
}
