/** The colour spaces of CSS, to sRGB and back (CSS Color 4 section 17). Wide gamuts are taken for sRGB: greys are the same in all of them. */

/** Three channels; those of sRGB are from 0 to 1. */
export type Channels = readonly [number, number, number]

type Space = {
  readonly names: string
  readonly full: Channels
  readonly toRgb: (channels: Channels) => Channels
  readonly fromRgb: (rgb: Channels) => Channels
}

type Matrix = readonly [Channels, Channels, Channels]

const RGB_TO_XYZ: Matrix = [
  [0.4123908, 0.3575843, 0.1804808],
  [0.212639, 0.7151687, 0.0721923],
  [0.0193308, 0.1191948, 0.9505322],
]
const XYZ_TO_RGB: Matrix = [
  [3.2409699, -1.5373832, -0.4986108],
  [-0.9692436, 1.8759675, 0.0415551],
  [0.0556301, -0.203977, 1.0569715],
]
const RGB_TO_LMS: Matrix = [
  [0.4122215, 0.5363325, 0.0514459],
  [0.2119035, 0.6806995, 0.1073969],
  [0.0883025, 0.2817188, 0.6299787],
]
const LMS_TO_RGB: Matrix = [
  [4.0767417, -3.3077116, 0.2309699],
  [-1.268438, 2.6097574, -0.3413194],
  [-0.0041961, -0.7034186, 1.7076147],
]
const LMS_TO_LAB: Matrix = [
  [0.2104543, 0.7936178, -0.004072],
  [1.9779985, -2.4285922, 0.4505937],
  [0.025904, 0.7827718, -0.8086758],
]
const LAB_TO_LMS: Matrix = [
  [1, 0.3963378, 0.2158038],
  [1, -0.1055613, -0.0638542],
  [1, -0.0894842, -1.2914855],
]
const WHITE_XYZ: Channels = [0.9504559, 1, 1.0890578]

function multiply(matrix: Matrix, [x, y, z]: Channels): Channels {
  const [first, second, third] = matrix.map(([a, b, c]) => a * x + b * y + c * z)
  return [first ?? 0, second ?? 0, third ?? 0]
}

function each([x, y, z]: Channels, change: (channel: number, at: number) => number): Channels {
  return [change(x, 0), change(y, 1), change(z, 2)]
}

function toLinear(rgb: Channels): Channels {
  return each(rgb, (part) => {
    const size = Math.abs(part)
    return Math.sign(part) * (size <= 0.04045 ? size / 12.92 : ((size + 0.055) / 1.055) ** 2.4)
  })
}

function fromLinear(linear: Channels): Channels {
  return each(linear, (part) => {
    const size = Math.abs(part)
    return Math.sign(part) * (size <= 0.0031308 ? size * 12.92 : 1.055 * size ** (1 / 2.4) - 0.055)
  })
}

function labToRgb([lightness, a, b]: Channels): Channels {
  const y = (lightness + 16) / 116
  const relative = each([y + a / 500, y, y - b / 200], (part) =>
    part > 6 / 29 ? part ** 3 : (part - 4 / 29) * 3 * (6 / 29) ** 2,
  )
  return fromLinear(
    multiply(
      XYZ_TO_RGB,
      each(relative, (part, at) => part * (WHITE_XYZ[at] ?? 1)),
    ),
  )
}

function rgbToLab(rgb: Channels): Channels {
  const xyz = multiply(RGB_TO_XYZ, toLinear(rgb))
  const [x, y, z] = each(xyz, (part, at) => {
    const relative = part / (WHITE_XYZ[at] ?? 1)
    return relative > (6 / 29) ** 3 ? Math.cbrt(relative) : relative / (3 * (6 / 29) ** 2) + 4 / 29
  })
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
}

function oklabToRgb(lab: Channels): Channels {
  return fromLinear(
    multiply(
      LMS_TO_RGB,
      each(multiply(LAB_TO_LMS, lab), (part) => part ** 3),
    ),
  )
}

