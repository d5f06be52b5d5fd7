/** Whether a relay is ready for mail: connects, encrypts and signs in as for a message, and then leaves. */

import { MAX_RELAY_REPLY_BYTES, RELAY_SETUP_DEADLINE_MS } from '../limits.ts'
import type { RelayInspection } from '../owner/doctor.ts'
import type { World } from '../world.ts'
import { RelayConnection } from './relay-connection.ts'
import { type Dial, dialRelay } from './relay-dial.ts'
import { RelayFailure } from './relay-failure.ts'
import { parseRelayUrl } from './relay-target.ts'

/** What is asked, and how; a test dials elsewhere and trusts another certificate. */
export type RelayQuestion = { url: string; clientName: string; world: World; dial?: Dial; ca?: string; deadlineMs?: number }

/** Sends nothing. @throws MailError invalid_argument when the URL is no good */
export async function inspectRelay(question: RelayQuestion): Promise<RelayInspection> {
  const { url, clientName, world, dial = dialRelay, ca = null, deadlineMs = RELAY_SETUP_DEADLINE_MS } = question
  const target = parseRelayUrl(url)
  const parts = {
    target,
    dial,
    world,
    clientName,
    ca,
    setupDeadlineMs: deadlineMs,
    deadlineMs,
    maxReplyBytes: MAX_RELAY_REPLY_BYTES,
  }
  try {
    const connection = await RelayConnection.open(parts, new AbortController().signal)
    const { isEncrypted } = connection
    connection.quit()
    return { isReady: true, isSignedIn: target.credentials !== null, isEncrypted }
  } catch (error) {
    if (error instanceof RelayFailure) return { isReady: false, why: error.message }
    throw error
  }
}
