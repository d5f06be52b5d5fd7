/** Lines of a connection, whose end may come at any moment. */

import type { Socket } from 'node:net'
import { createInterface } from 'node:readline'

/** The lines that come in, without their ends. Rejects when the connection breaks while a line is waited for. */
export function readLines(socket: Socket): AsyncIterableIterator<string> {
  const lines = createInterface({ input: socket })
  // The iterator hears of an error first; one that comes when nobody reads any more would end the process.
  lines.on('error', () => {})
  return lines[Symbol.asyncIterator]()
}
