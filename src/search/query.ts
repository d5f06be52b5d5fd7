/** What a search in an inbox asks for; `readSearchQuery` makes it from what a person types. */

/** A word or a quoted phrase; `isNot` with a minus before it. */
export type SearchWord = { readonly text: string; readonly isNot: boolean }

/** All of it must hold. Times are milliseconds UTC, sizes bytes; null where nothing is asked. */
export type SearchQuery = {
  /** Anywhere: sender, recipients, subject, text, attachment names. */
  readonly anywhere: readonly SearchWord[]
  readonly from: readonly SearchWord[]
  readonly to: readonly SearchWord[]
  readonly subject: readonly SearchWord[]
  readonly hasAttachment: boolean | null
  /** From is:unread and is:read. */
  readonly isRead: boolean | null
  /** Whole labels; letter case of ASCII does not count. */
  readonly labels: readonly SearchWord[]
  /** Filed before this moment. */
  readonly before: number | null
  /** Filed at or after it. */
  readonly after: number | null
  /** Neither includes the size itself. */
  readonly largerBytes: number | null
  readonly smallerBytes: number | null
}
