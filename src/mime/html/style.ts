/** How elements look to those who read them, as far as it decides what is seen. */

import type { HiddenKind } from '../../mail-facts.ts'
import type { Variables } from '../css/variables.ts'
import { type Ink, PLAIN_INK } from './ink.ts'

/** Why text is not shown: nothing of the element is there, also no image; an element within cannot take that back. */
export const GONE = 1
/** Nothing is drawn, except elements within that say so (CSS 2.1 section 11.2). */
export const INVISIBLE = 2
/** Too small to be read; this and the following leave images to be seen, and elements within may take them back. */
export const TINY = 4
/** Of the colour of its background. */
export const BLENDED = 8
/** Indented out of sight. */
export const INDENTED = 16
/** Moved out of sight, with its pictures. */
export const AWAY = 32
/** Drawn as dots. */
export const MASKED = 64
/** The text of this element alone is shown, and a person may not see it. */
export const DOUBTFUL_TEXT = 128
/** The same of an element and all that is in it. */
export const DOUBTFUL = 256

/** How an element looks to one reader, as far as it decides what is seen of it and of the elements in it. */
export type Look = {
  /** Why its text is not seen; 0 when it is. */
  readonly flags: number
  /** Of what is gone, how it was hidden; null for what no mail program shows of any mail, such as scripts. */
  readonly goneBy: HiddenKind | null
  /** What is in it and stands elsewhere is not gone. */
  readonly isLeaky: boolean
  readonly fontPx: number
  /** The size of a rem. */
  readonly rootPx: number
  readonly ink: Ink
  /** How it is moved, scaled and covered by all that it is in. */
  readonly x: number
  readonly y: number
  readonly scale: number
  readonly opacity: number
  readonly variables: Variables | null
  /** It may lie over other text. */
  readonly isCover: boolean
}

/** How an element looks in the readings of a style sheet (Readings); one and the same look where there is no difference. */
export type Looks = { readonly sure: Look; readonly likely: Look; readonly wary: Look }

/** The attributes that are read, by their names in lower case. */
export type Attributes = ReadonlyMap<string, string>

/** Letters of no other size. */
export const MEDIUM_PX = 16

const PLAIN_LOOK: Look = {
  flags: 0,
  goneBy: null,
  isLeaky: false,
  fontPx: MEDIUM_PX,
  rootPx: MEDIUM_PX,
  ink: PLAIN_INK,
  x: 0,
  y: 0,
  scale: 1,
  opacity: 1,
  variables: null,
  isCover: false,
}

/** As a mail begins. */
export const PLAIN_LOOKS: Looks = { sure: PLAIN_LOOK, likely: PLAIN_LOOK, wary: PLAIN_LOOK }

/** How text of these looks is hidden from every reader; null where it is not, or as every mail hides some. */
export function hiddenBy({ sure: { flags, goneBy, ink, opacity } }: Looks): HiddenKind | null {
  if (flags & GONE) return goneBy
  if (flags & (INVISIBLE | MASKED)) return 'not-displayed'
  if (flags & (AWAY | INDENTED)) return 'off-screen'
  if (flags & TINY) return 'tiny'
  if (!(flags & BLENDED)) return null
  const letters = ink.fill === undefined ? ink.color : ink.fill
  return letters && letters[3] * opacity < LEAST_ALPHA ? 'transparent' : 'same-colour'
}

/** Less of a colour than this is not seen. */
export const LEAST_ALPHA = 0.1

/** Whether text of these looks is left out. */
export function isHidden({ sure: { flags } }: Looks): boolean {
  return (flags & ~(DOUBTFUL | DOUBTFUL_TEXT)) !== 0
}

/** Whether text that is shown is hidden from who reads on the usual screen, or may be. */
export function isDoubtful({ sure, likely, wary }: Looks): boolean {
  return sure.flags !== 0 || likely.flags !== 0 || wary.flags !== 0
}

/** The looks of an element that no mail program shows, in one that looks like `parent`. */
export function goneLooks(parent: Looks, goneBy: HiddenKind | null): Looks {
  const { sure } = parent
  if (sure.flags & GONE && sure.goneBy === goneBy && !sure.isLeaky) return parent
  return same({ ...sure, flags: sure.flags | GONE, goneBy, isLeaky: false })
}

/** The looks of an element that some mail programs show and others do not. */
export function doubtfulLooks(looks: Looks): Looks {
  const { sure } = looks
  return sure.flags & DOUBTFUL ? looks : { ...looks, sure: { ...sure, flags: sure.flags | DOUBTFUL } }
}

function same(look: Look): Looks {
  return { sure: look, likely: look, wary: look }
}
