/** Where a command of the owner writes: lines to stdout, what went wrong to stderr, and how far it is where somebody watches. */

import { once } from 'node:events'
import { PROGRESS_INTERVAL_MS } from './limits.ts'

/** Where a command writes, and when it is to stop. */
export type Terminal = {
  /** To stdout. Resolves when more may be written. @throws Error when nobody reads any more */
  write(chunk: string | Uint8Array): Promise<void>
  /** A line to stderr. */
  complain(line: string): void
  /** How far it is, in one line that takes the place of the last one; nothing where stderr is no terminal. */
  progress(text: string): void
  /** Takes that line away. */
  clear(): void
  /** Whether what is written may have colours. */
  readonly colours: boolean
  /** Whether what is written is shown as it is: bytes of a mail could move the cursor, or worse. */
  readonly isScreen: boolean
  /** Aborted when the user wants no more of it. */
  readonly signal: AbortSignal
}

/** As much of a stream as is needed; process.stdout and process.stderr are such. */
export type TerminalStream = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number }

/** What a terminal is made of. */
export type TerminalParts = {
  stdout: TerminalStream
  stderr: TerminalStream
  /** See https://no-color.org. */
  noColour: boolean
  signal: AbortSignal
  /** Milliseconds since some moment. */
  elapsedMs: () => number
}

const CLEAR_LINE = '\r\u001b[2K'
const DEFAULT_COLUMNS = 80

/** A terminal on these streams. */
export function createTerminal({ stdout, stderr, noColour, signal, elapsedMs }: TerminalParts): Terminal {
  let shownAt = Number.NEGATIVE_INFINITY
  let isShown = false
  const clear = () => {
    if (isShown) stderr.write(CLEAR_LINE)
    isShown = false
    // What comes after a line of words is news.
    shownAt = Number.NEGATIVE_INFINITY
  }
  let failure: Error | null = null
  stdout.on('error', (error: Error) => {
    failure = error
  })
  // Whoever reads no errors is no reason to end.
  stderr.on('error', () => {})
  return {
    clear,
    isScreen: stdout.isTTY === true,
    colours: stdout.isTTY === true && !noColour,
    signal,
    write: async (chunk) => {
      // They share a screen; otherwise the line would come and go with every piece.
      if (stdout.isTTY === true) clear()
      if (failure !== null) throw failure
      if (!stdout.write(chunk)) await once(stdout, 'drain', { signal })
      if (failure !== null) throw failure
    },
    complain: (line) => {
      clear()
      stderr.write(`${line}\n`)
    },
    progress: (text) => {
      if (stderr.isTTY !== true || elapsedMs() - shownAt < PROGRESS_INTERVAL_MS) return
      shownAt = elapsedMs()
      isShown = true
      stderr.write(`${CLEAR_LINE}${text.slice(0, (stderr.columns ?? DEFAULT_COLUMNS) - 1)}`)
    },
  }
}
