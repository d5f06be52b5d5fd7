/** What of a page is seen goes into the layout, what is not is counted. */

import type { Node } from '../css/nodes.ts'
import type { StyleSheet } from '../css/style-sheet.ts'
import { HiddenTally } from '../hidden.ts'
import { removeMarks } from '../marks.ts'
import { countUnseen } from '../unseen.ts'
import { countComment } from './comments.ts'
import { IGNORED, NEVER_SHOWN, SHOWN_BY_SOME, UNSEEN_IN, VOID_ELEMENTS } from './elements.ts'
import { isDot, isShownInput } from './fields.ts'
import { HtmlLayout } from './layout.ts'
import { LookReader } from './look-reader.ts'
import type { Element } from './open-elements.ts'
import type { Scene } from './scene.ts'
import {
  AWAY,
  doubtfulLooks,
  GONE,
  goneLooks,
  hiddenBy,
  INVISIBLE,
  isDoubtful,
  isHidden,
  type Looks,
  PLAIN_LOOKS,
} from './style.ts'

/** Shows one page. */
export class Rendering implements Scene {
  readonly layout: HtmlLayout
  readonly hidden = new HiddenTally()
  readonly #looks: LookReader
  /** The elements in their order, where the sheet needs them. */
  readonly #nodes: readonly Node[] | null
  #nodeAt = 0
  #isDeep = false
  /** How many elements of a name are open that hold what is not drawn. */
  readonly #pictures = new Map<string, number>()

  constructor(sheet: StyleSheet, nodes: readonly Node[] | null, maxChars: number) {
    this.#looks = new LookReader(sheet)
    this.#nodes = sheet.needsNodes ? nodes : null
    this.layout = new HtmlLayout(maxChars)
  }

  begin(element: Element, parent: Element | undefined): void {
    const { name, attributes, isStray } = element
    if (this.#nodes && !isStray) element.node = this.#nodes[this.#nodeAt++] ?? null
    element.looks = this.#readLooks(element, parent)
    if (parent && name === 'summary') parent.hasSummary = true
    const { flags } = element.looks.sure
    element.isGone = (flags & GONE) !== 0
    if (element.looks !== parent?.looks && element.looks.sure.isCover) this.hidden.add('possibly-hidden', 1, 0)
    if (!element.isGone) this.#showStart(element)
    if (VOID_ELEMENTS.has(name)) return
    element.begun = this.layout.open(name, attributes, element.isGone)
    if (name === 'svg' || name === 'math') this.#pictures.set(name, (this.#pictures.get(name) ?? 0) + 1)
  }

  end({ name, begun, isGone }: Element): void {
    if (name === 'svg' || name === 'math') this.#pictures.set(name, (this.#pictures.get(name) ?? 1) - 1)
    this.layout.close(name, begun, isGone)
  }

  endEarly(element: Element, parent: Element | undefined): void {
    this.layout.closeLink(element.begun)
    element.begun = { ...element.begun, link: null }
    element.looks = parent?.looks ?? PLAIN_LOOKS
  }

  lookAgain(element: Element, parent: Element | undefined): void {
    element.looks = element.isEnded ? (parent?.looks ?? PLAIN_LOOKS) : this.#readLooks(element, parent)
  }

  tooDeep(): void {
    this.#isDeep = true
  }

  merged(): void {}

  text(text: string, parent: Element | undefined): void {
    const looks = parent?.looks ?? PLAIN_LOOKS
    const isFolded = parent?.isFolded ?? false
    if (isHidden(looks) || isFolded) {
      const kind = isFolded ? 'not-displayed' : hiddenBy(looks)
      if (kind !== null) this.hidden.addText(kind, text)
      return
    }
    countUnseen(text, this.hidden)
    this.layout.showText(removeMarks(text))
    if (isDoubtful(looks) || this.#isDeep) this.hidden.addText('possibly-hidden', text)
    else if (/\S/.test(text)) this.hidden.endRun()
  }

  comment(text: string): void {
    countComment(text, this.hidden)
  }

  #readLooks(element: Element, parent: Element | undefined): Looks {
    const { name, attributes, isForeign, isStray } = element
    const around = parent?.looks ?? PLAIN_LOOKS
    if (isStray) return around
    if (IGNORED.has(name)) return goneLooks(around, isForeign ? 'not-displayed' : null)
    const outer = UNSEEN_IN.get(name)
    const isUndrawn = outer !== undefined && (this.#pictures.get(outer) ?? 0) > 0
    const isFolded = parent?.isFolded && (name !== 'summary' || parent.hasSummary)
    if (NEVER_SHOWN.has(name) || isUndrawn || isFolded) return goneLooks(around, 'not-displayed')
    const looks = this.#looks.read(name, attributes, around, element.node, isForeign)
    // Letters of Latin are then read from their end.
    const isReversed = name === 'bdo' && /^rtl$/i.test(attributes.get('dir')?.trim() ?? '')
    return (SHOWN_BY_SOME.has(name) || isReversed) && !(looks.sure.flags & GONE) ? doubtfulLooks(looks) : looks
  }

  /** The place that an element takes stays where its text is not seen, for other text may be in it. */
  #showStart({ name, attributes, looks }: Element): void {
    const { layout } = this
    layout.startBlock(name)
    if (name === 'br') layout.breakLine()
    else if (name === 'td' || name === 'th') layout.startCell()
    else if (name === 'base') layout.targets.setBase(attributes.get('href'))
    if (looks.sure.flags & (INVISIBLE | AWAY)) return
    if (name === 'img' && !isDot(attributes)) layout.showPicture(removeMarks(attributes.get('alt') ?? ''))
    else if (name === 'area') layout.showArea(attributes)
    else if (name === 'hr') layout.drawRule()
    if (isHidden(looks)) return
    if (name === 'li') layout.startItem()
    else if (/^h[1-6]$/.test(name)) layout.startHeading(name)
    else if (name === 'input' && isShownInput(attributes)) this.#showField(attributes.get('value') ?? '', looks)
  }

  #showField(value: string, looks: Looks): void {
    this.layout.showText(` ${removeMarks(value)} `)
    countUnseen(value, this.hidden)
    if (isDoubtful(looks)) this.hidden.addText('possibly-hidden', value)
  }
}
