/** Links -> what is worth knowing of them. Nothing is fetched: all is read off the text and the URL. */

import { LinkFlag, type MailLink } from '../../mail-facts.ts'
import { cleanLabel, clipChars } from '../clean.ts'
import type { FoundLink } from './found-link.ts'
import { type Host, hostOfAddress, isInternational } from './hosts.ts'
import { chooseActions, isUnsubscribe } from './link-purpose.ts'
import { isTextOfAnother, type LinkTarget, readTarget } from './link-target.ts'
import { isLookalike } from './lookalike.ts'

/** Longest text of a link that is kept, in UTF-16 units. */
export const MAX_KEPT_LINK_TEXT_CHARS = 100

/** So much of a text is read: what it says of another host stands at its beginning. */
const MAX_READ_TEXT_CHARS = 1_000

/** Same order and number as `found`. `fromAddress` is the sender's, empty when unknown. */
export function describeLinks(found: readonly FoundLink[], fromAddress: string): MailLink[] {
  const own = hostOfAddress(fromAddress)
  const links = found.map((link) => ({ ...readTarget(link), text: cleanLabel(clipChars(link.text, MAX_READ_TEXT_CHARS)) }))
  const actions = chooseActions(links)
  // A mail may lead a thousand times to one host.
  const known = new Map<string, boolean>()
  const looksAlike = (host: Host): boolean => {
    const answer = known.get(host.ascii) ?? isLookalike(host, own)
    known.set(host.ascii, answer)
    return answer
  }
  return links.map((link) => ({
    text: cutText(link.text),
    url: link.url,
    host: link.host?.ascii ?? '',
    flags: listFlags(link, actions, looksAlike),
  }))
}

function listFlags(
  link: LinkTarget & { readonly text: string },
  actions: ReadonlySet<string>,
  looksAlike: (host: Host) => boolean,
): LinkFlag[] {
  const hosts = [link.host, link.behind].filter((host) => host !== null)
  const warnings = {
    'text-differs-from-target': isTextOfAnother(link.text, link),
    'lookalike-host': hosts.some(looksAlike),
    punycode: hosts.some(isInternational),
  }
  const isFlagged: Record<LinkFlag, boolean> = {
    ...warnings,
    'tracking-removed': link.isCleaned,
    unsubscribe: isUnsubscribe(link),
    // Phishing words its link like a login: what warns of a link must not stand beside what sends an agent there.
    'likely-action': actions.has(link.url) && !Object.values(warnings).includes(true),
  }
  return LINK_FLAGS.filter((flag) => isFlagged[flag])
}

const LINK_FLAGS = LinkFlag.options

function cutText(text: string): string {
  return text.length <= MAX_KEPT_LINK_TEXT_CHARS ? text : `${clipChars(text, MAX_KEPT_LINK_TEXT_CHARS - 1)}…`
}
