/** Who is at the SMTP port, for the owner who asks: nobody is kept from taking it. */

import { connect, createServer } from 'node:net'
import { MAX_SMTP_GREETING_BYTES } from '../limits.ts'
import type { PortInspection } from '../owner/doctor.ts'
import type { World } from '../world.ts'
import { connectableHost } from './host-port.ts'
import { readGreetingTag } from './owner.ts'
import { describeBindError } from './takeover.ts'

/** Which port, and how long whoever has it may take to greet. */
export type PortQuestion = {
  host: string
  port: number
  /** Of our own store; null where there is none yet. */
  storeTag: string | null
  deadlineMs: number
}

/** Asks whoever is there; where nobody is, sees whether it could be taken. Never rejects. */
export async function inspectPort(question: PortQuestion, world: World): Promise<PortInspection> {
  const heard = await hearGreeting(question, world)
  if (heard === 'nobody') return await tryBind(question)
  if (heard === 'silent') return { state: 'silent' }
  const tag = readGreetingTag(heard.greeting)
  if (tag === undefined) return { state: 'other_program', greeting: heard.greeting }
  return tag === question.storeTag ? { state: 'ours' } : { state: 'other_store', greeting: heard.greeting }
}

function hearGreeting(
  { host, port, deadlineMs }: PortQuestion,
  world: World,
): Promise<'nobody' | 'silent' | { greeting: string }> {
  const { promise, resolve } = Promise.withResolvers<'nobody' | 'silent' | { greeting: string }>()
  const socket = connect({ host: connectableHost(host), port })
  const answer = (what: 'nobody' | 'silent' | { greeting: string }) => {
    cancel()
    resolve(what)
    socket.destroy()
  }
  const cancel = world.after(deadlineMs, () => answer('silent'))
  let heard = ''
  let isConnected = false
  socket.setEncoding('latin1')
  socket.on('connect', () => {
    isConnected = true
  })
  socket.on('data', (chunk: string) => {
    heard += chunk
    if (!heard.includes('\n') && heard.length < MAX_SMTP_GREETING_BYTES) return
    socket.end('QUIT\r\n')
    answer({ greeting: heard.slice(0, MAX_SMTP_GREETING_BYTES) })
  })
  socket.on('error', () => answer(isConnected ? { greeting: heard } : 'nobody'))
  socket.on('close', () => answer({ greeting: heard }))
  return promise
}

/** For a moment only; a server that would take the port just then tries again half a second later. */
function tryBind({ host, port }: PortQuestion): Promise<PortInspection> {
  const { promise, resolve } = Promise.withResolvers<PortInspection>()
  const server = createServer()
  server.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE') resolve({ state: 'silent' })
    else resolve({ state: 'unusable', why: describeBindError(error) })
  })
  server.listen({ host, port, exclusive: true }, () => server.close(() => resolve({ state: 'free' })))
  return promise
}
