/** A first look at a page: its styles, and who stands where in it, which selectors ask before the elements they ask of have ended. */

import { judgeMedia, narrow } from '../css/conditions.ts'
import { addNode, type Node, readNames } from '../css/nodes.ts'
import type { StyleElement } from '../css/style-sheet.ts'
import type { Element } from './open-elements.ts'
import type { Scene } from './scene.ts'

/** Elements of a page that selectors may ask of; of a page with more, none. */
const MAX_NODES = 50_000

/** Collects style elements and the tree of a page. */
export class Survey implements Scene {
  readonly #isQuirky: boolean
  readonly #styles: { pieces: string[]; element: Element }[] = []
  readonly #nodes: Node[] = []
  #count = 0
  #templates = 0

  constructor(isQuirky: boolean) {
    this.#isQuirky = isQuirky
  }

  /** The styles that may apply, in their order. */
  get styles(): StyleElement[] {
    return this.#styles.flatMap(({ pieces, element: { name, attributes } }) => {
      const media = judgeMedia(attributes.get('media') ?? '')
      // What is linked is in no mail; an address that is a sheet itself, few programs read.
      const verdict = name === 'link' ? narrow(media, 'unknown') : media
      return verdict === 'never' ? [] : [{ css: pieces.join(''), verdict }]
    })
  }

  /** All elements in the order in which they begin; null where there are too many. */
  get nodes(): readonly Node[] | null {
    return this.#count > MAX_NODES ? null : this.#nodes
  }

  begin(element: Element, parent: Element | undefined): void {
    const { name, attributes } = element
    if (this.#count++ < MAX_NODES && !element.isStray) {
      element.node = addNode(name, attributes, parent?.node ?? null, this.#isQuirky)
      this.#nodes.push(element.node)
    } else if (element.isStray) element.node = parent?.node ?? null
    if (name === 'template') this.#templates++
    if (this.#templates > 0) return
    if (name === 'style' && /^(?:\s*|text\/css)$/i.test(attributes.get('type') ?? '')) this.#styles.push({ pieces: [], element })
    if (name === 'link') this.#addLinked(element)
  }

  end({ name }: Element): void {
    if (name === 'template') this.#templates--
  }

  text(text: string, parent: Element | undefined): void {
    if (parent?.node) parent.node.hasText = true
    const style = this.#styles.at(-1)
    if (style && style.element === parent) style.pieces.push(text)
  }

  merged({ node, attributes }: Element): void {
    if (node) Object.assign(node, readNames(attributes, this.#isQuirky))
  }

  tooDeep(): void {}
  endEarly(): void {}
  lookAgain(): void {}
  comment(): void {}

  #addLinked(element: Element): void {
    const { attributes } = element
    const [, coding = '', data = ''] = /^\s*data:text\/css((?:;[^,]{0,100})?),(.*)$/is.exec(attributes.get('href') ?? '') ?? []
    if (data === '' || !/(?:^|\s)stylesheet(?:\s|$)/i.test(attributes.get('rel') ?? '')) return
    this.#styles.push({
      pieces: [/;\s*base64\s*$/i.test(coding) ? Buffer.from(data, 'base64').toString() : decode(data)],
      element,
    })
  }
}

function decode(data: string): string {
  try {
    return decodeURIComponent(data)
  } catch (error) {
    if (error instanceof URIError) return data
    throw error
  }
}
