/** What an agent reads of a wait that brought nothing: what came but was not meant, what was turned away, and how to go on. */

import { MAX_ADDRESS_BYTES, MAX_SHOWN_REFUSALS } from '../limits.ts'
import type { WaitResult } from '../post-office.ts'
import type { World } from '../world.ts'
import { clip, fenceMail, quoteField } from './fence.ts'
import { describePerson, quoteAddress, ROW_FIELD_CHARS, ROW_NAME_CHARS } from './mail-fields.ts'
import { type Answer, count, joinFacts, joinLines, TELL_OWNER } from './render.ts'

type Timeout = Extract<WaitResult, { status: 'timeout' }>
type Miss = Timeout['nearMisses'][number]

/** A time-out; addresses that strangers tried, and what they wrote, stand between the marks, and below `content`. */
export function renderTimeout(result: Timeout, world: World): Answer {
  const { status, cursor, waitedSeconds, nearMisses, lookalikes, notice } = result
  const refusals = result.refusals.slice(-MAX_SHOWN_REFUSALS)
  const looksLike = lookalikes.map(({ address, at, count: tries }) => ({ at, count: tries, content: { address } }))
  return {
    structured: { status, cursor, waitedSeconds, nearMisses: nearMisses.map(structureMiss), refusals, looksLike, notice },
    text: joinLines(
      notice,
      `Timeout: nothing that matches in ${count(waitedSeconds, 'second')}; cursor: ${cursor}. This is no error.`,
      ...describeMisses(nearMisses, world),
      refusals.length === 0 ? null : `Turned away at the door of this address${describeOlder(result.refusals.length)}:`,
      ...refusals.map(({ reason, at }) => `- ${joinFacts({ reason, at })}`),
      ...describeLookalikes(lookalikes, world),
      `Next: ${describeNext(result)}`,
    ),
  }
}

/** What the sender wrote below `content`, cut as in a row of a list. */
function structureMiss({ messageId, seq, failed, fromAddress, fromName, subject }: Miss) {
  return {
    messageId,
    seq,
    failed,
    content: {
      fromAddress: clip(fromAddress, MAX_ADDRESS_BYTES),
      ...(fromName !== null && fromName !== '' && { fromName: clip(fromName, ROW_NAME_CHARS) }),
      subject: clip(subject, ROW_FIELD_CHARS),
    },
  }
}

function describeMisses(nearMisses: readonly Miss[], world: World): string[] {
  if (nearMisses.length === 0) return []
  const rows = nearMisses.map(({ messageId, seq, failed, fromAddress, fromName, subject }) => {
    const wrote = { from: describePerson(fromName, fromAddress), subject: quoteField(subject, ROW_FIELD_CHARS) }
    return `- ${joinFacts({ messageId, seq, failed: failed.join(', '), ...wrote })}`
  })
  const hasRead = nearMisses.some(({ failed }) => failed.includes('read'))
  return [
    'Arrived, but failed these conditions:',
    fenceMail(rows.join('\n'), world),
    ...(hasRead ? ['failed: read is already read: read_message shows it.'] : []),
  ]
}

function describeOlder(refusals: number): string {
  return refusals > MAX_SHOWN_REFUSALS ? `, the newest ${MAX_SHOWN_REFUSALS} of ${refusals}` : ''
}

function describeLookalikes(lookalikes: Timeout['lookalikes'], world: World): string[] {
  if (lookalikes.length === 0) return []
  const rows = lookalikes.map(({ address, at, count: tries }) => {
    return `- ${joinFacts({ to: quoteAddress(address), at, count: tries === 1 ? null : tries })}`
  })
  return [
    'Somebody wrote to what is no inbox and looks like this address. Was this one meant?',
    fenceMail(rows.join('\n'), world),
  ]
}

function describeNext({ cursor, nearMisses, refusals, lookalikes, notice }: Timeout): string {
  const others = 'read_message one of these, call again with looser conditions and the same after, or '
  const again = `wait_for_message again with after ${cursor}`
  const why = refusals.length + lookalikes.length === 0 ? '.' : '; explain_delivery says more of what was turned away.'
  return `${nearMisses.length === 0 ? '' : others}${notice === null ? `${again}${why}` : TELL_OWNER}`
}
