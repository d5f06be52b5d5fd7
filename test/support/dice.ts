/** Numbers that are the same in each run (Lehmer, 1951). */
export class Dice {
  #state: number

  constructor(seed = 20_261_124) {
    this.#state = seed
  }

  /** A whole number from 0 to `sides` - 1. */
  roll(sides: number): number {
    this.#state = (this.#state * 48_271) % 2_147_483_647
    return this.#state % sides
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.roll(items.length)]
    if (item === undefined) throw new Error('nothing to pick from')
    return item
  }
}
