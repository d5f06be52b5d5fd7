/** Elements of letters, such as `<font>`, that a browser opens again in the next block when they are left open (HTML section 13.2.4.3). */

/** Elements that are opened again. */
export const FORMATTING: ReadonlySet<string> = new Set([
  ...['a', 'b', 'big', 'code', 'em', 'font', 'i', 'nobr', 's', 'small', 'strike', 'strong', 'tt', 'u'],
])

/** Elements that nothing goes into from outside of them, nor out of them. */
const MARKERS: ReadonlySet<string> = new Set(['applet', 'marquee', 'object', 'td', 'th', 'caption', 'template'])

/** A start tag that holds until its end tag. */
export type Format = { readonly name: string; readonly attributes: Map<string, string>; readonly key: string; isOpen: boolean }

/** Within one marker; of more, the first are forgotten. */
const MAX_FORMATS = 24
/** Opened again over a whole message. */
const MAX_REOPENED = 200_000
/** Alike ones of which more are not opened again: "Noah's Ark". */
const MAX_ALIKE = 3

/** The list of active formatting elements. */
export class ActiveFormats {
  readonly #groups: Format[][] = [[]]
  #reopened = 0

  /** An element was opened. */
  opened(name: string, attributes: Map<string, string>): Format | null {
    if (MARKERS.has(name)) this.#groups.push([])
    if (!FORMATTING.has(name)) return null
    const format = { name, attributes, key: `${name} ${[...attributes].join(' ')}`, isOpen: true }
    const group = this.#group
    const alike = group.filter(({ key }) => key === format.key)
    const dropped = alike.length >= MAX_ALIKE ? alike[0] : group.length >= MAX_FORMATS ? group[0] : undefined
    if (dropped) group.splice(group.indexOf(dropped), 1)
    group.push(format)
    return format
  }

  /** An element left the stack. */
  left(name: string, format: Format | null): void {
    if (format) format.isOpen = false
    if (MARKERS.has(name) && this.#groups.length > 1) this.#groups.pop()
  }

  /** The last one of a name, within the innermost marker. */
  find(name: string): Format | undefined {
    return this.#group.findLast((format) => format.name === name)
  }

  remove(format: Format): void {
    const at = this.#group.indexOf(format)
    if (at >= 0) this.#group.splice(at, 1)
  }

  /** Those that have to be opened again, in their order; they are opened as new ones. */
  takeClosed(): Format[] {
    const group = this.#group
    const first = group.findIndex(({ isOpen }) => !isOpen)
    if (first < 0 || this.#reopened > MAX_REOPENED) return []
    const closed = group.filter((format, at) => at >= first && !format.isOpen)
    this.#reopened += closed.length
    for (const format of closed) this.remove(format)
    return closed
  }

  get #group(): Format[] {
    return this.#groups.at(-1) ?? []
  }
}
