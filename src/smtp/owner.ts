/** Who has the port that we wanted: read the greeting and see whether it names our store. */

import { connect, type Socket } from 'node:net'
import { MAX_SMTP_GREETING_BYTES } from '../limits.ts'
import type { World } from '../world.ts'
import { connectableHost } from './host-port.ts'

/** `ours` another process on the same store, `other_store` an inbox-mcp on another one, `gone` nobody any more. */
export type Owner = 'ours' | 'other_store' | 'other_program' | 'silent' | 'gone'

const GREETING = /^220 \S+ ESMTP inbox-mcp (\S+)\r?\n/

/** The tag of the store in a greeting; undefined when it is not ours. */
export function readGreetingTag(greeting: string): string | undefined {
  return GREETING.exec(greeting)?.[1]
}

/** Which port, and how long the answer may take. */
export type OwnerQuestion = {
  host: string
  port: number
  /** Of our own store. */
  storeTag: string
  deadlineMs: number
  /** Nobody wants to know any more; the answer is `silent`. */
  signal: AbortSignal
  /** Takes over the open connection to an owner that is `ours`, which ends with that process at the latest; else it is closed. */
  onOurs?: (socket: Socket) => void
}

/** Asks the owner of a port. Never rejects; answers within the deadline. */
export function identifyOwner(question: OwnerQuestion, world: World): Promise<Owner> {
  const { promise, resolve } = Promise.withResolvers<Owner>()
  const socket = connect({ host: connectableHost(question.host), port: question.port })
  const giveUp = () => answer('silent')
  const cancel = world.after(question.deadlineMs, giveUp)
  question.signal.addEventListener('abort', giveUp, { once: true })
  let heard = ''
  const answer = (owner: Owner) => {
    cancel()
    question.signal.removeEventListener('abort', giveUp)
    resolve(owner)
    if (owner !== 'ours' || question.onOurs === undefined) {
      socket.destroy()
      return
    }
    socket.off('data', onData).off('close', onClose).resume()
    question.onOurs(socket)
  }
  const onData = (chunk: string) => {
    heard += chunk
    if (!heard.includes('\n') && heard.length < MAX_SMTP_GREETING_BYTES) return
    const tag = readGreetingTag(heard)
    const owner = tag === undefined ? 'other_program' : tag === question.storeTag ? 'ours' : 'other_store'
    if (owner !== 'ours' || question.onOurs === undefined) socket.end('QUIT\r\n')
    answer(owner)
  }
  const onClose = () => answer('other_program')
  socket.setEncoding('latin1')
  socket.on('data', onData)
  socket.on('error', (error: NodeJS.ErrnoException) => answer(error.code === 'ECONNREFUSED' ? 'gone' : 'other_program'))
  socket.on('close', onClose)
  return promise
}
