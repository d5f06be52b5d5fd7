/** Arguments that several tools take, each described once. */

import { z } from 'zod'
import { MAX_ADDRESS_BYTES, MAX_CURSOR, MAX_ID_CHARS } from '../limits.ts'

/** An inbox as every tool takes it. */
export const InboxArgument = z.string().min(1).max(MAX_ADDRESS_BYTES).describe('Inbox id or address')

/** An id that one of our answers named. */
export const Id = z.string().min(1).max(MAX_ID_CHARS)

/** A message of the inbox named beside it. */
export const MessageId = Id.describe('Message id')

/** A cursor that one of our answers gave. */
export const Cursor = z.number().int().min(0).max(MAX_CURSOR)
