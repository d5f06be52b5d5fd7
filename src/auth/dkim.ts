/** DKIM (RFC 6376): some of the signatures of a message, verified by mailauth. */

import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { DkimVerifier, type HeaderField, type Headers } from 'mailauth/lib/dkim/dkim-verifier.js'
import type { AuthVerdict } from '../sender-check.ts'
import type { Lookups } from './dns.ts'
import { canonicalName, isAligned } from './domains.ts'
import { type Header, normaliseLineEnds } from './header.ts'
import { BODY_CHUNK_BYTES, MAX_SIGNATURES } from './limits.ts'
import { asVerdict } from './verdicts.ts'

/** What the signatures say, and what the verifier read in the header. */
export type DkimFindings = {
  verdict: AuthVerdict
  /** Signing domains whose signature holds for the whole body. */
  passed: readonly string[]
  /** The addresses of every From field. */
  fromAddresses: readonly string[]
  fromFields: number
}

/** From the one that counts most when several signatures were verified: one that holds is enough (RFC 6376 section 6.1). */
const BY_WEIGHT: readonly AuthVerdict[] = ['pass', 'temperror', 'fail', 'permerror', 'neutral']

/** A signature may ask for a hash of its own of the whole body, and each costs a question: so only some are looked at. */
class BoundedVerifier extends DkimVerifier {
  fromDomain: string | null = null

  override async messageHeaders(headers: Headers): Promise<void> {
    const chosen = chooseSignatures(headers.parsed, this.fromDomain)
    const parsed = headers.parsed.filter((field) => {
      // ARC says whom others believed; nobody asked.
      if (field.key?.startsWith('arc-')) return false
      return field.key !== 'dkim-signature' || chosen.has(field)
    })
    await super.messageHeaders({ ...headers, parsed })
    // A signature may cover those that are not looked at.
    this.headers = headers
  }
}

/** Verifies what a message is signed with. What DNS cannot answer is a temperror; never rejects because of the mail. */
export async function verifySignatures(
  raw: Uint8Array,
  header: Header,
  lookups: Pick<Lookups, 'resolve' | 'isOver'>,
  { fromDomain, receivedAt }: { fromDomain: string | null; receivedAt: number },
): Promise<DkimFindings> {
  // A signature that has run out since held when the mail came.
  const options = { resolver: lookups.resolve, sender: '<>', strict: true, curTime: new Date(receivedAt) }
  const verifier = new BoundedVerifier(options)
  verifier.fromDomain = fromDomain
  const isSigned = header.fields.some(({ name }) => name === 'dkim-signature')
  const pieces = cutMessage(raw, header, isSigned)
  await pipeline(Readable.from(takeInTime(pieces, lookups)), verifier)
  const isWhole = pieces.next().done === true
  const results = verifier.results.map(({ signingDomain, status }) => ({ domain: signingDomain ?? '', verdict: judge(status) }))
  return {
    verdict: isWhole ? (BY_WEIGHT.find((word) => results.some(({ verdict }) => verdict === word)) ?? 'none') : 'temperror',
    passed: !isWhole ? [] : results.filter(({ verdict }) => verdict === 'pass').map(({ domain }) => domain),
    fromAddresses: verifier.headerFrom,
    fromFields: verifier.fromFields,
  }
}

/** Stops when the time of the check is over: a large body on a busy machine must not cost the verdict of SPF too. */
function* takeInTime(pieces: Generator<Buffer>, lookups: Pick<Lookups, 'isOver'>): Generator<Buffer> {
  for (let piece = pieces.next(); !piece.done; piece = pieces.next()) {
    yield piece.value
    if (lookups.isOver) return
  }
}

/** Those of the From domain first: a forwarder, or a forger, may have put any number before them. */
function chooseSignatures(fields: readonly HeaderField[], fromDomain: string | null): ReadonlySet<HeaderField> {
  const signatures = fields.filter(({ key }) => key === 'dkim-signature')
  const isOwn = (field: HeaderField) => {
    const domain = canonicalName(/[;:]\s*d\s*=\s*([^\s;]{1,255})/i.exec(field.line.toString('latin1'))?.[1] ?? '')
    return fromDomain !== null && domain !== null && isAligned(fromDomain, domain)
  }
  const own = signatures.filter(isOwn)
  return new Set([...own, ...signatures.filter((field) => !own.includes(field))].slice(0, MAX_SIGNATURES))
}

/** `l=` lets anybody add to a body what the signer never saw (RFC 6376 section 8.2): such a signature says nothing of what is read. */
function judge({ result, underSized = 0 }: { result: string; underSized?: number }): AuthVerdict {
  return result === 'pass' && underSized > 0 ? 'neutral' : asVerdict(result)
}

function* cutMessage(raw: Uint8Array, header: Header, isSigned: boolean): Generator<Buffer> {
  yield asBuffer(header.bytes)
  // Without a signature nothing is said of the body.
  if (!isSigned) return
  const body = normaliseLineEnds(raw.subarray(header.bodyStart))
  for (let at = 0; at < body.length; at += BODY_CHUNK_BYTES) yield asBuffer(body.subarray(at, at + BODY_CHUNK_BYTES))
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
