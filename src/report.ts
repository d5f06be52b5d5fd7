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

/**
 * What a report says of the one recipient whose return path it came back to. A return path belongs to one delivery, so a report that names one other
 * recipient speaks of it too: it was forwarded. Null when it says nothing that settles anything, such as a delay.
 */
export function judgeReport(
  report: Report,
  recipient: string,
): { kind: 'bounced' | 'complained'; hard: boolean; statusCode: string | null } | null {
  if (report.kind === 'complaint') return { kind: 'complained', hard: true, statusCode: null }
  const failed = report.recipients.filter(({ action }) => action === 'failed')
  const named = failed.find((one) => one.recipient?.toLowerCase() === recipient.toLowerCase())
  const meant = named ?? failed[0]
  return meant === undefined ? null : { kind: 'bounced', hard: meant.hard, statusCode: meant.statusCode }
}
