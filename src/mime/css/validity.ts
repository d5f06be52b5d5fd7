/**
 * Whether a browser takes a declaration. One of an invalid value is none (CSS Syntax 3 section 9) and does not take back what was declared before it:
 * `opacity:0;opacity:bogus` hides. What is not understood here counts as invalid, for what is hidden is counted and what is shown is believed.
 */

import { isKnownColor } from './colors.ts'

/** `unsure`: valid only in quirks mode (Quirks Mode section 3.2), so that it replaces nothing. */
export type Validity = 'valid' | 'unsure' | 'invalid'

/** Longer values are of pictures, or of nobody. */
const MAX_JUDGED_CHARS = 500

const NUMBER = '[+-]?(?:\\d+(?:\\.\\d+)?|\\.\\d+)(?:e[+-]?\\d+)?'
const UNIT = '(?:px|pt|pc|in|cm|mm|q|r?(?:em|ex|ch|ic|cap|lh)|[sld]?v(?:w|h|i|b|min|max)|cq(?:w|h|i|b|min|max)|%)'
const ANGLE = '(?:deg|grad|rad|turn)'
const IS_NUMBER = new RegExp(`^${NUMBER}%?$`)
const IS_PLAIN_NUMBER = new RegExp(`^${NUMBER}$`)
const IS_LENGTH = new RegExp(`^${NUMBER}${UNIT}$`)
const IS_ZERO = /^[+-]?0*(?:0|\.0+|0\.0+)$/
const IS_ANGLE = new RegExp(`^(?:${NUMBER}${ANGLE}|[+-]?0)$`)
const IS_CALCULATION = /^(?:-webkit-|-moz-)?(?:calc|min|max|clamp|round|abs)\(.*\)$/s
/** What functions of lengths, angles and shapes are made of. */
const ARGUMENTS = new RegExp(
  `${NUMBER}(?:${UNIT}|${ANGLE})?(?![\\w.])|[\\s+*/(),-]|\\b(?:calc|min|max|clamp|round|abs|pi|infinity|at|center|left|right|top|bottom|auto|closest-side|farthest-side|evenodd|nonzero|none)\\b`,
  'g',
)

const WIDE = /^(?:initial|inherit|unset|revert|revert-layer)$/
const BOX_FUNCTION = /^(?:min-content|max-content|fit-content|stretch|-webkit-fill-available|-moz-available|fit-content\(.*\))$/
const TRANSFORMS = /^(?:(?:matrix|translate|scale|rotate|skew|perspective)(?:3d|x|y|z)?\([^()]*(?:\([^()]*\)[^()]*)*\)\s*)+$/
const SHAPES = /^(?:inset|circle|ellipse|polygon|rect|xywh)\([^()]*(?:\([^()]*\)[^()]*)*\)$/
const FILTERS =
  /^(?:(?:url|blur|brightness|contrast|drop-shadow|grayscale|hue-rotate|invert|opacity|saturate|sepia)\([^()]*(?:\([^()]*\)[^()]*)*\)\s*)+$/
