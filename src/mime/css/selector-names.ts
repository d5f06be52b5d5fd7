/** The words that selectors of CSS are made of. */

/** States in which a mail does not lie before its reader. */
export const STATES = new Set([
  ...['hover', 'active', 'focus', 'visited', 'target', 'focus-within', 'focus-visible', 'fullscreen', 'modal', 'popover-open'],
  ...['playing', 'autofill', '-webkit-autofill', 'user-valid', 'user-invalid', 'host', 'picture-in-picture', '-moz-focusring'],
])
/** What is known to browsers and not worked out here. */
export const UNDECIDED = new Set([
  ...[
    'enabled',
    'disabled',
    'checked',
    'required',
    'optional',
    'read-only',
    'read-write',
    'placeholder-shown',
    'default',
    'valid',
  ],
  ...[
    'invalid',
    'in-range',
    'out-of-range',
    'indeterminate',
    'open',
    'defined',
    'paused',
    'muted',
    'first',
    'left',
    'right',
    'blank',
  ],
  ...['lang', 'dir', 'state', 'current', 'past', 'future', 'local-link', 'target-within'],
])
/** Positions that have names. */
export const NTHS: ReadonlyMap<string, readonly { readonly fromEnd: boolean; readonly ofType: boolean }[]> = new Map([
  ['first-child', [{ fromEnd: false, ofType: false }]],
  ['last-child', [{ fromEnd: true, ofType: false }]],
  ['first-of-type', [{ fromEnd: false, ofType: true }]],
  ['last-of-type', [{ fromEnd: true, ofType: true }]],
  ...['child', 'of-type'].map(
    (kind) => [`only-${kind}`, [false, true].map((fromEnd) => ({ fromEnd, ofType: kind === 'of-type' }))] as const,
  ),
])
/** Boxes that are no elements, in their old form with one colon too. */
export const OLD_BOXES = new Set(['before', 'after', 'first-line', 'first-letter'])
/** Those that browsers know. */
export const BOXES =
  /^(?:before|after|marker|selection|placeholder|backdrop|file-selector-button|target-text|spelling-error|grammar-error|cue|part|slotted|highlight|details-content|view-transition.*|-webkit-.*)$/

/** With one way only to read an escape, for a second one would double the time with each. */
const NAME = '(?:[\\w\\u0080-\\uffff-]|\\\\(?:(?:[\\da-f]{6}|[\\da-f]{1,5}(?![\\da-f]))\\s?|[^\\n\\da-f]))+'
/** A piece of a selector. */
export const TOKEN = new RegExp(
  [
    '\\s*(?<combinator>[>+~])\\s*|(?<space>\\s+)|(?<nest>&)',
    `(?:(?<prefix>${NAME}|\\*|)\\|(?!=))?(?:(?<tag>${NAME})|(?<all>\\*))`,
    `#(?<id>${NAME})|\\.(?<className>${NAME})`,
    `\\[\\s*(?:(?:${NAME}|\\*)?\\|(?!=))?(?<attribute>${NAME})\\s*(?:(?<operator>[~|^$*]?=)\\s*(?:"(?<double>(?:[^"\\\\]|\\\\.)*)"|'(?<single>(?:[^'\\\\]|\\\\.)*)'|(?<bare>${NAME}))\\s*(?<flag>[is])?)?\\s*\\]`,
    `(?<colons>::?)(?<pseudo>${NAME})(?<bracket>\\()?`,
  ].join('|'),
  'isy',
)
/** A name begins with no digit (CSS Syntax 3 section 4.3.9). */
export const IDENT = /^(?:--|-?(?:[a-z_\u0080-\uffff]|\\))/i

/** Attributes whose values are the same in either case (HTML section 4.16.2), those of mail. */
export const CASELESS = new Set([
  ...[
    'align',
    'alink',
    'bgcolor',
    'charset',
    'clear',
    'color',
    'dir',
    'face',
    'frame',
    'hreflang',
    'http-equiv',
    'lang',
    'language',
  ],
  ...['link', 'media', 'method', 'nohref', 'noshade', 'nowrap', 'rel', 'rev', 'rules', 'scope', 'shape', 'target', 'text'],
  ...['type', 'valign', 'valuetype', 'vlink'],
])
