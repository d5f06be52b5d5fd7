/** File names that were thought up to do harm. */

const WAYS_OUT = [
  '../',
  '..\\',
  '/',
  '\\',
  '//',
  './',
  '.../',
  '..;/',
  '%2e%2e%2f',
  '..%c0%af',
  '．．／',
  '‥/',
  '∕..∕',
  'C:\\',
  'C:',
  '\\\\host\\share\\',
  'file:///',
  '~/',
  '\\\\?\\C:\\',
  '/proc/self/fd/3/',
]
const HIDDEN = [
  '\0',
  '\r\n',
  '\x1b[2J',
  '\u202e',
  '\u2066',
  '\u200b',
  '\u200d',
  '\ufeff',
  '\u00ad',
  '\u{e0041}',
  '\ufe0f',
  '\u0301',
  '\u2028',
  '\ud800',
  '\udc00',
  '\x7f',
  '\x85',
]
const DEVICES = [
  'con',
  'PRN',
  'aux.txt',
  'NUL',
  'nul.tar.gz',
  'COM1',
  'com¹.log',
  'LPT9.pdf',
  'CONIN$',
  'con .txt',
  'con\u200b',
  'ＣＯＮ',
  'clock$',
]
const ENDS = ['.', '..', ' ', '. . .', '...', '\t', '\u00a0', '::$DATA', ':zone.identifier', ':a', '~1']
const STARTS = ['-', '--help', '-rf ', '.', '..', '...', ' ', '~', '+', '@', '=cmd|', '#', '!', '\u0301']
const SHELL = [
  '$(id)',
  '`id`',
  ';id',
  '|id',
  '&id',
  '>x',
  '<x',
  '*',
  '?',
  '[a]',
  '{a,b}',
  '"',
  "'",
  '\\',
  '%PATH%',
  '!!',
  '$HOME',
  '(x)',
  '^',
  '\n',
]
const OBEYED = [
  'CLAUDE.md',
  'AGENTS.md',
  'agents.md',
  'Makefile',
  'package.json',
  'desktop.ini',
  'autorun.inf',
  '.bashrc',
  '.env',
  '.git',
  '.htaccess',
  'authorized_keys',
  'conftest.py',
  '.mcp.json',
  'Dockerfile',
]
const EDGES = [
  '',
  '.',
  '..',
  '/',
  '\\',
  '...',
  '   ',
  '\0',
  '😀',
  '😀😀.png',
  '👩‍👩‍👧',
  '\u0301',
  'a'.repeat(10_000),
  'é'.repeat(300),
  '😀'.repeat(200),
  `${'字'.repeat(200)}.pdf`,
  `a.${'b'.repeat(500)}`,
  '\ufdfa'.repeat(255),
  '.'.repeat(999),
  'x/'.repeat(500),
  'existing.txt',
  'EXISTING.TXT',
  'Existing.Txt',
  'link.txt',
  'dangling.txt',
  'directory',
  'loop',
]

/** At least so many different ones. */
export function listHostileNames(count: number): string[] {
  const names = new Set<string>([...EDGES, ...DEVICES, ...OBEYED])
  for (const out of WAYS_OUT) {
    for (const target of ['etc/passwd', 'outside.txt', '.ssh/authorized_keys']) names.add(out + target)
    names.add(`${out.repeat(12)}outside.txt`)
    names.add(`a/${out}${out}outside.txt`)
    names.add(`report.pdf${out}`)
  }
  for (const sign of HIDDEN) {
    for (const name of [
      `${sign}a.txt`,
      `a${sign}.txt`,
      `a.txt${sign}`,
      `fdp.${sign}exe`,
      `..${sign}/outside.txt`,
      `.${sign}./outside.txt`,
    ])
      names.add(name)
  }
  for (const end of ENDS) for (const name of ['a.txt', 'nul', 'existing.txt', 'photo.exe']) names.add(name + end)
  for (const start of STARTS) for (const name of ['a.txt', 'nul', 'existing.txt']) names.add(start + name)
  for (const sign of SHELL) for (const name of [`${sign}.sh`, `a${sign}b.txt`, `a.${sign}`]) names.add(name)
  for (const device of DEVICES)
    for (const around of [`${device}.txt`, ` ${device}`, `${device}.`, `../${device}`, device.toUpperCase()]) names.add(around)
  for (const name of OBEYED) for (const around of [`x/${name}`, `${name} `, `.${name}`, name.toUpperCase()]) names.add(around)
  if (names.size < count) throw new Error(`only ${names.size} names`)
  return [...names]
}
