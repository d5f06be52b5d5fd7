/** The port to whatever turns a draft into the bytes of a message. Implemented in `mime/`. */

/** A file that goes with a message. */
export type DraftAttachment = {
  /** A bare name, never a path. */
  readonly filename: string
  readonly contentType: string
  readonly bytes: Uint8Array
}

/** A message to be written. Every address is a bare addr-spec that has been checked; nobody is named here who is not to be seen. */
export type Draft = {
  readonly from: { readonly address: string; readonly name: string | null }
  readonly toAddresses: readonly string[]
  readonly ccAddresses: readonly string[]
  readonly subject: string
  readonly text: string
  readonly html: string | null
  /** With angle brackets; fixed before composing, so that a second try is the same message. */
  readonly messageIdHeader: string
  /** Date header, milliseconds UTC. */
  readonly sentAt: number
  readonly inReplyTo: string | null
  /** Oldest first. */
  readonly references: readonly string[]
  /** Auto-Submitted header (RFC 3834 section 5); null for none. */
  readonly autoSubmitted: 'auto-generated' | 'auto-replied' | null
  readonly attachments: readonly DraftAttachment[]
}

/** Signs a message, if its sender's domain has a key (RFC 6376). */
export type DkimKey = { readonly domain: string; readonly selector: string; readonly privateKeyPem: string }

/** Writes messages. */
export interface Composer {
  /**
   * The whole message, CRLF line ends, lines of at most 998 bytes (RFC 5322 section 2.1.1), 7-bit clean. Never reads a file, never fetches a URL, adds no
   * header that the draft does not ask for beyond Date, Message-ID and MIME's own.
   */
  compose(draft: Draft, dkimKey: DkimKey | null): Promise<Uint8Array>
}
