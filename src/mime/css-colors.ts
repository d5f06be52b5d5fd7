/** Colours of CSS, as far as they decide whether text is seen. Values come in lower case, without white space around them. */

/** A colour as 0xRRGGBB; TRANSPARENT; null for one that is not understood, which is never taken for another. */
export type Color = number | null

/** A colour that covers nothing. */
export const TRANSPARENT = -1

/** Longer values say nothing that is read here, and cost nothing. */
const MAX_COLOR_CHARS = 200
/** Less of a colour than this is not seen. */
const LEAST_ALPHA = 0.1

/** The named colours (CSS Color 4 section 6.1). */
const NAMES =
  'aliceblue f0f8ff antiquewhite faebd7 aqua 00ffff aquamarine 7fffd4 azure f0ffff beige f5f5dc bisque ffe4c4 black 000000 blanchedalmond ffebcd ' +
  'blue 0000ff blueviolet 8a2be2 brown a52a2a burlywood deb887 cadetblue 5f9ea0 chartreuse 7fff00 chocolate d2691e coral ff7f50 cornflowerblue 6495ed ' +
  'cornsilk fff8dc crimson dc143c cyan 00ffff darkblue 00008b darkcyan 008b8b darkgoldenrod b8860b darkgray a9a9a9 darkgreen 006400 darkgrey a9a9a9 ' +
  'darkkhaki bdb76b darkmagenta 8b008b darkolivegreen 556b2f darkorange ff8c00 darkorchid 9932cc darkred 8b0000 darksalmon e9967a darkseagreen 8fbc8f ' +
  'darkslateblue 483d8b darkslategray 2f4f4f darkslategrey 2f4f4f darkturquoise 00ced1 darkviolet 9400d3 deeppink ff1493 deepskyblue 00bfff ' +
  'dimgray 696969 dimgrey 696969 dodgerblue 1e90ff firebrick b22222 floralwhite fffaf0 forestgreen 228b22 fuchsia ff00ff gainsboro dcdcdc ' +
  'ghostwhite f8f8ff gold ffd700 goldenrod daa520 gray 808080 green 008000 greenyellow adff2f grey 808080 honeydew f0fff0 hotpink ff69b4 ' +
  'indianred cd5c5c indigo 4b0082 ivory fffff0 khaki f0e68c lavender e6e6fa lavenderblush fff0f5 lawngreen 7cfc00 lemonchiffon fffacd lightblue add8e6 ' +
  'lightcoral f08080 lightcyan e0ffff lightgoldenrodyellow fafad2 lightgray d3d3d3 lightgreen 90ee90 lightgrey d3d3d3 lightpink ffb6c1 ' +
  'lightsalmon ffa07a lightseagreen 20b2aa lightskyblue 87cefa lightslategray 778899 lightslategrey 778899 lightsteelblue b0c4de lightyellow ffffe0 ' +
  'lime 00ff00 limegreen 32cd32 linen faf0e6 magenta ff00ff maroon 800000 mediumaquamarine 66cdaa mediumblue 0000cd mediumorchid ba55d3 ' +
  'mediumpurple 9370db mediumseagreen 3cb371 mediumslateblue 7b68ee mediumspringgreen 00fa9a mediumturquoise 48d1cc mediumvioletred c71585 ' +
  'midnightblue 191970 mintcream f5fffa mistyrose ffe4e1 moccasin ffe4b5 navajowhite ffdead navy 000080 oldlace fdf5e6 olive 808000 olivedrab 6b8e23 ' +
  'orange ffa500 orangered ff4500 orchid da70d6 palegoldenrod eee8aa palegreen 98fb98 paleturquoise afeeee palevioletred db7093 papayawhip ffefd5 ' +
  'peachpuff ffdab9 peru cd853f pink ffc0cb plum dda0dd powderblue b0e0e6 purple 800080 rebeccapurple 663399 red ff0000 rosybrown bc8f8f ' +
  'royalblue 4169e1 saddlebrown 8b4513 salmon fa8072 sandybrown f4a460 seagreen 2e8b57 seashell fff5ee sienna a0522d silver c0c0c0 skyblue 87ceeb ' +
  'slateblue 6a5acd slategray 708090 slategrey 708090 snow fffafa springgreen 00ff7f steelblue 4682b4 tan d2b48c teal 008080 thistle d8bfd8 ' +
  'tomato ff6347 turquoise 40e0d0 violet ee82ee wheat f5deb3 white ffffff whitesmoke f5f5f5 yellow ffff00 yellowgreen 9acd32 canvas ffffff canvastext 000000'

const NAMED = readNames(NAMES.split(' '))

function readNames(words: readonly string[]): ReadonlyMap<string, number> {
  const named = new Map([['transparent', TRANSPARENT]])
  for (let at = 0; at < words.length; at += 2) named.set(words[at] ?? '', Number.parseInt(words[at + 1] ?? '', 16))
  return named
}

/** A colour; also as old attributes write it, without the hash. */
export function readColor(value: string): Color {
  if (value.length > MAX_COLOR_CHARS) return null
  const named = NAMED.get(value)
  if (named !== undefined) return named
  const hex = /^#?([\da-f]{3,8})$/.exec(value)?.[1]
  if (hex !== undefined) return readHex(hex)
  const [, name = '', args = ''] = /^(rgb|hsl|hwb|lab|lch|oklab|oklch)a?\(([^()]*)\)$/.exec(value) ?? []
  const parts = args.split(/[\s,/]+/).filter((part) => part !== '')
  if (parts.length < 3) return null
  if (readPart(parts[3] ?? '1', 1) < LEAST_ALPHA) return TRANSPARENT
  if (!isSolid(parts[3])) return null
  if (name === 'hsl') return readHsl(parts)
  if (name === 'hwb') return readLightness(readPart(percent(parts[1]), 1), readPart(percent(parts[2]), 1))
  if (name !== 'rgb')
    return readLightness(readPart(parts[0] ?? '', 1) / (name.startsWith('ok') || parts[0]?.endsWith('%') ? 1 : 100), null)
  const [red = 0, green = 0, blue = 0] = parts.map((part) => Math.round(Math.min(Math.max(readPart(part, 255), 0), 255)))
  return [red, green, blue].some(Number.isNaN) ? null : red * 0x10000 + green * 0x100 + blue
}

