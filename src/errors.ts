/**
 * Every way an operation can fail on purpose, in one closed list. Transports translate a code; nobody invents one.
 * An error's message may name what the caller passed in; it never carries text from a mail.
 */

/** What a code means to a transport (HTTP status), to a retry loop, and to the agent that reads it. */
export type ErrorKind = {
  /** Status of the REST API; also shown to agents because they know these numbers. */
  readonly httpStatus: number
  /** Whether the same call can succeed later without being changed. */
  readonly retryable: boolean
  /** What to do next, in one short sentence; used when the thrower has nothing more precise to say. */
  readonly hint: string
}

/** The closed list of codes (DESIGN section 10). */
export const ERROR_KINDS = {
  invalid_argument: { httpStatus: 400, retryable: false, hint: 'Correct the argument named in the message and call again.' },
  confirmation_required: {
    httpStatus: 400,
    retryable: false,
    hint: 'Call again with confirm set to the address of the inbox.',
  },
  unauthorized: { httpStatus: 401, retryable: false, hint: 'Pass a valid API key.' },
  recipient_not_allowed: {
    httpStatus: 403,
    retryable: false,
    hint: 'Leave this recipient out, or ask the owner of this server to allow it.',
  },
  inbox_suspended: {
    httpStatus: 403,
    retryable: false,
    hint: 'Only the owner of this server can resume it. Create another inbox, or ask the owner.',
  },
  read_only: { httpStatus: 403, retryable: false, hint: 'This server was started read-only; ask its owner.' },
  inbox_not_found: { httpStatus: 404, retryable: false, hint: 'Call list_inboxes for the inboxes you have.' },
  message_not_found: { httpStatus: 404, retryable: false, hint: 'Call list_messages for the messages of this inbox.' },
  thread_not_found: { httpStatus: 404, retryable: false, hint: 'Take a threadId from list_messages.' },
  domain_not_found: { httpStatus: 404, retryable: false, hint: 'Leave domainId out to use the default domain.' },
  webhook_not_found: { httpStatus: 404, retryable: false, hint: 'Call list_webhooks for the webhooks you have.' },
  attachment_not_found: { httpStatus: 404, retryable: false, hint: 'Call read_message for the attachments of this message.' },
  address_taken: { httpStatus: 409, retryable: false, hint: 'Choose another localPart, or leave it out to get a free address.' },
  conflict: {
    httpStatus: 409,
    retryable: false,
    hint: 'This idempotencyKey was used with other arguments; use a new key for a new request.',
  },
  domain_not_verified: { httpStatus: 409, retryable: false, hint: 'Verify the domain first.' },
  message_too_large: { httpStatus: 413, retryable: false, hint: 'Send less: shorten the text or leave attachments out.' },
  daily_limit_reached: { httpStatus: 429, retryable: true, hint: 'Wait until resetsAt, or send from another inbox.' },
  relay_not_configured: {
    httpStatus: 503,
    retryable: false,
    hint: 'Only inboxes of this server can be reached; the owner can set --relay-url.',
  },
  busy: { httpStatus: 503, retryable: true, hint: 'Try again after retryAfterSeconds.' },
  store_unavailable: { httpStatus: 503, retryable: true, hint: 'Try again in a moment; tell the owner if it stays.' },
  internal: { httpStatus: 500, retryable: true, hint: 'Try once more; the owner finds the cause in the log.' },
} as const satisfies Record<string, ErrorKind>

/** One of the codes of {@link ERROR_KINDS}. */
export type ErrorCode = keyof typeof ERROR_KINDS

/** Extra machine-readable facts of an error, such as `resetsAt`; values come from us, never from a mail. */
export type ErrorFacts = Readonly<Record<string, string | number | boolean>>

/** A failure on purpose: a code, what was wrong, what to do next. The only error that crosses a transport unmasked. */
export class MailError extends Error {
  override readonly name = 'MailError'
  readonly code: ErrorCode
  readonly hint: string
  readonly facts: ErrorFacts

  constructor(code: ErrorCode, message: string, options: { hint?: string; facts?: ErrorFacts } = {}) {
    super(message)
    this.code = code
    this.hint = options.hint ?? ERROR_KINDS[code].hint
    this.facts = options.facts ?? {}
  }

  /** Status of the REST API for this error. */
  get httpStatus(): number {
    return ERROR_KINDS[this.code].httpStatus
  }

  /** Whether the same call can succeed later without being changed. */
  get retryable(): boolean {
    return ERROR_KINDS[this.code].retryable
  }
}
