/** Lengths and colours of CSS, as far as they decide whether text is seen. Values come in lower case, without white space around them. */

/** A colour as 0xRRGGBB; TRANSPARENT; null for one that is not understood, which is never taken for another. */
export type Color = number | null

/** A colour that covers nothing. */
export const TRANSPARENT = -1

/** Longer values say nothing that is read here, and cost nothing. */
const MAX_VALUE_CHARS = 200

/** Less of a colour than this is not seen. */
const LEAST_ALPHA = 0.1

/** A viewport of 600 px, as wide as mail is designed. `ex`, `ch` and the em follow the font. */
const PX_PER_UNIT: ReadonlyMap<string, number> = new Map(
  Object.entries({
    '': 1,
    px: 1,
    pt: 4 / 3,
    pc: 16,
    in: 96,
    cm: 37.8,
    mm: 3.78,
    q: 0.945,
    rem: 16,
    vw: 6,
    vh: 6,
    vmin: 6,
    vmax: 6,
  }),
)
const EM_PER_UNIT: ReadonlyMap<string, number> = new Map(Object.entries({ em: 1, ex: 0.5, ch: 0.5 }))

/** A length in pixels; `fontPx` is what an em is, `fullPx` what 100 % are. Null for what is no length. */
export function readLengthPx(value: string, fontPx: number, fullPx: number): number | null {
  if (value.length > MAX_VALUE_CHARS) return null
  const [, digits, unit = ''] = /^([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?)([a-z]*|%)$/.exec(value) ?? []
  if (digits === undefined) return null
  const number = Number(digits)
  if (unit === '%') return (number * fullPx) / 100
  const perUnit = PX_PER_UNIT.get(unit) ?? (EM_PER_UNIT.get(unit) ?? Number.NaN) * fontPx
  return Number.isNaN(perUnit) ? null : number * perUnit
}

/** The names of the colours that mailers use for text and paper, and of all that are nearly white (CSS Color 4 section 6.1). */
const NAMED: ReadonlyMap<string, number> = new Map(
  Object.entries({
    ...{ black: 0x000000, silver: 0xc0c0c0, gray: 0x808080, grey: 0x808080, white: 0xffffff, maroon: 0x800000, red: 0xff0000 },
    ...{ purple: 0x800080, fuchsia: 0xff00ff, magenta: 0xff00ff, green: 0x008000, lime: 0x00ff00, olive: 0x808000 },
    ...{ yellow: 0xffff00, navy: 0x000080, blue: 0x0000ff, teal: 0x008080, aqua: 0x00ffff, cyan: 0x00ffff, orange: 0xffa500 },
    ...{ darkgray: 0xa9a9a9, darkgrey: 0xa9a9a9, lightgray: 0xd3d3d3, lightgrey: 0xd3d3d3, gainsboro: 0xdcdcdc },
    ...{
      whitesmoke: 0xf5f5f5,
      snow: 0xfffafa,
      ivory: 0xfffff0,
      ghostwhite: 0xf8f8ff,
      floralwhite: 0xfffaf0,
      mintcream: 0xf5fffa,
    },
    ...{
      azure: 0xf0ffff,
      aliceblue: 0xf0f8ff,
      seashell: 0xfff5ee,
      honeydew: 0xf0fff0,
      lavenderblush: 0xfff0f5,
      oldlace: 0xfdf5e6,
    },
    ...{ transparent: TRANSPARENT },
  }),
)

/** A colour; also as old attributes write it, without the hash. */
export function readColor(value: string): Color {
  if (value.length > MAX_VALUE_CHARS) return null
  const named = NAMED.get(value)
  if (named !== undefined) return named
  const hex = /^#?([\da-f]{3,8})$/.exec(value)?.[1]
  if (hex !== undefined) return readHex(hex)
  const [, name = '', args = ''] = /^(rgb|hsl)a?\(([^()]*)\)$/.exec(value) ?? []
  const parts = args.split(/[\s,/]+/).filter((part) => part !== '')
  if (parts.length < 3) return null
  if (readPart(parts[3] ?? '1', 1) < LEAST_ALPHA) return TRANSPARENT
  if (name === 'hsl') return readLightness(parts[2] ?? '')
  const [red = 0, green = 0, blue = 0] = parts.map((part) => Math.round(Math.min(Math.max(readPart(part, 255), 0), 255)))
  return isSolid(parts[3]) && ![red, green, blue].some(Number.isNaN) ? red * 0x10000 + green * 0x100 + blue : null
}

/** Whether two colours are so near that a reader cannot tell text from paper. */
export function isAlike(first: Color, second: Color): boolean {
  if (first === null || second === null || first === TRANSPARENT || second === TRANSPARENT) return false
  return [0x10000, 0x100, 1].every((unit) => Math.abs(channel(first, unit) - channel(second, unit)) <= MAX_CHANNEL_DIFFERENCE)
}

/** Of 255. At this difference from white the contrast is 1.15 to 1, and 4.5 is what is called readable. */
const MAX_CHANNEL_DIFFERENCE = 16

function channel(color: number, unit: number): number {
  return Math.floor(color / unit) % 0x100
}

function readHex(hex: string): Color {
  if (![3, 4, 6, 8].includes(hex.length)) return null
  const long = hex.length < 6 ? [...hex].map((digit) => digit + digit).join('') : hex
  const alpha = Number.parseInt(long.slice(6) || 'ff', 16) / 255
  if (alpha < LEAST_ALPHA) return TRANSPARENT
  return isSolid(`${alpha}`) ? Number.parseInt(long.slice(0, 6), 16) : null
}

/** What lies behind half a colour shows through; text of it is not compared with paper either. */
function isSolid(alpha: string | undefined): boolean {
  return readPart(alpha ?? '1', 1) > 0.6
}

/** Only white and black, which are so in every hue. */
function readLightness(part: string): Color {
  const lightness = readPart(part.endsWith('%') ? part : `${part}%`, 1)
  if (lightness >= 0.97) return 0xffffff
  return lightness <= 0.02 ? 0 : null
}

function readPart(part: string, full: number): number {
  return part.endsWith('%') ? (Number(part.slice(0, -1)) * full) / 100 : Number(part)
}
