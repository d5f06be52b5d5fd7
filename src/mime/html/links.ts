/** Where the links of HTML lead. */

import { MAX_LINK_CHARS } from '../../limits.ts'
import { cleanLabel } from '../clean.ts'
import { removeMarks } from '../marks.ts'

/** The targets of the links of one HTML text: the same one has the same position. */
export class LinkTargets {
  readonly #positions = new Map<string, number>()
  #base: string | null = null
  /** Links too long to be followed; they are shown as their words. */
  tooLongCount = 0

  /** In the order of their first links. */
  get urls(): string[] {
    return [...this.#positions.keys()]
  }

  /** What relative links are relative to (HTML section 4.2.3); the first one counts. */
  setBase(href: string | undefined): void {
    if (this.#base === null && href !== undefined && URL.canParse(href)) this.#base = href
  }

  /** The position of a link; null for one that leads nowhere. */
  find(href: string | undefined): number | null {
    const url = href === undefined ? null : this.#read(href)
    if (url === null) return null
    const position = this.#positions.get(url) ?? this.#positions.size
    this.#positions.set(url, position)
    return position
  }

  /** As a browser reads it (URL standard section 4.4: without line breaks and tabs). */
  #read(value: string): string | null {
    if (value.length > 4 * MAX_LINK_CHARS) {
      this.tooLongCount++
      return null
    }
    const href = removeMarks(cleanLabel(value.replace(/[\t\n\r]/g, '')).replace(/ /g, '%20'))
    if (href === '' || href.startsWith('#') || NO_LINK.test(href)) return null
    const url = this.#makeAbsolute(href)
    if (url.length <= MAX_LINK_CHARS) return url
    this.tooLongCount++
    return null
  }

  #makeAbsolute(href: string): string {
    if (SCHEME.test(href)) return href
    if (href.startsWith('//')) return `https:${href}`
    // Mail programs do so, although a browser would take it for a file.
    if (/^www\./i.test(href)) return `http://${href}`
    return this.#base === null ? href : (URL.parse(href, this.#base)?.href ?? href)
  }
}

/** Schemes that run or hold content instead of leading somewhere. */
const NO_LINK = /^(?:javascript|vbscript|data|blob|cid|about):/i
const SCHEME = /^[a-z][a-z\d+.-]{0,30}:/i
