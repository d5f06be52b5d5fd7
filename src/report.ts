/** What a delivery-status or complaint report says; read in `mime/`, believed only where it came back to a return path of ours. */

/** One recipient of a report. */
export type ReportedRecipient = {
  /** Bare address, lower-case domain; null where the report names none. */
  readonly recipient: string | null
  /** Enhanced status code (RFC 3463) as said or derived, such as `5.1.1`; null where nothing tells. */
  readonly statusCode: string | null
  /** Whether it is for good: trying again later cannot help. Meaningless for `delayed` and `delivered`. */
  readonly hard: boolean
  readonly action: 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded'
}

/** A report; ordinary mail, vacation notices and challenges are none. */
export type Report =
  /** Delivery status (RFC 3464), or one of the common forms that are not. */
  | { readonly kind: 'delivery-status'; readonly recipients: readonly ReportedRecipient[] }
  /** Abuse complaint (ARF, RFC 5965). Authentication-failure reports are none. */
  | { readonly kind: 'complaint'; readonly feedbackType: string; readonly recipients: readonly (string | null)[] }
