/** The tools for threads: messages that answer each other. */

import { z } from 'zod'
import { PageRequest } from '../model.ts'
import { Id, InboxArgument } from './common-arguments.ts'
import { renderThread, renderThreads } from './render-lists.ts'
import { defineTool } from './tool.ts'

export const listThreads = defineTool({
  name: 'list_threads',
  title: 'List threads',
  description:
    'Lists the threads of an inbox, the one with the newest message first. For single messages use list_messages. Returns data and total. Next: read_thread.',
  hints: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  changes: false,
  input: z.strictObject({ inbox: InboxArgument, ...PageRequest.shape }),
  run: async ({ inbox, ...page }, { postOffice, agent, world }) =>
    renderThreads(await postOffice.listThreads(agent, inbox, page), page.offset, world),
})

export const readThread = defineTool({
  name: 'read_thread',
  title: 'Read thread',
  description:
    'Lists the messages of one thread, received and sent, oldest first, without bodies. Returns thread, data and total. Next: read_message.',
  hints: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  changes: false,
  input: z.strictObject({
    inbox: InboxArgument,
    threadId: Id.describe('threadId of a message'),
    ...PageRequest.shape,
  }),
  run: async ({ inbox, threadId, ...page }, { postOffice, agent, world }) =>
    renderThread(await postOffice.getThread(agent, inbox, threadId, page), page.offset, world),
})
