/** What the store and its worker thread say to each other, and how errors and raw bytes get across. */

import { type ErrorCode, type ErrorFacts, MailError } from '../errors.ts'
import { MAX_HANDED_OVER_BYTES } from '../limits.ts'
import { listTextBuffers } from '../mail-text.ts'
import type { Call } from './operations.ts'

/** What a worker is started with. */
export type WorkerData = { file: string }

/** Calls made in one turn of the event loop travel together; the id names the answer. */
export type NumberedCall = Call & { readonly id: number }

/** From the store to its thread; `close` comes last. */
export type ToWorker = { kind: 'calls'; calls: readonly NumberedCall[] } | { kind: 'close' }

/** From the thread to the store. */
export type FromWorker =
  /** The file is open. */
  | { kind: 'opened'; storeId: string }
  /** The file cannot be opened; the worker ends. */
  | { kind: 'refused'; error: WireError }
  /** What was asked. After the last answers the thread ends, because its file is gone: later calls need another thread. */
  | { kind: 'answers'; answers: readonly Answer[]; isLast: boolean }

/** What became of a call. */
export type Answer = { id: number; value: unknown } | { id: number; error: WireError }

/** An error in plain data: a MailError has a code, what is a mistake of ours has a stack. */
export type WireError =
  | { code: ErrorCode; message: string; hint: string; facts: ErrorFacts }
  | { code: null; message: string; stack: string | undefined }

/** An error as plain data. */
export function packError(error: unknown): WireError {
  if (error instanceof MailError) {
    return { code: error.code, message: error.message, hint: error.hint, facts: error.facts }
  }
  if (error instanceof Error) return { code: null, message: `${error.name}: ${error.message}`, stack: error.stack }
  return { code: null, message: String(error), stack: undefined }
}

/** The error again, of the same kind. */
export function unpackError(wire: WireError): Error {
  if (wire.code !== null) return new MailError(wire.code, wire.message, { hint: wire.hint, facts: wire.facts })
  const error = new Error(wire.message)
  if (wire.stack !== undefined) error.stack = wire.stack
  return error
}

/**
 * Calls with their raw mail copied into one buffer, and that buffer, to be transferred. Cloning a view would copy whatever else
 * its buffer holds, often a pool; transferring the caller's own buffer would take it away from the parser, which reads it next. A large mail that is not
 * leased is read by nobody here: it is handed over as it is.
 */
export function packRaw(calls: readonly NumberedCall[]): { calls: readonly NumberedCall[]; transfer: ArrayBuffer[] } {
  const given = calls.flatMap(findGiven)
  const sizeBytes = calls.reduce((sum, call) => sum + (findCopied(call)?.byteLength ?? 0), 0)
  if (sizeBytes === 0) return { calls, transfer: given }
  // Not zeroed first, since every byte is written.
  const { buffer } = Buffer.allocUnsafeSlow(sizeBytes)
  let offset = 0
  const packed = calls.map((call): NumberedCall => {
    const copied = findCopied(call)
    if (copied === null) return call
    const raw = new Uint8Array(buffer, offset, copied.byteLength)
    raw.set(copied)
    offset += raw.byteLength
    return withRaw(call, raw)
  })
  return { calls: packed, transfer: [buffer, ...given] }
}

function findCopied(call: NumberedCall): Uint8Array | null {
  return findGiven(call).length > 0 ? null : findRaw(call)
}

/** The buffers of a mail that need not be copied. */
function findGiven(call: NumberedCall): ArrayBuffer[] {
  if (call.method === 'fileMail') return listTextBuffers(call.args[1])
  if (call.method !== 'acceptMail') return []
  const [{ raw, leaseUntil }] = call.args
  if (leaseUntil > 0 || raw.byteLength <= MAX_HANDED_OVER_BYTES) return []
  return raw.buffer instanceof ArrayBuffer && raw.buffer.byteLength === raw.byteLength ? [raw.buffer] : []
}

function findRaw(call: NumberedCall): Uint8Array | null {
  if (call.method === 'acceptMail') return call.args[0].raw
  return call.method === 'queueMessage' ? call.args[2].raw : null
}

function withRaw(call: NumberedCall, raw: Uint8Array): NumberedCall {
  if (call.method === 'acceptMail') return { ...call, args: [{ ...call.args[0], raw }] }
  if (call.method !== 'queueMessage') return call
  const [agent, ref, mail] = call.args
  return { ...call, args: [agent, ref, { ...mail, raw }] }
}

/** The buffers of raw mail and of texts in an answer that are nobody else's, so that they need not be copied. */
export function findTransfer(value: unknown): ArrayBuffer[] {
  if (Array.isArray(value)) return value.flatMap(findTransfer)
  if (typeof value !== 'object' || value === null) return []
  if (!(value instanceof Uint8Array)) return listHolders(value).flatMap(findTransfer)
  return value.buffer instanceof ArrayBuffer && value.byteLength === value.buffer.byteLength ? [value.buffer] : []
}

/** Gives back at once the memory of what came with a call and nobody else's did; its bytes are gone for whoever has them still. */
export function freeBytes(call: NumberedCall): void {
  const raw = findRaw(call)
  // Small ones that came in one message lie in one buffer, and may still wait.
  const buffers = raw !== null && raw.byteLength === raw.buffer.byteLength ? [raw.buffer] : findGiven(call)
  for (const buffer of buffers) if (buffer instanceof ArrayBuffer && !buffer.detached) buffer.transferToFixedLength(0)
}

/** The bytes of raw mail in an answer that this thread and whoever asked have in common. */
export function countShared(value: unknown): number {
  if (!Array.isArray(value)) return 0
  const buffers = value.flatMap((item) => (item?.raw instanceof Uint8Array ? [item.raw.buffer] : []))
  return buffers.reduce((sum, buffer) => sum + (buffer instanceof SharedArrayBuffer ? buffer.byteLength : 0), 0)
}

/** What of an answer may hold bytes; to look everywhere would cost more for a list than to copy it. */
function listHolders(value: object): unknown[] {
  return [
    'raw' in value ? value.raw : null,
    'message' in value ? value.message : null,
    'bodyText' in value ? value.bodyText : null,
    'bodyHtml' in value ? value.bodyHtml : null,
  ]
}
