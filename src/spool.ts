/** The spooler: mail that is accepted and durable is parsed and filed into its inboxes; what a dead process left is taken over. */

import type { Arrivals } from './arrivals.ts'
import { MailError } from './errors.ts'
import { releaseLarge } from './idle-memory.ts'
import {
  MAX_FILINGS_UNDER_WAY,
  MAX_HANDED_OVER_BYTES,
  MAX_SPOOL_HELD_BYTES,
  SPOOL_CLAIM_ROWS,
  SPOOL_LEASE_MS,
  SPOOL_SWEEP_INTERVAL_MS,
} from './limits.ts'
import { describeError, type Log } from './log.ts'
import { NO_FACTS } from './mail-facts.ts'
import type { Packed } from './mail-text.ts'
import type { ParsedMail, Parser } from './parser.ts'
import {
  FILINGS_TOGETHER,
  MAX_GATHERING_MS,
  MAX_HASTY_BACKLOG,
  MAX_MAKING_WAY_MS,
  MAX_REST_MS,
  REST_PER_WORK,
  SENDERS_ACTIVE_MS,
} from './receiving-limits.ts'
import type { Report } from './report.ts'
import type { SpooledMail, Store } from './store.ts'
import type { World } from './world.ts'

/** What the spooler is made of. */
export type SpoolerParts = {
  store: Store
  parser: Parser
  arrivals: Arrivals
  world: World
  log: Log
  /** This process, among those that share the store. */
  instanceId: string
}

/**
 * Works on one message after the other, in the order of arrival. Whatever fails leaves the message in the spool, where it is found again once its
 * lease has run out, by this process or by another.
 */
export class Spooler {
  readonly #parts: SpoolerParts
  readonly #queue: SpooledMail[] = []
  readonly #filing = new Set<Promise<void>>()
  /** Read, and held back for a moment to be filed with what comes next. */
  readonly #parsed: { mail: SpooledMail; parsed: Packed<ParsedMail> }[] = []
  #cancelFiling: (() => void) | null = null
  #heldBytes = 0
  #working: Promise<void> | null = null
  #cancelSweep: (() => void) | null = null
  /** Set when something was left in the store because memory was full: look again as soon as there is room. */
  #leftBehind = false
  #offeredAt = Number.NEGATIVE_INFINITY
  #endRest: () => void = () => {}
  #closed = false

  constructor(parts: SpoolerParts) {
    this.#parts = parts
  }

  /** Whether a message of this size may be handed over in memory; otherwise it is accepted without a lease and read back later. */
  hasRoomFor(sizeBytes: number): boolean {
    return sizeBytes <= MAX_HANDED_OVER_BYTES && this.#heldBytes + sizeBytes <= MAX_SPOOL_HELD_BYTES
  }

  /** Takes over a message that has just been accepted. Without a lease it stays in the store until there is room. */
  offer(mail: SpooledMail, { leased }: { leased: boolean }): void {
    this.#offeredAt = this.#parts.world.elapsedMs()
    if (!leased) this.#leftBehind = true
    else this.#enqueue(mail)
    this.#work()
  }

  /** Something was put into the spool by other means than `offer`. */
  lookAgain(): void {
    this.#leftBehind = true
    this.#work()
  }

  /** Begins to look for what other processes left, now and then for ever. */
  start(): void {
    if (this.#closed) return
    this.#leftBehind = true
    this.#work()
    this.#cancelSweep = this.#parts.world.after(SPOOL_SWEEP_INTERVAL_MS, () => this.start())
  }

  /** Resolves when everything offered so far is filed or given back. */
  async idle(): Promise<void> {
    while (this.#working !== null || this.#filing.size > 0) await Promise.all([this.#working, ...this.#filing])
  }

  /** Takes up nothing more; what is not filed stays in the spool. Resolves when what was being filed is. */
  async close(): Promise<void> {
    this.#closed = true
    this.#cancelSweep?.()
    this.#endRest()
    this.#cancelFiling?.()
    this.#queue.length = 0
    await Promise.allSettled([...this.#filing])
  }

  #enqueue(mail: SpooledMail): void {
    this.#heldBytes += mail.raw.byteLength
    this.#queue.push(mail)
  }

  #work(): void {
    this.#working ??= this.#workThrough().finally(() => {
      this.#working = null
      if (!this.#closed && (this.#queue.length > 0 || this.#leftBehind)) this.#work()
    })
  }

  async #workThrough(): Promise<void> {
    while (!this.#closed) {
      const mail = this.#queue.shift()
      if (mail !== undefined) await this.#parseMakingWay(mail)
      else {
        this.#fileParsed()
        if (!(await this.#claimLeftovers())) break
      }
    }
  }

  /**
   * What is accepted is safe, and may wait; a sender that waits for its 250 sends nothing else meanwhile. So in a burst of mail most of the processor is the
   * senders', and reading goes on slowly until they pause.
   */
  async #parseMakingWay(mail: SpooledMail): Promise<void> {
    const { world } = this.#parts
    const startedAt = world.elapsedMs()
    await this.#parseAndFile(mail)
    const now = world.elapsedMs()
    const isHasty = this.#queue.length < MAX_HASTY_BACKLOG || now - this.#offeredAt > SENDERS_ACTIVE_MS
    if (isHasty || world.now() - mail.envelope.receivedAt > MAX_MAKING_WAY_MS) return
    const restMs = Math.min(MAX_REST_MS, REST_PER_WORK * (now - startedAt))
    if (restMs > 0 && !this.#closed) await this.#rest(restMs)
  }

  #rest(restMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const cancel = this.#parts.world.after(restMs, resolve)
    this.#endRest = () => {
      cancel()
      resolve()
    }
    return promise
  }

