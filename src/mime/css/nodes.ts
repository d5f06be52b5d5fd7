/** The elements of a document as selectors see them: who is in whom, and in which order. */

/** An element among those around it. What follows it is known when the whole document was read. */
export type Node = {
  readonly name: string
  id: string
  classes: readonly string[]
  readonly attributes: ReadonlyMap<string, string>
  readonly parent: Node | null
  /** The elements before and behind it in the same parent. */
  readonly previous: Node | null
  next: Node | null
  first: Node | null
  last: Node | null
  /** Its position among the elements of its parent, from 1, and how many there are in it. */
  readonly index: number
  childCount: number
  /** There is text in it, be it white space. */
  hasText: boolean
}

/** Classes read of one element. */
export const MAX_CLASSES = 100
const MAX_NAME_CHARS = 1_000
const NO_NAMES: Pick<Node, 'id' | 'classes'> = { id: '', classes: [] }

/** Adds an element behind the last one in its parent. Where the document is a quirk, its class and id come in lower case. */
export function addNode(name: string, attributes: ReadonlyMap<string, string>, parent: Node | null, isQuirky: boolean): Node {
  const node: Node = {
    name,
    ...readNames(attributes, isQuirky),
    attributes,
    parent,
    previous: parent?.last ?? null,
    next: null,
    first: null,
    last: null,
    index: (parent?.childCount ?? 0) + 1,
    childCount: 0,
    hasText: false,
  }
  if (node.previous) node.previous.next = node
  if (parent) {
    parent.first ??= node
    parent.last = node
    parent.childCount++
  }
  return node
}

/** The id and the classes of an element. */
export function readNames(attributes: ReadonlyMap<string, string>, isQuirky: boolean): Pick<Node, 'id' | 'classes'> {
  if (attributes.size === 0) return NO_NAMES
  const [id = '', written = ''] = ['id', 'class'].map((key) => {
    const name = attributes.get(key)?.trim() ?? ''
    return isQuirky ? name.toLowerCase() : name
  })
  return { id: id.slice(0, MAX_NAME_CHARS), classes: written === '' ? [] : written.split(/\s+/, MAX_CLASSES) }
}
