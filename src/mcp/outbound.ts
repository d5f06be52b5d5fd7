/** What became of a message of ours, for whoever shows it. */

import type { MessageSummary, SentMessage } from '../model.ts'
import type { PostOffice } from '../post-office.ts'

/** The deliveries of a message; null of one that came in. @throws MailError message_not_found when it has gone meanwhile */
export async function findSent(
  { postOffice, agent }: { postOffice: PostOffice; agent: string },
  { direction, inboxId, id }: Pick<MessageSummary, 'direction' | 'inboxId' | 'id'>,
): Promise<SentMessage | null> {
  return direction === 'outbound' ? postOffice.getSentMessage(agent, inboxId, id) : null
}
