/** What code may know of the outside, passed in so that a test decides it. */

/** Clock, identifiers and randomness of a process. */
export type World = {
  /** Milliseconds since the epoch, UTC. */
  readonly now: () => number
  /** A new UUIDv7 (RFC 9562 section 5.7), lower case. */
  readonly newId: () => string
  /** Unpredictable bytes, for addresses and markers. */
  readonly randomBytes: (size: number) => Uint8Array
}
