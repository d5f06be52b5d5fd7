/** What a change of the tables is. */

/** One change. */
export type Migration = {
  /** Versions count from 1 without gaps. */
  readonly version: number
  /** The oldest program, by its newest migration, that may still work on a store after this one. */
  readonly minReader: number
  readonly statements: readonly string[]
}
