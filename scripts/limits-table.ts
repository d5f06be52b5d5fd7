/** The limits that a user may meet, as a table for the README. Every limit there is stands in src/limits.ts. */

import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../src/durations.ts'
import * as limits from '../src/limits.ts'

const count = (value: number) => value.toLocaleString('en-US')
const mebibytes = (bytes: number) => `${count(bytes / 1_048_576)} MiB`
const seconds = (ms: number) => `${count(ms / SECOND_MS)} s`
const minutes = (ms: number) => `${count(ms / MINUTE_MS)} min`
const hours = (ms: number) => `${count(ms / HOUR_MS)} h`
const days = (ms: number) => `${count(ms / DAY_MS)} days`
const percent = (ratio: number) => `${count(ratio * 100)} %`

const ROWS: readonly (readonly [what: string, value: string])[] = [
  ['Size of a message that comes in (`--max-message-bytes`)', mebibytes(limits.DEFAULT_MAX_MESSAGE_BYTES)],
  ['Recipients of a message that comes in', count(limits.MAX_RECIPIENTS)],
  ['`Received` headers, beyond which mail is in a loop', count(limits.MAX_RECEIVED_HEADERS)],
  ['SMTP connections at once', count(limits.MAX_SMTP_CONNECTIONS)],
  ['SMTP connections at once from one address that is not loopback', count(limits.MAX_SMTP_CONNECTIONS_PER_ADDRESS)],
  ['An SMTP session without a byte', seconds(limits.SMTP_IDLE_DEADLINE_MS)],
  ['An SMTP session as a whole', minutes(limits.SMTP_SESSION_DEADLINE_MS)],
  ['The bytes of a message that comes in, from the first to the last', minutes(limits.SMTP_DATA_DEADLINE_MS)],
  ['A sender tries again after a lost answer: filed once within', hours(limits.RETRY_WINDOW_MS)],
  [
    'Refusals remembered: of inboxes, of addresses that are nobody’s; how long',
    `${count(limits.MAX_SESSION_LOG_ROWS)} each, ${days(limits.SESSION_LOG_KEPT_MS)}`,
  ],
  ['Time for parsing a message; then it is filed with what its headers say', seconds(limits.PARSE_DEADLINE_MS)],
  ['Messages an inbox sends in a day (`--daily-send-limit`)', count(limits.DEFAULT_DAILY_SEND_LIMIT)],
  ['Recipients of a message that is sent', count(limits.MAX_SEND_RECIPIENTS)],
  ['Size of a message that is sent, attachments encoded', mebibytes(limits.MAX_COMPOSED_BYTES)],
  ['Text, and HTML, of a message that is sent', mebibytes(limits.MAX_SEND_TEXT_BYTES)],
  ['Attachments of a message that is sent', count(limits.MAX_SEND_ATTACHMENTS)],
  ['Connections to the relay at once', count(limits.MAX_RELAY_CONNECTIONS)],
  ['One try to hand a message to the relay', minutes(limits.CARRY_DEADLINE_MS)],
  ['Tries of a delivery, from the first to the last', hours(limits.DELIVERY_EXPIRY_MS)],
  ['An idempotency key is remembered', days(limits.IDEMPOTENCY_KEPT_MS)],
  [
    `Recipients within ${days(limits.BOUNCE_WINDOW_MS)} who cannot be reached, before an inbox is suspended`,
    `${percent(limits.BOUNCE_SUSPEND_RATIO)} of at least ${count(limits.BOUNCE_LEAST_SENDS)}`,
  ],
  [
    'Recipients who complain, for an inbox to be suspended',
    `${count(limits.COMPLAINT_LEAST)} that are at least ${percent(limits.COMPLAINT_SUSPEND_RATIO)}`,
  ],
  ['Domains of an agent', count(limits.MAX_DOMAINS_PER_AGENT)],
  ['A verification of a domain waits for DNS', seconds(limits.DOMAIN_LOOKUP_DEADLINE_MS)],
  ['Days in a row on which a record must be gone, before a domain is no longer verified', count(limits.DOMAIN_BAD_DAYS)],
  ['Attachments listed of a message', count(limits.MAX_ATTACHMENTS)],
  ['Rows of a list: by default, at most', `${count(limits.DEFAULT_PAGE_ROWS)}, ${count(limits.MAX_PAGE_ROWS)}`],
  ['Words and operators of one search', count(limits.MAX_SEARCH_WORDS)],
  ['Characters of a text that search looks at', count(limits.MAX_INDEXED_CHARS)],
  ['Tokens of one read: by default, at most', `${count(limits.DEFAULT_READ_TOKENS)}, ${count(limits.MAX_READ_TOKENS)}`],
  ['Bytes of one answer of a tool, text and structure together', count(limits.MAX_ANSWER_BYTES)],
  ['Seconds of one wait: by default, at most', `${count(limits.DEFAULT_WAIT_SECONDS)}, ${count(limits.MAX_WAIT_SECONDS)}`],
  [
    'Seconds of one wait as a task; tasks of a connection; how long a result is kept',
    `${count(limits.MAX_TASK_WAIT_SECONDS)}, ${count(limits.MAX_TASKS)}, ${hours(limits.TASK_RESULT_KEPT_MS)}`,
  ],
  ['Bytes of a raw message or attachment read as a resource', count(limits.MAX_BLOB_BYTES)],
  ['Bytes of one request of a client', count(limits.MAX_REQUEST_BYTES)],
  ['Labels of a message', count(limits.MAX_LABELS)],
  ['Local part and whole address, in bytes', `${count(limits.MAX_LOCAL_PART_BYTES)}, ${count(limits.MAX_ADDRESS_BYTES)}`],
]

/** The table, in Markdown. */
export function renderLimitsTable(): string {
  return ['| what | limit |', '|---|---|', ...ROWS.map(([what, value]) => `| ${what} | ${value} |`), ''].join('\n')
}