/** Whether this is a colour to a browser, also one that is not worked out here. */
export function isKnownColor(value: string): boolean {
  if (value.length > MAX_COLOR_CHARS) return false
  if (NAMED.has(value) || value === 'currentcolor' || SYSTEM_COLORS.test(value)) return true
  const hex = /^#?([\da-f]{3,8})$/.exec(value)?.[1]
  if (hex !== undefined) return [3, 4, 6, 8].includes(hex.length)
  if (/^(?:color|color-mix|light-dark|device-cmyk)\([^()]*\d[^()]*\)$|^(?:color-mix|light-dark)\(.*\)$/s.test(value)) return true
  const args = /^(?:rgb|hsl|hwb|lab|lch|oklab|oklch)a?\((.*)\)$/s.exec(value)?.[1]
  if (args === undefined) return false
  if (/^\s*from\s|\bcalc\(/.test(args)) return true
  const parts = args.split(/[\s,/]+/).filter((part) => part !== '')
  return (parts.length === 3 || parts.length === 4) && parts.every((part) => COLOR_PART.test(part))
}

const COLOR_PART = /^(?:[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?(?:%|deg|rad|grad|turn)?|none)$/
/** CSS Color 4 section 6.2 and appendix A, and what browsers add. */
const SYSTEM_COLORS =
  /^(?:accentcolor|accentcolortext|activetext|linktext|visitedtext|button(?:border|face|text|highlight|shadow)|field|fieldtext|graytext|highlight|highlighttext|mark|marktext|selecteditem|selecteditemtext|window|windowtext|windowframe|menu|menutext|infobackground|infotext|scrollbar|background|(?:in)?active(?:border|caption|captiontext)|captiontext|appworkspace|threed(?:face|shadow|highlight|darkshadow|lightshadow)|-webkit-(?:link|text|activelink))$/

/** Whether two colours are so near that a reader cannot tell text from paper. */
export function isAlike(first: Color, second: Color): boolean {
  if (first === null || second === null || first === TRANSPARENT || second === TRANSPARENT) return false
  return [0x10000, 0x100, 1].every((unit) => Math.abs(channel(first, unit) - channel(second, unit)) <= MAX_CHANNEL_DIFFERENCE)
}

/** Of 255. At this difference from white the contrast is 1.15 to 1, and 4.5 is what is called readable. */
const MAX_CHANNEL_DIFFERENCE = 16

/** The one colour of a gradient whose stops are all alike, which is no picture; null for any other value. */
export function readGradient(value: string): Color {
  if (value.length > MAX_GRADIENT_CHARS) return null
  const args = /^(?:-webkit-|-moz-)?(?:repeating-)?(?:linear|radial|conic)-gradient\((.*)\)$/s.exec(value)?.[1]
  if (args === undefined) return null
  const stops = (args.match(/[^,()]+(?:\([^()]*\)[^,()]*)?/g) ?? []).map((stop) => stop.trim())
  const colors = stops
    .filter((stop) => !GRADIENT_LINE.test(stop))
    .map((stop) => readColor(stop.replace(/(?:\s+-?[\d.]+(?:%|[a-z]+)?)+$/, '')))
  const [first = null] = colors
  if (first === TRANSPARENT) return colors.every((color) => color === TRANSPARENT) ? TRANSPARENT : null
  return colors.every((color) => isAlike(first, color)) ? first : null
}

const MAX_GRADIENT_CHARS = 500
/** What stands before the stops: direction, shape. */
const GRADIENT_LINE =
  /^(?:to\s|from\s|-?[\d.]+(?:deg|rad|turn|grad)|circle|ellipse|at\s|closest|farthest|in\s|top|left|right|bottom)/

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

/** CSS Color 4 section 7.1. */
function readHsl(parts: readonly string[]): Color {
  const [hue, saturation, lightness] = [
    Number.parseFloat(parts[0] ?? ''),
    readPart(percent(parts[1]), 1),
    readPart(percent(parts[2]), 1),
  ]
  if ([hue, saturation, lightness].some(Number.isNaN)) return null
  const amplitude = saturation * Math.min(lightness, 1 - lightness)
  const [red = 0, green = 0, blue = 0] = [0, 8, 4].map((offset) => {
    const turn = (offset + hue / 30) % 12
    const value = lightness - amplitude * Math.max(-1, Math.min(turn - 3, 9 - turn, 1))
    return Math.round(Math.min(Math.max(value, 0), 1) * 255)
  })
  return red * 0x10000 + green * 0x100 + blue
}

/** Only white and black, which are so in every hue. */
function readLightness(white: number, black: number | null): Color {
  if (white >= 0.98) return 0xffffff
  return (black === null ? white <= 0.02 : black >= 0.98) ? 0 : null
}

function percent(part: string | undefined): string {
  return part === undefined || part.endsWith('%') ? (part ?? '') : `${part}%`
}

function readPart(part: string, full: number): number {
  return part.endsWith('%') ? (Number(part.slice(0, -1)) * full) / 100 : Number(part)
}
