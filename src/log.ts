/** One JSON line an event. stdout belongs to the protocol, so this goes where the caller says: stderr. */

/** Levels from the least important to the most, and none. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const
/** Least important event that is written; `silent` writes none. */
export type LogLevel = (typeof LOG_LEVELS)[number]

/** Facts of an event. Never content of a mail; addresses only through {@link shortenAddress}. */
export type LogFields = Readonly<Record<string, string | number | boolean | null>>

/** Writes events; each call is one line. */
export interface Log {
  debug(event: string, fields?: LogFields): void
  info(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields): void
  error(event: string, fields?: LogFields): void
}

/** A log that writes lines at or above `level`; `now` is in milliseconds. */
export function createLog(level: LogLevel, now: () => number, write: (line: string) => void): Log {
  const least = LOG_LEVELS.indexOf(level)
  const at =
    (name: LogLevel) =>
    (event: string, fields: LogFields = {}) => {
      if (LOG_LEVELS.indexOf(name) < least) return
      write(`${JSON.stringify({ time: new Date(now()).toISOString(), level: name, event, ...fields })}\n`)
    }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

/** A log that says nothing. */
export const SILENT_LOG: Log = createLog('silent', Date.now, () => {})

/** `johnny@example.org` becomes `j…@example.org`: enough to recognise, too little to write to. */
export function shortenAddress(address: string): string {
  const at = address.lastIndexOf('@')
  if (at < 1) return '…'
  return `${[...address][0]}…${clip(address.slice(at), 64)}`
}

/** What went wrong, for a log line: the error's own words, bounded, without line breaks. */
export function describeError(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return clip(text.replaceAll(/\p{Cc}+/gu, ' '), 300)
}

function clip(text: string, maxChars: number): string {
  return text.length <= maxChars ? text : `${text.slice(0, maxChars - 1)}…`
}
