/** Strings that could be, or pretend to be, the address of a recipient: the same ones for the same seed. */

/** A source of numbers below a bound, from a seed (mulberry32). */
export type Dice = (below: number) => number

/** Dice that fall the same way for the same seed. */
export function createDice(seed: number): Dice {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

/** One of a list. */
export function pick<Item>(dice: Dice, items: readonly [Item, ...Item[]]): Item {
  return items[dice(items.length)] ?? items[0]
}

const ATOMS = [
  'ada',
  'B0b',
  'x',
  'no-reply',
  'a+b',
  'order_7',
  "o'neil",
  'a%b',
  'a!b',
  '#1',
  '{x}',
  'a=b',
  'Z'.repeat(20),
] as const
const LABELS = [
  'example',
  'EXAMPLE',
  'a',
  'x-y',
  '4',
  'bücher',
  '中国',
  'xn--bcher-kva',
  'localhost',
  'mail2',
  'é',
  'n'.repeat(30),
] as const
const HOSTILE = [
  ...['\r\n', '\n', '\r', '\0', '\t', ' ', ',', ';', ':', '<', '>', '"', '(', ')', '[', ']', '\\', '@', '.', '..', '-', '_'],
  ...[
    '\u00ad',
    '\u200b',
    '\u202e',
    '\u3002',
    '\uff0e',
    '\uff20',
    '\uff41',
    '\ufe0f',
    '\u034f',
    '\u212a',
    '\u0130',
    '\ud800',
    '💩',
  ],
  ...['\r\nRCPT TO:<eve@example.org>', '>, <eve@example.org', ' SIZE=1', '(c)', 'team:', '%0d%0a', '=?utf-8?q?=0A?='],
] as const

/** As many strings; about half of them have something foreign put in at one place or two. */
export function* generateRecipients(count: number, seed: number): Generator<string> {
  const dice = createDice(seed)
  for (let made = 0; made < count; made += 1) {
    const local = repeat(1 + dice(3), () => pick(dice, ATOMS)).join('.')
    const domain = repeat(1 + dice(4), () => pick(dice, LABELS)).join('.')
    let text = `${local}@${domain}`
    for (let left = pick(dice, [0, 0, 1, 2]); left > 0; left -= 1) {
      const at = dice(text.length + 1)
      const foreign = dice(4) === 0 ? String.fromCharCode(dice(0x3000)) : pick(dice, HOSTILE)
      text = text.slice(0, at) + foreign + text.slice(at + dice(2))
    }
    yield text
  }
}

function repeat<Item>(times: number, make: () => Item): Item[] {
  return Array.from({ length: times }, make)
}
