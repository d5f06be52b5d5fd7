/**
 * What is found in a mail beside its text: links, codes, what was hidden, what does not fit together. Computed once, where the mail is parsed, from bytes
 * alone; kept with the message. Words of the sender stand in `links[].text`, `links[].url` and `links[].host` only.
 */

import { z } from 'zod'

/**
 * A range of `bodyText`, in bytes of UTF-8, that a reader is spared: quoted history, a signature. In order, apart from each other, whole lines. In bytes,
 * because who reads a long text has nothing else of it.
 */
export const Fold = z.object({
  kind: z.enum(['quote', 'signature']),
  start: z.number(),
  end: z.number(),
  /** Lines in the range. */
  lines: z.number(),
})
export type Fold = z.infer<typeof Fold>

/** What a link is worth knowing for. */
export const LinkFlag = z.enum([
  // The text names a host or address that is not where the link leads.
  'text-differs-from-target',
  // The host looks like a well-known one, or like the sender's own, and is not it.
  'lookalike-host',
  // The host has letters beyond ASCII.
  'punycode',
  // Parameters that only follow the reader were taken out of `url`.
  'tracking-removed',
  'unsubscribe',
  // The link that the mail wants to be followed: to verify, log in, reset. Never beside one of the first three, which warn of it.
  'likely-action',
])
export type LinkFlag = z.infer<typeof LinkFlag>

/** Those by which an answer names a link by its number, most first: a warning before what invites. */
export const NAMED_LINK_FLAGS: readonly LinkFlag[] = [
  'text-differs-from-target',
  'lookalike-host',
  'punycode',
  'likely-action',
  'unsubscribe',
]

/** A link. The one marked [n] in `bodyText` is the nth; one that stands in the text as it is has no mark. */
export const MailLink = z.object({
  /** What was shown of it, on one line, cut; empty for a picture without words. */
  text: z.string(),
  url: z.string(),
  /** As ASCII (RFC 5891); empty for a mailto. */
  host: z.string(),
  flags: z.array(LinkFlag),
})
export type MailLink = z.infer<typeof MailLink>

/** Confidence above which something is meant as a code; at it or below, it only looks like one. */
export const CODE_CONFIDENCE_FLOOR = 0.5

/** Something to be typed in somewhere: a one-time code. */
export const MailCode = z.object({
  /** As it is typed in: without the spaces or dashes that only make it easier to read. ASCII letters, digits and dashes, at most MAX_CODE_CHARS. */
  code: z.string(),
  /** 0 to 1; above CODE_CONFIDENCE_FLOOR it is meant as a code. */
  confidence: z.number(),
  /** In our words, such as `after a word for code`. */
  reason: z.string(),
  /** As the mail says, counted from its arrival; null where it does not. */
  expiresInSeconds: z.number().nullable(),
})
export type MailCode = z.infer<typeof MailCode>

/**
 * Ways to put something before a model that a person does not see. One run of `not-displayed`, `tiny`, `same-colour` or `transparent` of up to some 200
 * characters is the preview text of a newsletter, and more of `not-displayed` are parts for telephones; `off-screen`, `bidi-characters` and
 * `invisible-characters` are in no ordinary mail. What every mail has is not counted: scripts, styles, comments for Outlook or shorter than a sentence,
 * padding behind a preview text, soft hyphens, joiners of emoji. `possibly-hidden` alone is not left out: it is shown, and hidden from readers at a desk or
 * from some, or it cannot be told whether it is.
 */
export const HiddenKind = z.enum([
  // display:none, visibility:hidden, the hidden attribute.
  'not-displayed',
  'transparent',
  // No size, or a font too small to read.
  'tiny',
  'same-colour',
  // Moved or cut out of sight.
  'off-screen',
  'comment',
  // Tag characters, zero-width characters, variation selectors: whole sentences can be spelled with them.
  'invisible-characters',
  'bidi-characters',
  'control-characters',
  // Shown, and perhaps not to a person.
  'possibly-hidden',
])
export type HiddenKind = z.infer<typeof HiddenKind>

/** How much was left out of one kind. */
export const Hidden = z.object({
  kind: HiddenKind,
  /** Runs of it. */
  count: z.number(),
  /** UTF-16 units of its text. */
  chars: z.number(),
})
export type Hidden = z.infer<typeof Hidden>

/** What does not fit together about who wrote it. */
export const SenderWarning = z.enum([
  'several-from',
  'no-from',
  // Replies go to another domain.
  'reply-to-differs',
  // The display name is an address, or holds one, and it is another one.
  'name-is-address',
  // The domain looks like a well-known one and is not it.
  'lookalike-domain',
  'punycode-domain',
])
export type SenderWarning = z.infer<typeof SenderWarning>

/** Links found in one message; the rest is counted. */
export const MAX_FOUND_LINKS = 500
/** UTF-16 units of all their URLs: a mail with more is no letter, and its list would be no reading. */
export const MAX_FOUND_LINKS_CHARS = 200_000

/** How much stands in only one of two forms of a message: words of its sentences, domains that only it leads to or names addresses at, numbers that contradict. */
export const OnlyThere = z.object({ words: z.number(), links: z.number(), addresses: z.number(), numbers: z.number() })
export type OnlyThere = z.infer<typeof OnlyThere>

/** Forms of a message that should say the same and do not; `shown` is what `bodyText` is made from. `both`: none is more than another, and all are in it. */
export const Divergence = z.object({ shown: z.enum(['text', 'html', 'both']), onlyShown: OnlyThere, onlyOther: OnlyThere })
export type Divergence = z.infer<typeof Divergence>

/** See the head of this file. */
export const MailFacts = z.object({
  folds: z.array(Fold),
  links: z.array(MailLink),
  /** Links beyond MAX_FOUND_LINKS or too long: in text made from HTML their words are without a number, in plain text they stand where they stood. */
  linksLeftOut: z.number(),
  /** Surest first. */
  codes: z.array(MailCode),
  hidden: z.array(Hidden),
  divergence: Divergence.nullable(),
  warnings: z.array(SenderWarning),
})
export type MailFacts = z.infer<typeof MailFacts>

/** Those of a mail in which nothing was found. */
export const NO_FACTS: MailFacts = {
  folds: [],
  links: [],
  linksLeftOut: 0,
  codes: [],
  hidden: [],
  divergence: null,
  warnings: [],
}
