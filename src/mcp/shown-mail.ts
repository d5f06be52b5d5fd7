/** Which inbox's new mail an answer shows anyway, so that no notice repeats it. */

import { z } from 'zod'
import type { Answer } from './render.ts'

/** An inbox, by id or address in lower case, and up to which `seq` the client now knows it; undefined when it knows a part. */
export type Shown = { readonly inbox: string; readonly upTo: number | undefined }

const Explained = z.object({ inbox: z.object({ id: z.string(), cursor: z.number() }) })
const Asked = z.object({
  inbox: z.string(),
  query: z.string().optional(),
  offset: z.number().optional(),
  for: z.string().optional(),
})
const Answered = z.object({ cursor: z.number(), status: z.string().optional() })

/** Null for an answer that shows no new mail. */
export function readShown(tool: string, args: unknown, { structured }: Answer): Shown | null {
  if (tool === 'explain_delivery') {
    const inbox = Explained.safeParse(structured).data?.inbox
    return inbox === undefined ? null : { inbox: inbox.id, upTo: inbox.cursor }
  }
  if (tool !== 'list_messages' && tool !== 'wait_for_message') return null
  const asked = Asked.safeParse(args).data
  const answered = Answered.safeParse(structured).data
  if (asked === undefined || answered === undefined) return null
  // A search, or a page further down, shows other mail.
  if (asked.query !== undefined || (asked.offset ?? 0) > 0) return null
  const isPart = tool === 'wait_for_message' && answered.status !== 'timeout'
  return { inbox: asked.inbox.toLowerCase(), upTo: isPart ? undefined : answered.cursor }
}
