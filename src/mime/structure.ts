/** The tree of parts of a message, also of one that the parser refuses. */

import { MAX_ATTACHMENTS } from '../limits.ts'
import type { HeaderBlock } from './header/headers.ts'
import { type Part, readParts, type Wanted } from './leaves.ts'
import { settleRoles } from './roles.ts'

/** A tree as far as it could be read, and why not further. */
export type Structure = { readonly root: Part; readonly problems: readonly string[] }

const NOTHING: Part = { kind: 'branch', contentType: 'multipart/mixed', params: {}, contentId: null, children: [] }
const NO_HEADER = Buffer.from('\r\n')
const CR = 0x0d
/** The parser's code for every bound of its own. */
const REFUSED = 'EMAXLEN'

/**
 * Reads the parts of a message; `wanted` as in {@link readParts}. The same message answers the same parts each time.
 * @throws what the parser throws for another reason than its bounds
 */
export async function readStructure(raw: Buffer, block: HeaderBlock, wanted: Wanted | null): Promise<Structure> {
  const { root, problems } = await readTree(raw, block, wanted)
  const settled = settleRoles(root)
  return { root: settled.root, problems: [...problems, ...settled.problems] }
}

async function readTree(raw: Buffer, block: HeaderBlock, wanted: Wanted | null): Promise<Structure> {
  const body = raw.subarray(block.bodyStart)
  const root = await readUnlessRefused(block.mimeHeader, body, wanted)
  if (root === null) return readBeginning(block.mimeHeader, body, wanted)
  if (root.kind === 'leaf' || hasLeaf(root)) return { root, problems: hasEmptyBranch(root) ? [LEFT_OUT] : [] }
  // It says that it has parts, and none is there: what is there instead is shown as it stands, so that nothing is lost.
  const text = await readUnlessRefused(NO_HEADER, body, wanted)
  return {
    root: text ?? NOTHING,
    problems: body.length === 0 ? [] : ['The message has none of the parts it announces; its body was read as text.'],
  }
}

const LEFT_OUT = 'A part of the message has none of the parts it announces and is left out.'

async function readBeginning(mimeHeader: Buffer, body: Buffer, wanted: Wanted | null): Promise<Structure> {
  const root = await readUnlessRefused(mimeHeader, body.subarray(0, findTooManyParts(body)), wanted)
  if (root === null) return { root: NOTHING, problems: ['The body has a part that is too large to be read.'] }
  return { root, problems: [`The message has too many parts; only the first ${MAX_ATTACHMENTS} or fewer were read.`] }
}

/**
 * Where a body must be cut to have few enough parts: before the line end of a line that begins with two hyphens, for that line end belongs to
 * the boundary (RFC 2046 section 5.1.1).
 */
function findTooManyParts(body: Buffer): number {
  let lineEnd = -1
  for (let lines = 0; lines < MAX_ATTACHMENTS - 1; lines++) {
    lineEnd = body.indexOf('\n--', lineEnd + 1, 'latin1')
    if (lineEnd < 0) return body.length
  }
  return body[lineEnd - 1] === CR ? lineEnd - 1 : lineEnd
}

async function readUnlessRefused(mimeHeader: Buffer, body: Buffer, wanted: Wanted | null): Promise<Part | null> {
  try {
    return await readParts(mimeHeader, body, wanted)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === REFUSED) return null
    throw error
  }
}

function hasLeaf(part: Part): boolean {
  return part.kind === 'leaf' || part.children.some(hasLeaf)
}

function hasEmptyBranch(part: Part): boolean {
  return part.kind === 'branch' && (part.children.length === 0 || part.children.some(hasEmptyBranch))
}
