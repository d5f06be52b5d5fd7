/** The tools for inboxes. */

import { z } from 'zod'
import {
  MAX_ADDRESS_BYTES,
  MAX_DISPLAY_NAME_CHARS,
  MAX_ID_CHARS,
  MAX_IDEMPOTENCY_KEY_CHARS,
  MAX_LOCAL_PART_BYTES,
  MAX_QUOTA_SENDS,
} from '../limits.ts'
import { PageRequest } from '../model.ts'
import { InboxArgument } from './common-arguments.ts'
import { confirmDeletion, WORDS } from './confirmation.ts'
import { renderCreated, renderDeleted, renderInboxes, renderKept, renderQuota } from './render.ts'
import { defineTool } from './tool.ts'

export const createInbox = defineTool({
  name: 'create_inbox',
  title: 'Create inbox',
  description:
    'Makes a new e-mail address that receives real mail. Make one for each sign-up or task rather than sharing; list_inboxes shows those you have. Returns the inbox, smtpUrl, cursor and, while no mail can come, a notice. Next: give the address away, then wait_for_message with after = cursor.',
  hints: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  changes: true,
  input: z.strictObject({
    displayName: z.string().min(1).max(MAX_DISPLAY_NAME_CHARS).optional().describe('Name shown to recipients'),
    domainId: z.string().min(1).max(MAX_ID_CHARS).optional().describe('Own domain; default: the server domain'),
    localPart: z.string().min(1).max(MAX_LOCAL_PART_BYTES).optional().describe('Part before @; default: a free readable one'),
    idempotencyKey: z
      .string()
      .min(1)
      .max(MAX_IDEMPOTENCY_KEY_CHARS)
      .optional()
      .describe('Same key and arguments: the same inbox'),
  }),
  run: async (args, call) => renderCreated(await call.postOffice.createInbox(call.agent, args), call),
})

export const listInboxes = defineTool({
  name: 'list_inboxes',
  title: 'List inboxes',
  description:
    'Lists your inboxes, newest first, to find one to use again. Shows no mail: use list_messages. Returns data and total.',
  hints: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  changes: false,
  input: z.strictObject(PageRequest.shape),
  run: async (page, { postOffice, agent }) => renderInboxes(await postOffice.listInboxes(agent, page), page.offset),
})

export const deleteInbox = defineTool({
  name: 'delete_inbox',
  title: 'Delete inbox',
  description:
    'Deletes an inbox and all its mail for good; cannot be undone. To remove one message use delete_message. Returns what was deleted. The address can be created again at once.',
  hints: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  changes: true,
  input: z.strictObject({
    inbox: InboxArgument,
    confirm: z
      .string()
      .min(1)
      .max(MAX_ADDRESS_BYTES)
      .optional()
      .describe('The inbox address; needed where the client cannot ask the user'),
  }),
  run: async ({ inbox: ref, confirm }, call) => {
    const inbox = await call.postOffice.getInbox(call.agent, ref)
    const confirmation = confirmDeletion({ id: inbox.id, name: inbox.address, words: WORDS.inbox }, confirm, call)
    if (confirmation.kind === 'open') return confirmation
    if (confirmation.kind === 'kept') return renderKept(inbox, confirmation.answer)
    return renderDeleted(await call.postOffice.deleteInbox(call.agent, inbox.id))
  },
})

export const checkQuota = defineTool({
  name: 'check_quota',
  title: 'Check quota',
  description:
    'Tells how many messages an inbox may still send today, and with sends whether that many more fit. Call before a batch; receiving has no quota. Returns remaining, resetsAt, canSend, bounce and complaint counts, and fits.',
  hints: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  changes: false,
  input: z.strictObject({
    inbox: InboxArgument,
    sends: z.number().int().min(1).max(MAX_QUOTA_SENDS).optional().describe('Planned messages'),
  }),
  run: async ({ inbox, sends }, { postOffice, agent }) => renderQuota(await postOffice.checkQuota(agent, inbox), sends),
})
