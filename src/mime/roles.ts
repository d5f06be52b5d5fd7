/**
 * Which texts of a message are its text. Where a part stands decides that as much as what it says of itself: a resource of another part, or what stands
 * behind a signature, is no mail program's idea of what the sender wrote, and whoever can add such a part must not speak in the sender's place.
 */

import type { Branch, Part } from './leaves.ts'

/** A tree whose texts are those to be read, and what is to be said of the others. */
export type Settled = { readonly root: Part; readonly problems: readonly string[] }

/** The part makes attachments of texts that are none of the message's text; nothing else is changed. */
export function settleRoles(root: Part): Settled {
  const problems = new Set<string>()
  function settle(part: Part, isResource: boolean): Part {
    if (part.kind === 'leaf') return isResource && part.isText ? { ...part, isText: false, isDemoted: true } : part
    if (part.contentType === 'multipart/signed' && hasUnsigned(part)) problems.add(UNSIGNED)
    const main = isResource ? null : findMain(part)
    const children = part.children.map((child) => settle(child, isResource || (main !== 'every' && child !== main)))
    return { ...part, children }
  }
  return { root: settle(root, false), problems: [...problems] }
}

const UNSIGNED = 'The message has a part that its signature does not cover; it is among the attachments.'

/** The child that speaks for a multipart; `every` where all do, null where none does. */
function findMain(branch: Branch): Part | 'every' | null {
  switch (branch.contentType) {
    case 'multipart/related':
      return findRoot(branch)
    case 'multipart/signed':
      // RFC 1847 section 2.1: what is signed, and its signature.
      return branch.children[0] ?? null
    case 'multipart/appledouble':
      // RFC 1740: the two halves of one file.
      return null
    default:
      // RFC 2046 section 5.1.7: of a kind that we do not know, as mixed.
      return 'every'
  }
}

/** RFC 2387 section 3.2: the part whose Content-ID `start` names, else the first. */
function findRoot({ params, children }: Branch): Part | null {
  const start = bareId(params.start ?? '')
  const named = start === '' ? undefined : children.find(({ contentId }) => contentId !== null && bareId(contentId) === start)
  return named ?? children[0] ?? null
}

function bareId(id: string): string {
  return id.trim().replace(/^</, '').replace(/>$/, '')
}

/** Whether there is more than RFC 1847 allows, or a text where the signature belongs. */
function hasUnsigned({ children }: Branch): boolean {
  const [, signature] = children
  return children.length > 2 || (signature !== undefined && hasText(signature))
}

function hasText(part: Part): boolean {
  return part.kind === 'leaf' ? part.isText : part.children.some(hasText)
}
