/** wait_for_message in steps, for a task. Between them a ring says whether there is anything to look at. */

import type { Ring } from '../arrivals.ts'
import { TASK_QUIET_LOOK_INTERVAL_MS } from '../limits.ts'
import type { MessageFilter } from '../store.ts'
import type { World } from '../world.ts'
import { parseArguments } from './arguments.ts'
import { type LongWait, NOTHING_YET, type Step } from './long-wait.ts'
import { renderWait } from './render-mail.ts'
import { renderNews } from './render-sent.ts'
import type { Call } from './tool.ts'
import { findWanted, LongInput } from './waiting-input.ts'

/** Begins the wait; the first step is to follow at once. @throws MailError invalid_argument, inbox_not_found */
export async function beginLongWait(args: unknown, call: Call): Promise<LongWait> {
  const input = parseArguments('wait_for_message', LongInput, args)
  const wanted = findWanted(input)
  const { postOffice, agent } = call
  const { id } = await postOffice.getInbox(agent, input.inbox)
  const look = 'filter' in wanted ? lookForMail(id, { ...input, ...wanted }) : lookForNews(id, { ...input, ...wanted })
  const bell = new Bell(call.world)
  const end = postOffice.watchInbox(id, (ring) => bell.ring(ring))
  return {
    timeoutSeconds: input.timeoutSeconds,
    step: async (stepCall, options) => {
      if (!options.isLast && options.seconds === 0 && !bell.isDue) return NOTHING_YET
      const isChanged = bell.take()
      try {
        return await look(stepCall, { ...options, isWhole: options.isLast || isChanged })
      } catch (error) {
        // It may have ended before it saw what there is.
        bell.ring('change')
        throw error
      }
    },
    end,
  }
}

/** `isWhole`: from the beginning, because something that was passed over may match by now. */
type LookOptions = { seconds: number; waitedMs: number; isLast: boolean; isWhole: boolean }
type Look = (call: Call, options: LookOptions) => Promise<Step>

function lookForMail(inboxId: string, { filter, after }: { filter: MessageFilter; after: number }): Look {
  // What was looked at without a match is looked at again only after a change.
  let scannedTo = after
  return async (stepCall, { seconds, waitedMs, isLast, isWhole }) => {
    const { postOffice, agent, signal } = stepCall
    const input = {
      filter,
      after: isWhole ? after : scannedTo,
      timeoutSeconds: seconds,
      part: { waitedBeforeMs: waitedMs, isLast },
    }
    const result = await postOffice.waitForMessage(agent, inboxId, input, { signal })
    if (result.status === 'received') {
      const { id } = result.reading.message
      return { answer: renderWait(result, stepCall), giveBack: () => postOffice.giveBackMessage(agent, inboxId, id) }
    }
    scannedTo = Math.max(scannedTo, result.cursor)
    return isLast ? { answer: renderWait(result, stepCall), giveBack: null } : NOTHING_YET
  }
}

/** News is not taken: whoever asks gets it. */
function lookForNews(inboxId: string, { messageId, after }: { messageId: string; after: number }): Look {
  return async ({ postOffice, agent, signal }, { seconds, waitedMs, isLast }) => {
    const result = await postOffice.waitForDelivery(agent, inboxId, { messageId, after, timeoutSeconds: seconds }, { signal })
    if (result.status === 'timeout' && !isLast) return NOTHING_YET
    const waitedSeconds = result.waitedSeconds + Math.floor(waitedMs / 1_000)
    return { answer: renderNews({ ...result, waitedSeconds }), giveBack: null }
  }
}

/** Whether anything happened since the last look. */
class Bell {
  readonly #world: World
  #hasRung = true
  #hasChanged = false
  #lookedMs = 0

  constructor(world: World) {
    this.#world = world
  }

  ring(ring: Ring): void {
    this.#hasRung = true
    if (ring === 'change') this.#hasChanged = true
  }

  get isDue(): boolean {
    return this.#hasRung || this.#world.elapsedMs() - this.#lookedMs >= TASK_QUIET_LOOK_INTERVAL_MS
  }

  /** Before a look; answers whether what was there already has changed. */
  take(): boolean {
    const hasChanged = this.#hasChanged
    this.#hasRung = false
    this.#hasChanged = false
    this.#lookedMs = this.#world.elapsedMs()
    return hasChanged
  }
}