const PICTURE =
  /^(?:none\b|url\(|(?:-webkit-|-moz-)?(?:repeating-)?(?:linear|radial|conic)-gradient\(|(?:-webkit-)?(?:image-set|cross-fade)\(|image\()/
const DISPLAY =
  /^(?:none|contents|(?:inline-)?(?:block|flex|grid|table)|inline|list-item|flow-root|run-in|table-(?:row|cell|column|caption|(?:row|header|footer|column)-group)|-webkit-(?:inline-)?(?:box|flex)|math|(?:ruby(?:-text)?)|(?:block|inline)\s+(?:flow|flow-root|flex|grid|table|ruby|math)(?:\s+list-item)?)$/

function oneOf(words: string): (value: string) => Validity {
  const known = new RegExp(`^(?:${words})$`)
  return (value) => (known.test(value) ? 'valid' : 'invalid')
}

function lengthOr(words: string, isNegativeValid = true): (value: string) => Validity {
  const known = new RegExp(`^(?:${words})$`)
  return (value) => {
    if (known.test(value)) return 'valid'
    return value.startsWith('-') && !isNegativeValid && !IS_ZERO.test(value) && !value.includes('(')
      ? 'invalid'
      : judgeLength(value)
  }
}

function judgeLength(value: string): Validity {
  if (IS_LENGTH.test(value) || IS_ZERO.test(value)) return 'valid'
  if (IS_CALCULATION.test(value)) return hasArguments(value.replace(/^-(?:webkit|moz)-/, '')) ? 'valid' : 'invalid'
  return IS_PLAIN_NUMBER.test(value) ? 'unsure' : 'invalid'
}

function hasArguments(value: string): boolean {
  return /\d/.test(value) && value.replace(ARGUMENTS, '') === ''
}

function judgeSize(value: string): Validity {
  return BOX_FUNCTION.test(value) ? 'valid' : SIZE(value)
}

const SIZE = lengthOr('auto|none', false)

function judgeNumber(value: string): Validity {
  return IS_NUMBER.test(value) || (IS_CALCULATION.test(value) && hasArguments(value)) ? 'valid' : 'invalid'
}

function judgeColor(value: string): Validity {
  return isKnownColor(value) ? 'valid' : 'invalid'
}

function judgePicture(value: string): Validity {
  return PICTURE.test(value) ? 'valid' : 'invalid'
}

/** A list of words, each of which is judged. */
function listOf(judge: (value: string) => Validity, most: number): (value: string) => Validity {
  return (value) => {
    const words = splitWords(value)
    if (words.length === 0 || words.length > most) return 'invalid'
    const validities = words.map(judge)
    return validities.includes('invalid') ? 'invalid' : validities.includes('unsure') ? 'unsure' : 'valid'
  }
}

function functionsOr(words: string, functions: RegExp): (value: string) => Validity {
  const known = new RegExp(`^(?:${words})$`)
  return (value) => {
    if (known.test(value)) return 'valid'
    if (!functions.test(value)) return 'invalid'
    const args = value.replace(/[a-z][a-z\d-]*\(/g, ' (')
    return /url\(|drop-shadow\(/.test(value) || hasArguments(args) ? 'valid' : 'invalid'
  }
}

function judgeClip(value: string): Validity {
  if (value === 'auto') return 'valid'
  const edges = /^rect\(([^()]*)\)$/
    .exec(value)?.[1]
    ?.trim()
    .split(/\s*,\s*|\s+/)
  if (edges?.length !== 4) return 'invalid'
  return edges.every((edge) => edge === 'auto' || judgeLength(edge) !== 'invalid') ? 'valid' : 'invalid'
}

const OFFSET = lengthOr('auto')
const FONT_SIZES = 'xx-small|x-small|small|medium|large|x-large|xx-large|xxx-large|smaller|larger|math|-webkit-xxx-large'
const BACKGROUND_BOXES = '(?:(?:border|padding|content)-box|text|border-area)'

const judgeShape = functionsOr('none|(?:(?:margin|border|padding|content|fill|stroke|view)-box)|url\\([^()]*\\)', SHAPES)

const JUDGES: ReadonlyMap<string, (value: string) => Validity> = new Map(
  Object.entries({
    display: (value: string) => (DISPLAY.test(value) ? 'valid' : 'invalid'),
    visibility: oneOf('visible|hidden|collapse'),
    'content-visibility': oneOf('visible|hidden|auto'),
    opacity: judgeNumber,
    zoom: (value: string) => (/^(?:normal|reset|document)$/.test(value) ? 'valid' : judgeNumber(value)),
    scale: (value: string) => (value === 'none' ? 'valid' : listOf(judgeNumber, 3)(value)),
    'font-size': lengthOr(FONT_SIZES, false),
    color: judgeColor,
    'text-fill-color': judgeColor,
    'background-color': judgeColor,
    fill: (value: string) => (/^(?:none|context-fill|context-stroke|url\(.*)$/s.test(value) ? 'valid' : judgeColor(value)),
    position: oneOf('static|relative|absolute|fixed|sticky|-webkit-sticky'),
    float: oneOf('left|right|none|inline-start|inline-end'),
    left: OFFSET,
    right: OFFSET,
    top: OFFSET,
    bottom: OFFSET,
    'margin-left': OFFSET,
    'margin-top': OFFSET,
    'text-indent': listOf(lengthOr('hanging|each-line'), 3),
    clip: judgeClip,
    'clip-path': (value: string) => (/^(?:path|shape)\(.*\)$/s.test(value) ? 'valid' : judgeShape(value)),
    transform: functionsOr('none', TRANSFORMS),
    translate: listOf(lengthOr('none'), 3),
    rotate: listOf(
      (value) => (/^(?:none|[xyz])$/.test(value) || IS_ANGLE.test(value) || IS_PLAIN_NUMBER.test(value) ? 'valid' : 'invalid'),
      4,
    ),
    filter: functionsOr('none', FILTERS),
    'mask-image': judgePicture,
    'background-image': judgePicture,
    'letter-spacing': lengthOr('normal'),
    'line-height': (value: string) =>
      IS_PLAIN_NUMBER.test(value) && !value.startsWith('-') ? 'valid' : lengthOr('normal', false)(value),
    overflow: listOf(oneOf('visible|hidden|clip|scroll|auto|overlay'), 2),
    height: judgeSize,
    width: judgeSize,
    'max-height': judgeSize,
    'max-width': judgeSize,
    'min-height': judgeSize,
    'min-width': judgeSize,
    'background-clip': oneOf(`${BACKGROUND_BOXES}(?:\\s*,\\s*${BACKGROUND_BOXES})*`),
  }),
)

/** Whether a property takes a value, in lower case; of one that holds variables that shows only where it is used. */
export function judgeDeclaration(property: string, value: string): Validity {
  if (property.startsWith('--') || WIDE.test(value) || /\b(?:var|env)\(/.test(value)) return 'valid'
  const judge = JUDGES.get(property)
  if (judge === undefined) return 'valid'
  if (value.length > MAX_JUDGED_CHARS) return judge === judgePicture ? judgePicture(value) : 'invalid'
  return judge(value)
}

/** Words between white space; what stands in brackets belongs to its word. */
export function splitWords(value: string): string[] {
  return value.match(/[^\s()]+(?:\([^()]*(?:\([^()]*\)[^()]*)*\))?|[()]/g) ?? []
}
