/** What all sessions of one listener share. */

import type { Log } from '../log.ts'
import type { Receiver } from '../receiver.ts'
import type { World } from '../world.ts'
import type { Admission } from './admission.ts'
import type { SmtpBounds } from './bounds.ts'
import type { Inflight } from './inflight.ts'

/** One for each listener. */
export type SmtpContext = {
  /** What the listener calls itself, and where a bare `postmaster` is. */
  readonly domain: string
  readonly maxMessageBytes: number
  readonly receiver: Receiver
  readonly log: Log
  readonly world: World
  readonly bounds: SmtpBounds
  readonly admission: Admission
  readonly inflight: Inflight
  /** The listener is closing: messages may be finished, nothing may be begun. */
  isClosing(): boolean
}
