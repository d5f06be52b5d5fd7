/** A wait that may outlast the call that asked for it: looked at from time to time, and taking mail only while somebody is there to get it. */

import type { z } from 'zod'
import type { Answer } from './render.ts'
import type { Call } from './tool.ts'

/** How a tool runs as a task. */
export type LongWaitForm = {
  /** As the tool's own, with the bounds of a task. */
  readonly input: z.ZodObject
  /** Checks the arguments and whether there is anything to wait for. @throws MailError */
  readonly begin: (args: unknown, call: Call) => Promise<LongWait>
}

/** A wait under way. Takes nothing, and asks the store nothing, between two steps. */
export type LongWait = {
  readonly timeoutSeconds: number
  /**
   * Looks, and goes on looking for `seconds` (0: looks once). With `isLast` it answers whatever there is. A step that is aborted leaves nothing taken.
   * @throws MailError
   */
  readonly step: (call: Call, options: { seconds: number; waitedMs: number; isLast: boolean }) => Promise<Step>
  /** No more steps. */
  readonly end: () => void
}

/** What a step came to; `answer` is null while there is none yet. */
export type Step = {
  readonly answer: Answer | null
  /** Makes a message that was taken unread again, for an answer that nobody fetched. */
  readonly giveBack: (() => Promise<void>) | null
}

/** Nothing yet. */
export const NOTHING_YET: Step = { answer: null, giveBack: null }
