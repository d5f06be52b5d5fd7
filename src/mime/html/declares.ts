/** What is declared of an element: in its `style`, in sheets, and in the attributes of pictures. */

import { type Declarations, type Declared, readDeclarations } from '../css/declarations.ts'
import { INHERITED, READ_PROPERTIES } from '../css/properties.ts'
import { resolveVariables, type Variables } from '../css/variables.ts'

/** What is declared of a property; undefined where nothing is, or what is so anyway. */
export type Declares = (property: string) => Declared | undefined

/** Whichever prevails, with what its variables stand for. */
export function declaresOf(
  inline: Declarations | null,
  sheet: Declarations | null,
  presented: Declarations | null,
  variables: Variables | null,
): Declares {
  return (property) => {
    const declared = prevail(inline?.get(property), sheet?.get(property)) ?? presented?.get(property)
    return declared && simplify(property, resolve(declared, variables))
  }
}

function prevail(inline: Declared | undefined, sheet: Declared | undefined): Declared | undefined {
  if (!inline || !sheet) return inline ?? sheet
  return sheet.isImportant && !inline.isImportant ? sheet : inline
}

function resolve(declared: Declared, variables: Variables | null): Declared {
  if (!declared.value?.includes('--')) return declared
  return { ...declared, value: resolveVariables(declared.value, variables) }
}

/** The words for "as if nothing were declared" (CSS Cascade 5 section 7.3). */
function simplify(property: string, declared: Declared): Declared | undefined {
  const { value } = declared
  if (value === null || !/^(?:initial|inherit|unset|revert|revert-layer)$/.test(value)) return declared
  const isInherited = INHERITED.has(property)
  if (value === 'revert-layer' || (value === 'inherit' && !isInherited)) {
    return property.startsWith('background-') ? undefined : declared
  }
  if (value === 'revert' || (isInherited && value !== 'initial')) return undefined
  if (property === 'display') return { ...declared, value: 'inline' }
  return isInherited || property.startsWith('background-') ? { ...declared, value: 'initial' } : undefined
}

/** The attributes of parts of pictures that are declarations (SVG 2 section 6.6). */
export function readPresentation(name: string, attributes: ReadonlyMap<string, string>): Declarations | null {
  const statements = [...attributes]
    .filter(([property]) => PRESENTED.has(property) && (READ_PROPERTIES.has(property) || property === 'mask'))
    .map(([property, value]) => `${property}:${LENGTHS.has(property) && /^[\d.]+$/.test(value.trim()) ? `${value}px` : value}`)
  if (name === 'svg') {
    for (const side of ['width', 'height']) {
      const value = attributes.get(side)?.trim()
      if (value && /^[\d.]+(?:px|em|%)?$/.test(value)) statements.push(`${side}:${/\d$/.test(value) ? `${value}px` : value}`)
    }
  }
  return statements.length === 0 ? null : readDeclarations(statements)
}

/** Names of these attributes, which are read too. */
export const PRESENTED: ReadonlySet<string> = new Set([
  ...[
    'display',
    'visibility',
    'opacity',
    'fill',
    'fill-opacity',
    'font-size',
    'color',
    'transform',
    'clip-path',
    'mask',
    'filter',
  ],
  ...['letter-spacing', 'overflow'],
])
const LENGTHS = new Set(['font-size', 'letter-spacing'])
