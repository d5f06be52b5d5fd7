/** What becomes of a page: it is surveyed, then shown. */

import type { Element } from './open-elements.ts'

/** What is told of the elements of a page, in their order; `parent` is the element that one stands in. */
export type Scene = {
  /** An element begins; one that holds nothing never ends. */
  begin(element: Element, parent: Element | undefined): void
  end(element: Element): void
  /** The element ends, but blocks in it stay open: they are then in what it was in, and looked at again. */
  endEarly(element: Element, parent: Element | undefined): void
  lookAgain(element: Element, parent: Element | undefined): void
  /** More elements are open than are followed: from here on it is not known what is in which. */
  tooDeep(): void
  /** Attributes were added to an element. */
  merged(element: Element): void
  text(text: string, parent: Element | undefined): void
  comment(text: string): void
}

/** The attributes that the document and its body have in the end: a second tag of them adds to the first, wherever it stands. */
export type Roots = { readonly html: Map<string, string>; readonly body: Map<string, string> }
