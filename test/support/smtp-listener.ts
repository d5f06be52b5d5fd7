/** A listener on a free port with a scripted post office behind it and a clock that the test moves. */

import { readFileSync } from 'node:fs'
import { createLog } from '../../src/log.ts'
import { createListener, type Listener, type ListenerOptions } from '../../src/smtp/listener.ts'
import { ScriptedReceiver } from './smtp-receiver.ts'
import { connectSession, openSession, type SmtpSession } from './smtp-session.ts'
import { TestWorld } from './world.ts'

/** A self-signed certificate for agents.localhost, valid for 100 years; its key is as public as this repository. */
export const TEST_TLS = {
  cert: readFileSync(new URL('./smtp-tls-cert.pem', import.meta.url)),
  key: readFileSync(new URL('./smtp-tls-key.pem', import.meta.url)),
}

/** An address that {@link startListener} knows. */
export const JOHN = 'john@agents.localhost'
export const JANE = 'jane@agents.localhost'

export type TestListener = {
  listener: Listener
  receiver: ScriptedReceiver
  world: TestWorld
  smtpUrl: string
  /** Events of the log, as `level event`, with their facts. */
  logged: Record<string, unknown>[]
  /** Connects and hears the greeting. */
  open(): Promise<SmtpSession>
  /** Connects. */
  connect(): SmtpSession
  close(): Promise<void>
}

export type TestListenerOptions = Partial<Omit<ListenerOptions, 'receiver' | 'world' | 'log'>> & {
  /** Called before it starts. */
  onMade?: (listener: Listener, world: TestWorld) => void
}

/** Receives for John and Jane on a free loopback port. */
export async function startListener({ onMade, ...options }: TestListenerOptions = {}): Promise<TestListener> {
  const receiver = new ScriptedReceiver(JOHN, JANE)
  const world = new TestWorld()
  const logged: Record<string, unknown>[] = []
  const listener = createListener({
    host: '127.0.0.1',
    port: 0,
    domain: 'agents.localhost',
    storeTag: 'store-a',
    maxMessageBytes: 1_000_000,
    tls: null,
    receiver,
    log: createLog('debug', world.now, (line) => logged.push(JSON.parse(line))),
    world,
    ...options,
    // A test of the room for mail need not think of small mail, which is all that tests send.
    limits: { reservedInflightBytes: 0, ...options.limits },
  })
  onMade?.(listener, world)
  const status = await listener.start()
  const smtpUrl = status.state === 'listening' ? status.smtpUrl : ''
  const sessions: SmtpSession[] = []
  const keep = (session: SmtpSession) => {
    sessions.push(session)
    return session
  }
  return {
    listener,
    receiver,
    world,
    smtpUrl,
    logged,
    open: async () => keep(await openSession(smtpUrl)),
    connect: () => keep(connectSession(smtpUrl)),
    close: async () => {
      for (const session of sessions) session.socket.destroy()
      const closed = listener.close()
      // Whoever the test left in the middle of a message is not waited for.
      world.advance(60_000)
      await closed
    },
  }
}

/** Lets the event loop turn until something is so; the test's own time-out is the bound. */
export async function turnUntil(isMet: () => boolean): Promise<void> {
  while (!isMet()) await new Promise((resolve) => setImmediate(resolve))
}
