/** A link as it stands in a mail, before anything is said about it. */
export type FoundLink = {
  /** What is shown of it, on one line; its URL where it stands in the text by itself. */
  readonly text: string
  /** As the sender wrote it, made absolute; at most MAX_LINK_CHARS. */
  readonly url: string
}
