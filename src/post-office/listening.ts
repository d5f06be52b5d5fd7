/** What the operations need to know of the SMTP listener: where mail is received, and why not. */

import type { ListenerStatus } from '../receiver.ts'

/** The listener as the operations see it. */
export type Listening = {
  status(): ListenerStatus
  /** Begins to listen if nobody has yet; resolves once the first attempt to bind has ended, well or badly. */
  settled(): Promise<void>
}

/** Where mail is received; null while it is not. */
export function describeSmtpUrl(status: ListenerStatus): string | null {
  return status.state === 'listening' || status.state === 'elsewhere' ? status.smtpUrl : null
}

/** Why no mail can come, in one line; null when it can. */
export function describeTrouble(status: ListenerStatus): string | null {
  return status.state === 'blocked' ? status.problem : null
}
