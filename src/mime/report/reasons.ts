/** Why a recipient was refused, and what follows from it. */

/** What a reason means: the enhanced status (RFC 3463) to use where the report names none, and whether it is for good. */
export type ReasonFacts = { readonly statusCode: string; readonly hard: boolean }

/**
 * For good is only what trying again, from whomever and with whatever message, cannot change: the address or its domain is not there or takes
 * no mail. A full mailbox, a filter, a block list, our own failings and all that passes are not, whatever the class of the code.
 */
export const REASONS = {
  userUnknown: { statusCode: '5.1.1', hard: true },
  hostUnknown: { statusCode: '5.1.2', hard: true },
  moved: { statusCode: '5.1.6', hard: true },
  /** The domain takes no mail at all (RFC 7505). */
  noMailService: { statusCode: '5.1.10', hard: true },
  /** "User unknown" without evidence that the address itself was asked for: filters of mailboxes answer so too, after the data. */
  mailboxRefused: { statusCode: '5.2.1', hard: false },
  mailboxDisabled: { statusCode: '5.2.1', hard: false },
  mailboxFull: { statusCode: '5.2.2', hard: false },
  tooBig: { statusCode: '5.3.4', hard: false },
  badSyntax: { statusCode: '5.1.3', hard: false },
  senderRefused: { statusCode: '5.1.8', hard: false },
  relaying: { statusCode: '5.7.1', hard: false },
  blocked: { statusCode: '5.7.1', hard: false },
  policy: { statusCode: '5.7.1', hard: false },
  reverseDns: { statusCode: '5.7.25', hard: false },
  unauthenticated: { statusCode: '5.7.26', hard: false },
  rate: { statusCode: '4.7.0', hard: false },
  content: { statusCode: '5.6.0', hard: false },
  expired: { statusCode: '4.4.7', hard: false },
  network: { statusCode: '4.4.1', hard: false },
  lookup: { statusCode: '4.4.3', hard: false },
  loop: { statusCode: '5.4.6', hard: false },
  system: { statusCode: '5.3.0', hard: false },
} as const satisfies Record<string, ReasonFacts>

/** A key of {@link REASONS}. */
export type Reason = keyof typeof REASONS
