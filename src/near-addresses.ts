/** Finds, for many addresses that were mistyped, the one of ours that was probably meant: fast enough for what a flood leaves behind. */

import { looksAlike } from './address-likeness.ts'

/**
 * Signs in which two local parts that look alike may differ: each of at most three letters that were changed takes one away and brings another. What
 * separates words is not counted, as it may differ everywhere.
 */
const MAX_DIFFERENT_SIGNS = 6

/** How many may still be compared letter by letter, a microsecond each: a flood may consist of what has the letters of ours. */
export type Looks = { left: number }

/** Addresses of ours to compare with: canonical, none with a tag. */
export class NearAddresses {
  readonly #ours: readonly { address: string; signs: number }[]

  constructor(addresses: readonly string[]) {
    this.#ours = addresses.map((address) => ({ address, signs: readSigns(address) }))
  }

  /**
   * The first of ours that looks like it; null where none does. Costs little for each that has other letters; of others as many are compared as `looks`
   * has left, and none then.
   */
  find(address: string, looks: Looks = { left: Number.POSITIVE_INFINITY }): string | null {
    const signs = readSigns(address)
    const near = this.#ours.find(
      (one) => countBits(one.signs ^ signs) <= MAX_DIFFERENT_SIGNS && looks.left-- > 0 && looksAlike(one.address, address),
    )
    return near?.address ?? null
  }
}

/** Which letters and digits stand in the local part, as bits; several share one, which makes two addresses only more alike. */
function readSigns(address: string): number {
  let signs = 0
  for (let at = 0; at < address.length && address[at] !== '@'; at += 1) {
    if (!SEPARATORS.has(address.charAt(at))) signs |= 1 << (address.charCodeAt(at) & 31)
  }
  return signs
}

const SEPARATORS: ReadonlySet<string> = new Set('._-')

/** By sums of ever more bits side by side: a flood asks a million times. */
function countBits(bits: number): number {
  const pairs = bits - ((bits >>> 1) & 0x55555555)
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
