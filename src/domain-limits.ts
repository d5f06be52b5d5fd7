/** Bounds of domains that agents bring. What DNS says of them was written by whoever holds them. */

import { HOUR_MS, MINUTE_MS, SECOND_MS } from './durations.ts'

/** Domains of one agent, verified or not. */
export const MAX_DOMAINS_PER_AGENT = 100
/** Longest domain as a caller may write it, in UTF-16 units; as A-labels MAX_DOMAIN_BYTES holds. */
export const MAX_DOMAIN_CHARS = 253
/** Bits of a DKIM key: what RFC 8301 section 3.2 asks for, and every verifier takes. */
export const DKIM_KEY_BITS = 2_048
/** Random bytes in the name of a DKIM key, so that a domain added anew never meets a record of its old key. */
export const DKIM_SELECTOR_BYTES = 4
/** Bytes of the HMAC that shows whose domain it is: nobody guesses 128 bits. */
export const OWNERSHIP_TOKEN_BYTES = 16
/** Seconds that others may keep a record, as the zone-file form says: short, because a first try often has a mistake. */
export const DNS_RECORD_TTL_SECONDS = 3_600
/** Longest string of a TXT record (RFC 1035 section 3.3.14); longer texts are several strings. */
export const MAX_TXT_STRING_BYTES = 255
/** Preference of our MX record. */
export const MX_PREFERENCE = 10

/** DNS servers that `--dns-servers` may name, and of those of the system, how many are asked. */
export const MAX_DNS_SERVERS = 5
/** How long a verification waits for all answers. */
export const DOMAIN_LOOKUP_DEADLINE_MS = 8 * SECOND_MS
/** How long one question waits for an answer, and how often it is asked. */
export const DOMAIN_QUESTION_TIMEOUT_MS = 2 * SECOND_MS
/** How often one question is asked. */
export const DOMAIN_QUESTION_TRIES = 2
/** Look-ups of domains that one process has under way; one more waits. */
export const MAX_DOMAIN_LOOKUPS = 4
/** Look-ups that wait; one more is refused: the last of them waits about a minute where DNS is silent. */
export const MAX_WAITING_DOMAIN_LOOKUPS = 32
/** And of one agent, so that no agent fills the queue for all. */
export const MAX_WAITING_DOMAIN_LOOKUPS_PER_AGENT = 8
/** Records of one answer that are looked at; a domain in order has a handful. */
export const MAX_DNS_RECORDS_READ = 2_000
/** Longest text of a record that is judged, in UTF-16 units: a DKIM key of 4,096 bits has 740. */
export const MAX_DNS_TEXT_CHARS = 4_096
/** Of what DNS says instead, how many records are shown of each. */
export const MAX_FOUND_RECORDS = 5
/** And how much of each, in UTF-16 units. */
export const MAX_FOUND_CHARS = 200

/** How often the records of a domain are looked up again. */
export const DOMAIN_RECHECK_INTERVAL_MS = 24 * HOUR_MS
/** The same after a look-up that DNS left open. */
export const DOMAIN_RETRY_INTERVAL_MS = HOUR_MS
/** How long one process keeps a domain to itself that it looks up; after that another may. */
export const DOMAIN_LEASE_MS = 10 * MINUTE_MS
/** Domains looked up in one round of housekeeping. */
export const DOMAIN_RECHECK_ROWS = 10
/** Days in a row on which a record must be gone before a domain is no longer verified. */
export const DOMAIN_BAD_DAYS = 3
/** Two look-ups less than this apart count as one day: asking often must not end it sooner. */
export const DOMAIN_DAY_MS = 20 * HOUR_MS
