/** Names of resources. The authority is empty and ids are in the path, because some clients compare only the path. */

import { ResourceNotFoundError } from '@modelcontextprotocol/server'
import { clip } from './fence.ts'

/** So much of a URI that names nothing is shown back, in UTF-16 units: the longest of ours fits, and no request can flood who sent it. */
const MAX_SHOWN_URI_CHARS = 500

/** What a resource URI points at; `inbox` is an id or an address, as everywhere. */
export type Target =
  | { kind: 'status' }
  | { kind: 'inbox'; inbox: string }
  | { kind: 'messages'; inbox: string }
  | { kind: 'message'; inbox: string; messageId: string }
  | { kind: 'raw'; inbox: string; messageId: string }
  | { kind: 'attachment'; inbox: string; messageId: string; attachmentId: string }

/** The URI of what this server is and whether it works. */
export const STATUS_URI = 'inbox:///status'

/** The URI of an inbox. */
export function inboxUri(id: string): string {
  return `inbox:///${id}`
}

/** The URI of a message. */
export function messageUri({ inboxId, id }: { inboxId: string; id: string }): string {
  return `${inboxUri(inboxId)}/messages/${id}`
}

/** Templates (RFC 6570) of everything but the status, by the kind of what they name. */
export const TEMPLATES = {
  inbox: 'inbox:///{id}',
  messages: 'inbox:///{id}/messages',
  message: 'inbox:///{id}/messages/{messageId}',
  raw: 'inbox:///{id}/messages/{messageId}/raw',
  attachment: 'inbox:///{id}/messages/{messageId}/attachments/{attachmentId}',
} as const

/** The error for a URI that names nothing of this agent's. */
export function resourceNotFound(uri: string): ResourceNotFoundError {
  return new ResourceNotFoundError(clip(uri, MAX_SHOWN_URI_CHARS))
}

/** Reads a URI; null for one that no resource has. Path segments are percent-decoded: clients differ in what they encode. */
export function parseUri(uri: string): Target | null {
  const path = /^inbox:\/\/\/([^?#]+)$/u.exec(uri)?.[1]
  if (path === undefined) return null
  const segments = path.split('/').map(decodeSegment)
  if (segments.includes('')) return null
  const [inbox = '', messages, messageId, part, attachmentId, ...rest] = segments
  if (rest.length > 0 || (messages !== undefined && messages !== 'messages')) return null
  if (messages === undefined) return inbox === 'status' ? { kind: 'status' } : { kind: 'inbox', inbox }
  if (messageId === undefined) return { kind: 'messages', inbox }
  if (part === undefined) return { kind: 'message', inbox, messageId }
  if (part === 'raw' && attachmentId === undefined) return { kind: 'raw', inbox, messageId }
  if (part === 'attachments' && attachmentId !== undefined) return { kind: 'attachment', inbox, messageId, attachmentId }
  return null
}

/** Empty for what is no valid encoding. */
function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return ''
  }
}
