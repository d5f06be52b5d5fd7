/** What an agent reads of a wait that brought nothing: what came but was not meant, what was turned away, and how to go on. */

import { MAX_SHOWN_REFUSALS } from '../limits.ts'
import type { WaitResult } from '../post-office.ts'
import type { World } from '../world.ts'
import { fenceMail } from './fence.ts'
import { quoteAddress } from './mail-fields.ts'
import { type Answer, count, joinFacts, joinLines, TELL_OWNER } from './render.ts'

type Timeout = Extract<WaitResult, { status: 'timeout' }>

/** A time-out; addresses that strangers tried stand between the marks, and below `content`. */
export function renderTimeout(result: Timeout, world: World): Answer {
  const { status, cursor, waitedSeconds, nearMisses, lookalikes, notice } = result
  const refusals = result.refusals.slice(-MAX_SHOWN_REFUSALS)
  const looksLike = lookalikes.map(({ address, at, count: tries }) => ({ at, count: tries, content: { address } }))
  const missed = nearMisses.map(({ messageId, seq, failed }) => `- ${joinFacts({ messageId, seq, failed: failed.join(', ') })}`)
  return {
    structured: { status, cursor, waitedSeconds, nearMisses, refusals, looksLike, notice },
    text: joinLines(
      notice,
      `Timeout: nothing that matches in ${count(waitedSeconds, 'second')}; cursor: ${cursor}. This is no error.`,
      missed.length === 0 ? null : 'Arrived, but failed these conditions:',
      ...missed,
      refusals.length === 0 ? null : `Turned away at the door of this address${describeOlder(result.refusals.length)}:`,
      ...refusals.map(({ reason, at }) => `- ${joinFacts({ reason, at })}`),
      ...describeLookalikes(lookalikes, world),
      `Next: ${describeNext(result)}`,
    ),
  }
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
