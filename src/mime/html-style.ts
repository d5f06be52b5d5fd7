/** What of an element a person would not see. */

/** Why text is not shown; an element inherits these, and may take back all but GONE (CSS 2.1 sections 9.2.4, 11.2 and 15.7). */
const GONE = 1
const INVISIBLE = 2
const TINY = 4

/** Attributes of an element that decide whether it is seen. */
export type VisibilityAttributes = { readonly style: string | undefined; readonly hidden: boolean }

const DECLARATION = /(?:^|[;{])\s*(display|visibility|font-size|font)\s*:([^;]*)/gi
/** A size of nothing in any unit. */
const NO_SIZE = /^[+-]?(?:0+(?:\.0*)?|\.0+)(?:[a-z]{1,5}|%)?$/
/** Sizes that are nothing where the parent's is. */
const RELATIVE_SIZE = /(?:(?:^|[^r])em|ex|ch|%|smaller|larger|inherit|unset)$/

/**
 * Flags of an element whose parent has the flags `inherited`; 0 when its text is seen. Mailers set a container to font-size 0 and its
 * paragraphs to 13 px, so a size or visibility of its own takes the inherited one back.
 */
export function readVisibility({ style, hidden }: VisibilityAttributes, inherited: number): number {
  let flags = hidden ? inherited | GONE : inherited
  if (!style) return flags
  for (const [, property = '', value = ''] of stripComments(style).matchAll(DECLARATION)) {
    flags = apply(
      property.toLowerCase(),
      value
        .replace(/!\s*important/i, '')
        .trim()
        .toLowerCase(),
      flags,
    )
  }
  return flags
}

function apply(property: string, value: string, flags: number): number {
  if (property === 'display') return value === 'none' ? flags | GONE : flags
  if (property === 'visibility') return /^(?:hidden|collapse)$/.test(value) ? flags | INVISIBLE : flags & ~INVISIBLE
  const size = property === 'font' ? fontSize(value) : value
  if (size === null || size === '') return flags
  if (NO_SIZE.test(size)) return flags | TINY
  return RELATIVE_SIZE.test(size) ? flags : flags & ~TINY
}

/** The size within `font: italic 13px/1.5 Arial`; null when the shorthand names none. */
function fontSize(value: string): string | null {
  const word = value.split(/[\s/]+/).find((part) => /^[+-]?[\d.]/.test(part) && !/^[1-9]00$/.test(part))
  return word ?? null
}

/** By hand, because a pattern for comments reads to the end from each one that is not closed. */
function stripComments(style: string): string {
  const pieces: string[] = []
  let at = 0
  for (let start = style.indexOf('/*'); start >= 0; start = style.indexOf('/*', at)) {
    pieces.push(style.slice(at, start))
    const end = style.indexOf('*/', start + 2)
    if (end < 0) return pieces.join(' ')
    at = end + 2
  }
  return [...pieces, style.slice(at)].join(' ')
}
