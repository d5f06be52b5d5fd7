/**
 * Domains that an agent brings: field names are AgentSend's. A domain belongs to an agent once its DNS says so; several may claim one until then, and the
 * first that is verified has it.
 */

import { z } from 'zod'

/** What a record is there for. */
export const RecordPurpose = z.enum(['ownership', 'mx', 'dkim', 'spf', 'dmarc'])
export type RecordPurpose = z.infer<typeof RecordPurpose>

/** `unknown`: not looked up yet, or DNS gave no answer. */
export const RecordStatus = z.enum(['ok', 'missing', 'wrong', 'unknown'])
export type RecordStatus = z.infer<typeof RecordStatus>

/** A record to publish, and what was found of it. */
export const DnsRecord = z.object({
  type: z.enum(['TXT', 'MX']),
  /** Whole, without the dot of the root. */
  name: z.string(),
  /** A text in one piece, or the host of an MX. */
  value: z.string(),
  /** Of an MX: the lowest number is tried first. */
  priority: z.number().optional(),
  purpose: RecordPurpose,
  /** Whether sending or receiving waits for it; the others are good to have. */
  required: z.boolean(),
  status: RecordStatus,
  /** What DNS said where that is not the record: text of strangers, cleaned, cut, and only the first few. */
  found: z.array(z.string()),
  /** In our words: what to do about it; null when nothing. */
  note: z.string().nullable(),
})
export type DnsRecord = z.infer<typeof DnsRecord>

/** `pending_dkim`: the domain is the agent's, its DKIM record is not seen yet. `failed`: it was verified, and is not any more. */
export const SendingStatus = z.enum(['pending', 'pending_dkim', 'verified', 'failed'])
export type SendingStatus = z.infer<typeof SendingStatus>

/** Whether mail for the domain comes here. */
export const ReceivingStatus = z.enum(['pending', 'verified', 'failed'])
export type ReceivingStatus = z.infer<typeof ReceivingStatus>

/** A domain of an agent. */
export const Domain = z.object({
  /** UUIDv7. */
  id: z.string(),
  /** Lower case, A-labels (RFC 5890). */
  domain: z.string(),
  /** Ownership and DKIM decide; SPF and DMARC do not. */
  sendingStatus: SendingStatus,
  /** Ownership and MX decide. */
  receivingStatus: ReceivingStatus,
  /** The same as `sendingStatus`, under its old name. */
  verificationStatus: SendingStatus,
  /** All but the MX. */
  sendingDnsRecords: z.array(DnsRecord),
  receivingDnsRecords: z.array(DnsRecord),
  /** Both, in the order in which to publish them. */
  dnsRecords: z.array(DnsRecord),
  /** The same as lines of a zone file (RFC 1035 section 5). */
  zone: z.string(),
  /** Since when it is verified without a break; null while it is not. */
  sendingVerifiedAt: z.string().nullable(),
  receivingVerifiedAt: z.string().nullable(),
  /** When DNS was asked last; null before the first time. */
  checkedAt: z.string().nullable(),
  createdAt: z.string(),
})
export type Domain = z.infer<typeof Domain>

/** A domain that was deleted. */
export type DeletedDomain = { id: string; domain: string }
