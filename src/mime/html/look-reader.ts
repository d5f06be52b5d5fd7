/** What of an element a person would not see, from its own attributes, the style sheet, and what it inherits. */

import { NO_READINGS, type Readings } from '../css/cascade.ts'
import { type Declarations, readInline } from '../css/declarations.ts'
import type { Node } from '../css/nodes.ts'
import type { StyleSheet } from '../css/style-sheet.ts'
import { declareVariables, MAX_DECLARED_VARIABLES } from '../css/variables.ts'
import { type Declares, declaresOf, PRESENTED, readPresentation } from './declares.ts'
import { isSame, OWN_LOOKS, readLook, type Styled } from './look.ts'
import { type Attributes, DOUBTFUL, GONE, type Look, type Looks } from './style.ts'

/** Those that change a look by themselves. */
const LOOK_ATTRIBUTES = ['style', 'hidden', 'bgcolor', 'background', 'color', 'text', 'link', 'href', 'popover', 'size']

/** Reads the looks of the elements of one message. */
export class LookReader {
  readonly #sheet: StyleSheet
  readonly #variableBudget = { left: MAX_DECLARED_VARIABLES }
  readonly #inline = new Map<string, Declarations>()
  /** What those of a kind looked like the last time, and in what. */
  readonly #known = new Map<Readings, { readonly parent: Looks; readonly looks: Looks }>()

  constructor(sheet: StyleSheet) {
    this.#sheet = sheet
  }

  /** The looks of an element in one that looks like `parent`; `node` where the sheet needs it, `isForeign` for parts of pictures. */
  read(name: string, attributes: Attributes, parent: Looks, node: Node | null, isForeign: boolean): Looks {
    // What is in an element that is gone is gone with it.
    if (parent.sure.flags & GONE && !parent.sure.isLeaky) return parent
    const isPlain = !OWN_LOOKS.has(name) && !isForeign && !LOOK_ATTRIBUTES.some((attribute) => attributes.has(attribute))
    if (this.#sheet.isEmpty && isPlain) return parent
    const style = attributes.get('style')
    const inline = style ? this.#readInline(style) : null
    const sheet = this.#sheet.isEmpty ? NO_READINGS : this.#sheet.find(name, attributes, node)
    if (isPlain && sheet.sure.size === 0) return parent
    const known = isPlain ? this.#known.get(sheet) : undefined
    if (known?.parent === parent) return known.looks
    const presented = isForeign ? readPresentation(name, attributes) : null
    const isAnimated = [sheet.sure, inline].some((declared) => declared?.has('animation-name'))
    const isOne = sheet.likely === sheet.sure && parent.likely === parent.sure && !isAnimated
    const read = (reading: keyof Readings): Look =>
      this.#readLook({ name, attributes, inline, sheet: sheet[reading], presented, isForeign, reading, isOne }, parent[reading])
    const sure = read('sure')
    const likely = isOne ? sure : read('likely')
    const isAlso = sheet.wary === sheet.likely && parent.wary === parent.likely && !isAnimated
    const wary = isAlso ? likely : read('wary')
    const isSame = sure === parent.sure && likely === parent.likely && wary === parent.wary
    return this.#remember(isPlain, sheet, parent, isSame ? parent : { sure, likely, wary })
  }

  /** Elements that only a sheet says something of look the same in the same one. */
  #remember(isPlain: boolean, sheet: Readings, parent: Looks, looks: Looks): Looks {
    if (isPlain && (this.#known.size < MAX_REMEMBERED || this.#known.has(sheet))) this.#known.set(sheet, { parent, looks })
    return looks
  }

  #readLook(element: Styled, parent: Look): Look {
    const { inline, sheet, presented, reading } = element
    // What stood in a box that is gone stands elsewhere.
    const around =
      parent.flags & GONE ? { ...parent, flags: (parent.flags & ~GONE) | DOUBTFUL, goneBy: null, isLeaky: false } : parent
    const variables = declareVariables(listValues(sheet, inline), parent.variables, this.#variableBudget)
    let declares = declaresOf(inline, sheet, presented, variables)
    if (parent.flags & GONE && !/^(?:absolute|fixed)$/.test(declares('position')?.value ?? '')) return parent
    const names = declares('animation-name')?.value
    const animated = names ? this.#sheet.findAnimation(names) : null
    if (animated && reading !== 'likely') {
      const still = declares
      declares = (property) => {
        const moved = animated.get(property)
        return moved === undefined ? still(property) : reading === 'sure' ? { ...moved, value: null } : moved
      }
    }
    let isUnknown = false
    const noting: Declares = (property) => {
      const declared = declares(property)
      // What is not the same for every reader is known in the other readings.
      if (declared?.value === null && (reading !== 'sure' || element.isOne)) isUnknown = true
      return declared
    }
    const seen = readLook(element, noting, { ...around, variables })
    const look = isUnknown ? { ...seen, flags: seen.flags | DOUBTFUL } : seen
    return isSame(look, parent) ? parent : look
  }

  /** Mailers repeat their styles. */
  #readInline(style: string): Declarations {
    const known = this.#inline.get(style)
    if (known) return known
    const declarations = readInline(style)
    if (style.length <= MAX_REMEMBERED_CHARS && this.#inline.size < MAX_REMEMBERED) this.#inline.set(style, declarations)
    return declarations
  }
}

const MAX_REMEMBERED = 1_000
const MAX_REMEMBERED_CHARS = 1_000

function* listValues(...all: readonly (Declarations | null)[]): Generator<[string, string | null]> {
  for (const declarations of all)
    for (const [name, { value }] of declarations ?? []) if (name.startsWith('--')) yield [name, value]
}

/** The names of the attributes that are read for the looks of elements. */
export const READ_LOOK_ATTRIBUTES: ReadonlySet<string> = new Set([...LOOK_ATTRIBUTES, ...PRESENTED, 'width', 'height'])