function rgbToOklab(rgb: Channels): Channels {
  return multiply(LMS_TO_LAB, each(multiply(RGB_TO_LMS, toLinear(rgb)), Math.cbrt))
}

function fromPolar([lightness, chroma, hue]: Channels): Channels {
  const angle = (hue * Math.PI) / 180
  return [lightness, chroma * Math.cos(angle), chroma * Math.sin(angle)]
}

function toPolar([lightness, a, b]: Channels): Channels {
  return [lightness, Math.hypot(a, b), (Math.atan2(b, a) * 180) / Math.PI]
}

/** CSS Color 4 section 7.1. */
function hslToRgb([hue, saturation, lightness]: Channels): Channels {
  const amplitude = saturation * Math.min(lightness, 1 - lightness)
  return each([0, 8, 4], (offset) => {
    const turn = (((offset + hue / 30) % 12) + 12) % 12
    return lightness - amplitude * Math.max(-1, Math.min(turn - 3, 9 - turn, 1))
  })
}

function rgbToHsl(rgb: Channels): Channels {
  const [most, least] = [Math.max(...rgb), Math.min(...rgb)]
  const [red, green, blue] = rgb
  const range = most - least
  const lightness = (most + least) / 2
  if (range === 0) return [0, 0, lightness]
  const turn = most === red ? (green - blue) / range + 6 : most === green ? (blue - red) / range + 2 : (red - green) / range + 4
  return [(turn * 60) % 360, range / (1 - Math.abs(2 * lightness - 1)), lightness]
}

function hwbToRgb([hue, white, black]: Channels): Channels {
  if (white + black >= 1) return each([0, 0, 0], () => white / (white + black))
  return each(hslToRgb([hue, 1, 0.5]), (part) => part * (1 - white - black) + white)
}

function rgbToHwb(rgb: Channels): Channels {
  return [rgbToHsl(rgb)[0], Math.min(...rgb), 1 - Math.max(...rgb)]
}

function keep(channels: Channels): Channels {
  return channels
}

const RGB_SPACE: Space = { names: 'rgb', full: [1, 1, 1], toRgb: keep, fromRgb: keep }
const XYZ_SPACE: Space = {
  names: 'xyz',
  full: [1, 1, 1],
  toRgb: (xyz) => fromLinear(multiply(XYZ_TO_RGB, xyz)),
  fromRgb: (rgb) => multiply(RGB_TO_XYZ, toLinear(rgb)),
}

/** Spaces by their names: those of their channels, and what 100 % of each are. Those of `rgb()` count to 255, which is not seen here. */
export const SPACES: ReadonlyMap<string, Space> = new Map<string, Space>([
  ...['srgb', 'display-p3', 'a98-rgb', 'prophoto-rgb', 'rec2020', 'display-p3-linear'].map((name) => [name, RGB_SPACE] as const),
  ...['xyz', 'xyz-d50', 'xyz-d65'].map((name) => [name, XYZ_SPACE] as const),
  ['srgb-linear', { names: 'rgb', full: [1, 1, 1], toRgb: fromLinear, fromRgb: toLinear }],
  ['hsl', { names: 'hsl', full: [360, 1, 1], toRgb: hslToRgb, fromRgb: rgbToHsl }],
  ['hwb', { names: 'hwb', full: [360, 1, 1], toRgb: hwbToRgb, fromRgb: rgbToHwb }],
  ['lab', { names: 'lab', full: [100, 125, 125], toRgb: labToRgb, fromRgb: rgbToLab }],
  ['oklab', { names: 'lab', full: [1, 0.4, 0.4], toRgb: oklabToRgb, fromRgb: rgbToOklab }],
  [
    'lch',
    { names: 'lch', full: [100, 150, 360], toRgb: (lch) => labToRgb(fromPolar(lch)), fromRgb: (rgb) => toPolar(rgbToLab(rgb)) },
  ],
  [
    'oklch',
    { names: 'lch', full: [1, 0.4, 360], toRgb: (lch) => oklabToRgb(fromPolar(lch)), fromRgb: (rgb) => toPolar(rgbToOklab(rgb)) },
  ],
])
