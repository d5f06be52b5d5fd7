/** The tool for attachments, and how one is read as text. */

import { z } from 'zod'
import { MAX_FILENAME_CHARS } from '../limits.ts'
import { Id, InboxArgument, MessageId } from './common-arguments.ts'
import { renderSaved } from './render-attachment.ts'
import { defineTool } from './tool.ts'

// It changes no mail, but makes a file on the owner's machine: a read-only server makes nothing. Text is read all the same, and resources are.
export const saveAttachment = defineTool({
  name: 'save_attachment',
  title: 'Save attachment',
  description:
    'Writes an attachment to a file in the download directory, under a safe name, over nothing, and never opens it. Returns size, sha256, sniffedType, typesDisagree (it is not what the mail says) and content.path. For a text use read_message with attachmentId.',
  hints: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  changes: true,
  input: z.strictObject({
    inbox: InboxArgument,
    messageId: MessageId,
    attachmentId: Id,
    filename: z.string().min(1).max(MAX_FILENAME_CHARS).optional().describe("Instead of the sender's"),
  }),
  run: async ({ inbox, messageId, attachmentId, filename }, { postOffice, agent, world }) =>
    renderSaved(await postOffice.saveAttachment(agent, inbox, messageId, attachmentId, filename), world),
})
