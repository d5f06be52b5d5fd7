/** Suggestions while somebody types a resource's name or a prompt's argument. Nothing found is an empty list, never an error. */

import type { CompleteRequestParams, CompleteResult } from '@modelcontextprotocol/server'
import { MailError } from '../errors.ts'
import { MAX_COMPLETIONS } from '../limits.ts'
import type { Page } from '../model.ts'
import type { Office } from './resources.ts'

const NOTHING: Page<string> = { data: [], total: 0 }

/** Values of the argument that begin with what is typed. @throws MailError store_unavailable */
export async function complete(office: Office, { ref, argument, context }: CompleteRequestParams): Promise<CompleteResult> {
  const chosen = context?.arguments ?? {}
  // A template calls the inbox `id`, a prompt calls it `inbox`; both may be an id or an address.
  const inbox = ref.type === 'ref/resource' ? chosen.id : chosen.inbox
  const { data, total } = await suggest(office, argument, { inbox, messageId: chosen.messageId })
  return { completion: { values: data, total, hasMore: total > data.length } }
}

async function suggest(
  { postOffice, agent }: Office,
  { name, value }: { name: string; value: string },
  chosen: { inbox: string | undefined; messageId: string | undefined },
): Promise<Page<string>> {
  if (name === 'id' || name === 'inbox') return postOffice.completeAddresses(agent, value, MAX_COMPLETIONS)
  if (chosen.inbox === undefined) return NOTHING
  try {
    if (name === 'messageId') return await postOffice.completeMessageIds(agent, chosen.inbox, value, MAX_COMPLETIONS)
    if (name !== 'attachmentId' || chosen.messageId === undefined) return NOTHING
    const { message } = await postOffice.peekMessage(agent, chosen.inbox, chosen.messageId)
    const ids = message.attachments.map(({ id }) => id).filter((id) => id.startsWith(value))
    return { data: ids.slice(0, MAX_COMPLETIONS), total: ids.length }
  } catch (error) {
    if (error instanceof MailError && error.httpStatus === 404) return NOTHING
    throw error
  }
}
