/** Params that the SDK's own schemas refuse, told as we tell of arguments: the SDK throws the list of findings as it is, and calls some of them its own failure. */

import { type JSONRPCMessage, ProtocolErrorCode } from '@modelcontextprotocol/server'
import { z } from 'zod'

/** Findings told; params that break more are not read by anybody. */
const MAX_FINDINGS = 3
/** Names are the client's own words, as long as it likes. */
const MAX_PATH_CHARS = 60
/** Longer lists are not looked at: the same client wrote what they repeat. */
const MAX_LIST_CHARS = 20_000
/** Begins what the SDK writes, with or without a sentence before. */
const LIST_START = /^(?:[^[\n]{0,200}: )?(?=\[\n)/u

const Findings = z.array(z.object({ path: z.array(z.union([z.string(), z.number()])), message: z.string() })).min(1)

/**
 * The same message, but for an error that holds a list of findings: that becomes `Invalid params` in one line, the first three named (JSON-RPC 2.0 section 5.1,
 * -32602), whatever code it had.
 */
export function tellRefusedParams(message: JSONRPCMessage): JSONRPCMessage {
  if (!('error' in message)) return message
  const findings = readFindings(message.error.message)
  if (findings === null) return message
  const told = findings.slice(0, MAX_FINDINGS).map(({ path, message: why }) => `${namePath(path)}: ${why}`)
  return {
    ...message,
    error: { ...message.error, code: ProtocolErrorCode.InvalidParams, message: `Invalid params. ${told.join('; ')}` },
  }
}

function readFindings(text: string): z.infer<typeof Findings> | null {
  const start = LIST_START.exec(text)
  if (start === null || text.length > MAX_LIST_CHARS) return null
  try {
    return Findings.safeParse(JSON.parse(text.slice(start[0].length))).data ?? null
  } catch {
    // No list after all: a message of ours, or of another shape.
    return null
  }
}

function namePath(path: readonly (string | number)[]): string {
  const name = path.join('.').replace(/[^\w.$/-]/gu, '?')
  return name.length > MAX_PATH_CHARS ? `${name.slice(0, MAX_PATH_CHARS)}...` : name
}
