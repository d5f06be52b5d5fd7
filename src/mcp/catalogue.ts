/** Every tool an agent can be given, by set, in the order it is shown. Adding a tool is adding it here. */

import { saveAttachment } from './attachments.ts'
import { addDomain, deleteDomain, listDomains, verifyDomain } from './domains.ts'
import { explainDelivery } from './explaining.ts'
import { checkQuota, createInbox, deleteInbox, listInboxes } from './inboxes.ts'
import { deleteMessage, listMessages, readMessage, updateMessage } from './messages.ts'
import { replyToMessage, sendMessage } from './sending.ts'
import { listThreads, readThread } from './threads.ts'
import type { AnyTool } from './tool.ts'
import { waitForMessage } from './waiting.ts'

/** The sets that `--toolsets` may name. */
export const TOOLSETS = {
  inboxes: [createInbox, listInboxes, deleteInbox, checkQuota],
  messages: [
    listMessages,
    readMessage,
    waitForMessage,
    saveAttachment,
    listThreads,
    readThread,
    updateMessage,
    deleteMessage,
    explainDelivery,
  ],
  sending: [sendMessage, replyToMessage],
  domains: [addDomain, listDomains, verifyDomain, deleteDomain],
} as const satisfies Record<string, readonly AnyTool[]>

/** The tools of these sets, in the catalogue's order whatever the order of the names. @throws RangeError on an unknown name */
export function selectTools(names: readonly string[]): readonly AnyTool[] {
  const unknown = names.find((name) => !Object.hasOwn(TOOLSETS, name))
  if (unknown !== undefined) throw new RangeError(`Unknown tool set ${unknown}; there are ${Object.keys(TOOLSETS).join(', ')}.`)
  return Object.entries(TOOLSETS).flatMap(([name, tools]) => (names.includes(name) ? tools : []))
}

/** Names of the tools of every set that are not among these. */
export function listWithheld(offered: ReadonlySet<string>): ReadonlySet<string> {
  const names = Object.values(TOOLSETS).flatMap((tools) => tools.map(({ name }) => name))
  return new Set(names.filter((name) => !offered.has(name)))
}

/** Those of the tools that a server shows: a read-only one keeps back whatever changes something. */
export function offerTools(tools: readonly AnyTool[], isReadOnly: boolean): readonly AnyTool[] {
  return isReadOnly ? tools.filter(({ changes }) => !changes) : tools
}
