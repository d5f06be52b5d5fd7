/** What the text maker knows of HTML elements; anything not named here is running text. */

const PARAGRAPH_LIKE = [
  'p',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'ul',
  'ol',
  'dl',
  'blockquote',
  'pre',
  'table',
  'figure',
  'fieldset',
]
const LINE_LIKE = [
  ...['html', 'body', 'div', 'center', 'section', 'article', 'header', 'footer', 'main', 'nav', 'aside', 'address', 'form'],
  ...['li', 'dt', 'dd', 'tr', 'caption', 'thead', 'tbody', 'tfoot', 'figcaption', 'legend', 'details', 'summary', 'option', 'hr'],
]

/** Elements that stand on lines of their own, with blank lines around them or without. */
export const BLOCK_SPACING: ReadonlyMap<string, 'spaced' | 'close'> = new Map([
  ...PARAGRAPH_LIKE.map((name) => [name, 'spaced'] as const),
  ...LINE_LIKE.map((name) => [name, 'close'] as const),
])

/** Blocks that hold text and nothing else: at the start of a cell they begin no line. */
export const PARAGRAPHS: ReadonlySet<string> = new Set(['p', 'div', 'center', 'section'])

/** Elements whose content is no text of the mail and in every mail. `head` is none of them: it is left open too often, and its content is named here. */
export const IGNORED: ReadonlySet<string> = new Set(['script', 'style', 'title'])

/** Elements whose content no reader of mail sees. What is shown where scripts, frames or films are not (`noscript`, `object`, `video`) is none of it. */
export const NEVER_SHOWN: ReadonlySet<string> = new Set([...IGNORED, 'template', 'iframe', 'noframes', 'noembed', 'datalist'])

/** Elements whose content some programs show and others do not: browsers draw pictures and play films, mail programs take their tags away. */
export const SHOWN_BY_SOME: ReadonlySet<string> = new Set([
  'svg',
  'video',
  'audio',
  'canvas',
  'select',
  'frameset',
  'mphantom',
  'maction',
  'progress',
  'meter',
])

/** Elements that are not drawn in an element of another name: parts of pictures and formulas that describe them. */
export const UNSEEN_IN: ReadonlyMap<string, string> = new Map([
  ...['desc', 'metadata', 'defs', 'symbol', 'clippath', 'mask', 'marker', 'pattern'].map((name) => [name, 'svg'] as const),
  ...['annotation', 'annotation-xml'].map((name) => [name, 'math'] as const),
])

/** Elements that cannot hold anything (HTML section 13.1.2). */
export const VOID_ELEMENTS: ReadonlySet<string> = new Set([
  ...['area', 'base', 'br', 'col', 'embed', 'hr', 'img', 'input', 'link', 'meta', 'param', 'source', 'track', 'wbr'],
])

/** Elements before which an open paragraph ends (HTML section 13.2.6.4.7); a table does so where the document is no quirk. */
export const CLOSES_P: ReadonlySet<string> = new Set([
  ...['address', 'article', 'aside', 'blockquote', 'center', 'details', 'dialog', 'dir', 'div', 'dl', 'fieldset', 'figcaption'],
  ...['figure', 'footer', 'form', 'header', 'hgroup', 'main', 'menu', 'nav', 'ol', 'p', 'search', 'section', 'summary', 'ul'],
  ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'pre', 'listing', 'plaintext', 'xmp', 'hr', 'li', 'dd', 'dt'],
])

/** Headings by their rank. */
export const HEADINGS: readonly string[] = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6']

/** What holds the rows of a table. */
export const TABLE_BODIES: readonly string[] = ['tbody', 'thead', 'tfoot']

/** Parts of a table, and a table itself. */
export const IN_TABLE: ReadonlySet<string> = new Set([
  ...['table', 'caption', 'colgroup', 'col', 'thead', 'tbody', 'tfoot', 'tr', 'td', 'th'],
])

/** Elements that no picture holds, so that they end it (HTML section 13.2.6.5). */
export const BREAKS_OUT: ReadonlySet<string> = new Set([
  ...['b', 'big', 'blockquote', 'body', 'br', 'center', 'code', 'dd', 'div', 'dl', 'dt', 'em', 'embed', 'h1', 'h2', 'h3', 'h4'],
  ...[
    'h5',
    'h6',
    'head',
    'hr',
    'i',
    'img',
    'li',
    'listing',
    'menu',
    'meta',
    'nobr',
    'ol',
    'p',
    'pre',
    'ruby',
    's',
    'small',
    'span',
  ],
  ...['strong', 'strike', 'sub', 'sup', 'table', 'tt', 'u', 'ul', 'var'],
])

/** Elements that stand in the head of a document where they come before its body (HTML section 13.2.6.4.4). */
export const HEAD_CONTENT: ReadonlySet<string> = new Set([
  ...['base', 'basefont', 'bgsound', 'link', 'meta', 'title', 'noscript', 'noframes', 'style', 'script', 'template'],
])

/** Parts of a table in which nothing but other parts may stand: what does, is put before the table (HTML section 13.2.6.1). */
export const ROWS_STAND_IN: ReadonlySet<string> = new Set(['table', 'tbody', 'thead', 'tfoot', 'tr'])

/** Elements whose content is text whatever it looks like (HTML section 13.2.6.2). */
export const RAW_TEXT: ReadonlySet<string> = new Set([
  ...['style', 'script', 'title', 'textarea', 'xmp', 'iframe', 'noframes', 'noembed'],
])

const CELL_ENDS = ['td', 'th', 'p']
const ROW_ENDS = [...CELL_ENDS, 'tr']

/** Which innermost elements the start of another one ends, although their end tag was left out (HTML section 13.1.2.4). */
export const CLOSED_BY: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    option: ['option'],
    td: CELL_ENDS,
    th: CELL_ENDS,
    tr: ROW_ENDS,
    thead: [...ROW_ENDS, 'thead', 'tbody', 'tfoot'],
    tbody: [...ROW_ENDS, 'thead', 'tbody', 'tfoot'],
    tfoot: [...ROW_ENDS, 'thead', 'tbody', 'tfoot'],
  }).map(([name, ended]) => [name, new Set(ended)]),
)
