/** Which declaration of a property prevails (CSS Cascade 5), and in which readings of a sheet whose rules do not apply to every reader. */

import type { Verdict } from './conditions.ts'
import type { Declarations, Declared } from './declarations.ts'

/** A declaration and what it prevails over: the greater weight counts, of equals the later one. */
type Weighed = Declared & { readonly weight: number; readonly order: number }

/** The prevailing declarations of each verdict. */
export type Cascade = Map<Verdict, Map<string, Weighed>>

/**
 * What is declared of an element: for sure, where a value of null stands for one that is not the same for every reader; on the usual screen, as if what is
 * unknown did not apply; and there as if it did. One and the same where there is no difference.
 */
export type Readings = { readonly sure: Declarations; readonly likely: Declarations; readonly wary: Declarations }

/** Nothing is declared. */
export const NO_READINGS: Readings = { sure: new Map(), likely: new Map(), wary: new Map() }

const SPECIFICITIES = 2 ** 24
const LAYERS = 1_000
const IMPORTANT = SPECIFICITIES * LAYERS * 2

/** A cascade without declarations. */
export function newCascade(): Cascade {
  return new Map()
}

/** Adds a declaration, where it prevails. Of important ones, those of the first layer do (CSS Cascade 5 section 6.4.4). */
export function weigh(
  cascade: Cascade,
  verdict: Verdict,
  property: string,
  declared: Declared,
  layerWeight: number,
  specificity: number,
  order: number,
): void {
  const rank = Math.min(specificity, SPECIFICITIES - 1)
  const weight = declared.isImportant ? IMPORTANT - layerWeight * SPECIFICITIES + rank : layerWeight * SPECIFICITIES + rank
  const declarations = cascade.get(verdict) ?? new Map<string, Weighed>()
  cascade.set(verdict, declarations)
  put(declarations, property, { ...declared, weight, order })
}

/** The weights of layers, in the order in which they were named, each after those in it; 0 is that of what is in none. */
export function weighLayers(layers: ReadonlySet<string>): ReadonlyMap<string, number> {
  const names = new Map([...layers].map((layer, at) => [layer, at] as const))
  const paths = [...layers].map((layer) => {
    const parts = layer.split('.')
    const places = parts.map((_, at) => names.get(parts.slice(0, at + 1).join('.')) ?? names.get(layer) ?? 0)
    return { layer, places: [...places, Number.POSITIVE_INFINITY] }
  })
  paths.sort((first, second) => comparePlaces(first.places, second.places))
  return new Map(paths.map(({ layer }, at) => [layer, at - paths.length]))
}

function comparePlaces(first: readonly number[], second: readonly number[]): number {
  const at = first.findIndex((place, index) => place !== second[index])
  return at < 0 ? 0 : (first[at] ?? 0) < (second[at] ?? 0) ? -1 : 1
}

/** The readings of all that is declared of one element. */
export function readCascade(cascades: readonly Cascade[]): Readings {
  const always = join(cascades, ['always'])
  const doubtful = join(cascades, ['desktop', 'unknown', 'elsewhere'])
  if (doubtful.size === 0) return { sure: always, likely: always, wary: always }
  const sure = new Map<string, Declared>(always)
  for (const [property, declared] of doubtful) {
    if (prevails(declared, always.get(property)) && declared.value !== always.get(property)?.value) {
      sure.set(property, { value: null, isImportant: declared.isImportant })
    }
  }
  const likely = join(cascades, ['always', 'desktop'])
  const wary = cascades.some((cascade) => cascade.has('unknown')) ? join(cascades, ['always', 'desktop', 'unknown']) : likely
  return { sure, likely, wary }
}

function join(cascades: readonly Cascade[], verdicts: readonly Verdict[]): Map<string, Weighed> {
  const joined = new Map<string, Weighed>()
  for (const cascade of cascades) {
    for (const verdict of verdicts) {
      for (const [property, weighed] of cascade.get(verdict) ?? NOTHING) put(joined, property, weighed)
    }
  }
  return joined
}

const NOTHING: ReadonlyMap<string, Weighed> = new Map()

function prevails(weighed: Weighed, before: Weighed | undefined): boolean {
  return (
    before === undefined || weighed.weight > before.weight || (weighed.weight === before.weight && weighed.order >= before.order)
  )
}

function put(declarations: Map<string, Weighed>, property: string, weighed: Weighed): void {
  if (prevails(weighed, declarations.get(property))) declarations.set(property, weighed)
}