  /** Filing goes on behind the next parse, so that the store can put several filings into one commit. */
  async #parseAndFile(mail: SpooledMail): Promise<void> {
    try {
      const { parser, world } = this.#parts
      const parsed = await parser.parse(mail.raw)
      // Whoever closes waits for filings, not for the parser: the store may be closed by now.
      if (this.#closed) return
      this.#parsed.push({ mail, parsed })
      const gathers = this.#queue.length >= MAX_HASTY_BACKLOG && this.#parsed.length < FILINGS_TOGETHER
      if (!gathers || isLarge(mail)) this.#fileParsed()
      else this.#cancelFiling ??= world.after(MAX_GATHERING_MS, () => this.#fileParsed())
      if (this.#filing.size >= MAX_FILINGS_UNDER_WAY) await Promise.race(this.#filing)
      // Memory for the next one is not taken before that of this one is free.
      if (isLarge(mail)) await Promise.all(this.#filing)
    } catch (error) {
      if (!this.#closed) this.#parts.log.error('parse_failed', { spoolId: mail.id, error: describeError(error) })
    } finally {
      this.#heldBytes -= mail.raw.byteLength
    }
  }

  /** All at once: a commit, and the waking of threads and other processes, cost more than a filing does. */
  #fileParsed(): void {
    this.#cancelFiling?.()
    this.#cancelFiling = null
    for (const { mail, parsed } of this.#parsed.splice(0)) {
      const filing = this.#file(mail, parsed).finally(() => {
        this.#filing.delete(filing)
        releaseLarge(mail.raw.byteLength)
      })
      this.#filing.add(filing)
    }
  }

  async #file(mail: SpooledMail, parsed: Packed<ParsedMail>): Promise<void> {
    try {
      await this.#fileOnce(mail, parsed)
    } catch (error) {
      this.#parts.log.error('file_failed', { spoolId: mail.id, error: describeError(error) })
      // A store that is away comes back; a message that it cannot take as parsed is filed with nothing but its raw bytes.
      if (error instanceof MailError && error.code === 'store_unavailable') return
      await this.#fileOnce(mail, UNREADABLE_MAIL).catch((again: unknown) => {
        this.#parts.log.error('file_failed', { spoolId: mail.id, error: describeError(again) })
      })
    }
  }

  async #fileOnce(mail: SpooledMail, parsed: Packed<ParsedMail>): Promise<void> {
    const { store, arrivals, world } = this.#parts
    // Before filing, so that a process that dies in between leaves the spool row to say it again; the store counts it once.
    await this.#believeReports(mail)
    const ids = mail.envelope.recipients.map(() => ({ messageId: world.newId(), threadId: world.newId() }))
    const filed = await store.fileMail(mail.id, parsed, ids, world.now())
    for (const { inboxId } of filed) arrivals.ring(inboxId, 'arrival')
  }

  /** A report changes something only where it came back to the return path of a delivery; a copy to an inbox is mail like any other. */
  async #believeReports(mail: SpooledMail): Promise<void> {
    const { store, parser, arrivals, world, log } = this.#parts
    for (const { deliveryId } of mail.envelope.recipients) {
      if (deliveryId === undefined) continue
      const report = await parser.report(mail.raw)
      const read = report === null ? null : judgeReport(report, (await store.findDelivery(deliveryId))?.recipient ?? '')
      const news = read === null ? null : await store.recordReport({ deliveryId, ...read, now: world.now() })
      if (news === null) continue
      arrivals.ring(news.inboxId, 'change')
      if (news.suspended) log.warn('inbox_suspended', { inboxId: news.inboxId })
    }
  }

  /** Whether anything was found. */
  async #claimLeftovers(): Promise<boolean> {
    if (!this.#leftBehind) return false
    this.#leftBehind = false
    const { store, world, instanceId, log } = this.#parts
    try {
      const now = world.now()
      const claimed = await store.claimSpool(instanceId, now, now + SPOOL_LEASE_MS, SPOOL_CLAIM_ROWS)
      for (const mail of claimed) this.#enqueue(mail)
      // Left behind meanwhile counts too: it may have come after the claim.
      this.#leftBehind ||= claimed.length > 0
      return this.#leftBehind
    } catch (error) {
      if (!this.#closed) log.warn('spool_claim_failed', { error: describeError(error) })
      return false
    }
  }
}

function isLarge({ raw }: SpooledMail): boolean {
  return raw.byteLength > MAX_HANDED_OVER_BYTES
}

/**
 * What a report says of the one recipient whose return path it came back to. A return path belongs to one delivery, so a report that names one other
 * recipient speaks of it too: it was forwarded. Null when it says nothing that settles anything, such as a delay.
 */
function judgeReport(
  report: Report,
  recipient: string,
): { kind: 'bounced' | 'complained'; hard: boolean; statusCode: string | null } | null {
  if (report.kind === 'complaint') return { kind: 'complained', hard: true, statusCode: null }
  const failed = report.recipients.filter(({ action }) => action === 'failed')
  const named = failed.find((one) => one.recipient?.toLowerCase() === recipient.toLowerCase())
  const meant = named ?? failed[0]
  return meant === undefined ? null : { kind: 'bounced', hard: meant.hard, statusCode: meant.statusCode }
}

/** What is filed of a message that could be neither parsed nor filed as parsed. */
export const UNREADABLE_MAIL: ParsedMail = {
  fromAddress: '',
  fromName: null,
  replyToAddresses: [],
  toAddresses: [],
  ccAddresses: [],
  subject: '',
  messageIdHeader: null,
  inReplyTo: null,
  references: [],
  sentAt: null,
  bodyText: '',
  bodyHtml: null,
  attachments: [],
  automatic: null,
  problems: ['This message could not be read; only its raw bytes are kept.'],
  facts: NO_FACTS,
}
