/** The one place where what a handler throws becomes an error of the protocol. */

import { ProtocolError, ProtocolErrorCode, type ServerContext } from '@modelcontextprotocol/server'
import type { Log } from '../log.ts'
import { maskError } from './tool.ts'

/** Puts a handler behind that place. */
export type Guard = <Asked, Answered>(
  deed: (request: Asked, ctx: ServerContext) => Answered | Promise<Answered>,
) => (request: Asked, ctx: ServerContext) => Promise<Answered>

/** `onRequest` is called before each request is looked at. */
export function guardWith(log: Log, onRequest: () => void): Guard {
  return (deed) => async (request, ctx) => {
    onRequest()
    try {
      return await deed(request, ctx)
    } catch (error) {
      if (error instanceof ProtocolError || ctx.mcpReq.signal.aborted) throw error
      const { code, message, hint, httpStatus } = maskError(error, ctx.mcpReq.method, log)
      const kind = httpStatus < 500 ? ProtocolErrorCode.InvalidParams : ProtocolErrorCode.InternalError
      throw new ProtocolError(kind, `${message} ${hint}`, { code })
    }
  }
}
