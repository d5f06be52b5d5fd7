/** A terminal that remembers what was written to it. */

import type { Terminal } from '../../src/owner/terminal.ts'

export type TestTerminal = Terminal & {
  /** Everything written to stdout. */
  bytes(): Buffer
  text(): string
  complaints: string[]
  shown: string[]
  stop(): void
}

export function makeTerminal({ colours = false, isScreen = false } = {}): TestTerminal {
  const chunks: Buffer[] = []
  const complaints: string[] = []
  const shown: string[] = []
  const stopping = new AbortController()
  return {
    colours,
    isScreen,
    signal: stopping.signal,
    complaints,
    shown,
    stop: () => stopping.abort(),
    bytes: () => Buffer.concat(chunks),
    text: () => Buffer.concat(chunks).toString(),
    write: async (chunk) => {
      chunks.push(Buffer.from(chunk))
    },
    complain: (line) => complaints.push(line),
    progress: (text) => shown.push(text),
    clear: () => {},
  }
}
