/** The properties of CSS that decide whether text is seen, and the names they have. */

/** Those that are read, without those that mean several of them or another one. */
export const READ_PROPERTIES: ReadonlySet<string> = new Set([
  ...['display', 'visibility', 'content-visibility', 'opacity', 'filter', 'mask-image', 'mask-size', 'mix-blend-mode', 'content'],
  ...['font-size', 'font-size-adjust', 'letter-spacing', 'word-spacing', 'line-height', 'text-indent', 'vertical-align'],
  ...['color', 'text-fill-color', 'text-stroke', 'text-shadow', 'text-security', 'fill', 'fill-opacity', 'color-scheme'],
  ...['background-color', 'background-image', 'background-clip', 'unicode-bidi'],
  ...['position', 'left', 'right', 'top', 'bottom', 'margin-left', 'margin-right', 'margin-top', 'margin-bottom', 'float'],
  ...['clip', 'clip-path', 'transform', 'scale', 'translate', 'rotate', 'zoom', 'offset-path', 'backface-visibility'],
  ...['overflow', 'contain', 'height', 'max-height', 'min-height', 'width', 'max-width', 'min-width', 'grid-template-rows'],
  ...['padding-top', 'padding-right', 'padding-bottom', 'padding-left', 'animation-name'],
])

/** Those that an element has from the one around it where nothing is declared. */
export const INHERITED: ReadonlySet<string> = new Set([
  ...['visibility', 'font-size', 'font-size-adjust', 'letter-spacing', 'word-spacing', 'line-height', 'text-indent'],
  ...['color', 'text-fill-color', 'text-stroke', 'text-shadow', 'text-security', 'fill', 'fill-opacity', 'color-scheme'],
])

/** Shorthands of two or four sides, by what they mean. */
export const SIDES: ReadonlyMap<string, readonly string[]> = new Map([
  ['inset', ['top', 'right', 'bottom', 'left']],
  ['inset-block', ['top', 'bottom']],
  ['inset-inline', ['left', 'right']],
  ...['margin', 'padding'].flatMap((box): [string, string[]][] => [
    [box, ['top', 'right', 'bottom', 'left'].map((side) => `${box}-${side}`)],
    [`${box}-block`, [`${box}-top`, `${box}-bottom`]],
    [`${box}-inline`, [`${box}-left`, `${box}-right`]],
  ]),
])

const SHORTHANDS = new Set(['font', 'background', 'overflow-x', 'overflow-y', 'all', ...SIDES.keys()])

/** Names that mean another property: older ones, and those of the writing direction, which is left to right in all but a few mails. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ...['text-fill-color', 'background-clip', 'clip-path', 'transform', 'filter', 'text-stroke', 'text-security', 'opacity'].map(
    (name) => [`-webkit-${name}`, name] as const,
  ),
  ...['mask-size', 'mask-image', 'animation-name', 'backface-visibility'].map((name) => [`-webkit-${name}`, name] as const),
  ...['mask', '-webkit-mask', '-webkit-mask-box-image', 'mask-border'].map((name) => [name, 'mask-image'] as const),
  ...['animation', '-webkit-animation'].map((name) => [name, 'animation-name'] as const),
  ...['offset', 'motion', 'motion-path'].map((name) => [name, 'offset-path'] as const),
  ...['grid', 'grid-template'].map((name) => [name, 'grid-template-rows'] as const),
  ...['', 'min-', 'max-'].flatMap((bound) => [
    [`${bound}block-size`, `${bound}height`] as const,
    [`${bound}inline-size`, `${bound}width`] as const,
    [`-webkit-${bound}logical-height`, `${bound}height`] as const,
    [`-webkit-${bound}logical-width`, `${bound}width`] as const,
  ]),
  ['overflow-block', 'overflow-y'],
  ['overflow-inline', 'overflow-x'],
  ['inset-block-start', 'top'],
  ['inset-block-end', 'bottom'],
  ['inset-inline-start', 'left'],
  ['inset-inline-end', 'right'],
  ...['margin', 'padding'].flatMap((box) => [
    [`${box}-block-start`, `${box}-top`] as const,
    [`${box}-block-end`, `${box}-bottom`] as const,
    [`${box}-inline-start`, `${box}-left`] as const,
    [`${box}-inline-end`, `${box}-right`] as const,
    [`-webkit-${box}-start`, `${box}-left`] as const,
    [`-moz-${box}-start`, `${box}-left`] as const,
    [`-webkit-${box}-before`, `${box}-top`] as const,
  ]),
])

/** The name under which a property is kept; null for one that is not read. Custom ones keep their case (CSS Variables 1 section 2). */
export function nameProperty(written: string): string | null {
  if (written.startsWith('--')) return written
  const name = written.toLowerCase()
  const property = OTHER_NAMES.get(name) ?? name
  return READ_PROPERTIES.has(property) || SHORTHANDS.has(property) ? property : null
}
