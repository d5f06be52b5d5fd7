/**
 * Word of new mail on the answers of other tools, since clients drop notifications. A ring says where there may be some; the store is asked only then, as the
 * agent, and says nothing of inboxes that are not its own.
 */

import { MAX_KNOWN_INBOXES, MAX_NAMED_INBOXES, MAX_RUNG_INBOXES } from '../limits.ts'
import { describeError, type Log } from '../log.ts'
import type { PostOffice } from '../post-office.ts'
import type { NewMail } from '../store.ts'
import type { World } from '../world.ts'
import { type Answer, joinLines } from './render.ts'
import { readShown, type Shown } from './shown-mail.ts'

/** What notices are made of. */
export type NoticeParts = {
  readonly postOffice: PostOffice
  readonly agent: string
  readonly log: Log
  readonly world: World
}

/** The notices of one connection: each arrival is told once. Hooks nothing before `start`. */
export class Notices {
  readonly #parts: NoticeParts
  readonly #rung = new Set<string>()
  /** The newest `seq` that the client was told of or shown, by id, and by address where only that was said. */
  readonly #known = new Map<string, number>()
  #since = 0
  #stop: (() => void) | null = null
  #isClosed = false

  constructor(parts: NoticeParts) {
    this.#parts = parts
  }

  /** Begins to listen; what came before is no news. Once. */
  start(): void {
    if (this.#isClosed || this.#stop !== null) return
    this.#since = this.#parts.world.now()
    this.#stop = this.#parts.postOffice.watchMail((inboxId) => this.#ring(inboxId))
  }

  /** The answer, with a line more when mail has come that it does not show itself. */
  async append(answer: Answer, tool: string, args: unknown): Promise<Answer> {
    const shown = readShown(tool, args, answer)
    if (shown?.upTo !== undefined) this.#know(shown.inbox, shown.upTo)
    const news = this.#rung.size === 0 ? [] : await this.#findNews(shown)
    if (news.length === 0) return answer
    const notice = describeNews(news)
    return { structured: { ...answer.structured, newMail: notice }, text: joinLines(answer.text, notice) }
  }

  close(): void {
    this.#isClosed = true
    this.#stop?.()
    this.#rung.clear()
    this.#known.clear()
  }

  #ring(inboxId: string): void {
    if (this.#rung.size < MAX_RUNG_INBOXES) this.#rung.add(inboxId)
  }

  async #findNews(shown: Shown | null): Promise<NewMail[]> {
    const rung = [...this.#rung]
    // Whoever asks meanwhile does not tell the same.
    this.#rung.clear()
    const { postOffice, agent, log } = this.#parts
    try {
      const asked = rung.map((inboxId) => ({ inboxId, after: this.#known.get(inboxId) ?? null }))
      const found = await postOffice.countNewMail(agent, asked, this.#since)
      return found.filter((mail) => this.#isNews(mail, shown))
    } catch (error) {
      // The deed is done: its answer goes out without.
      log.warn('mcp_notice_failed', { error: describeError(error) })
      for (const inboxId of rung) this.#ring(inboxId)
      return []
    }
  }

  #isNews({ inboxId, address, count, cursor }: NewMail, shown: Shown | null): boolean {
    if (shown?.inbox === inboxId || shown?.inbox === address) {
      // It shows a part of what there is: the next answer tells the rest.
      if (shown.upTo === undefined) this.#ring(inboxId)
      else this.#know(inboxId, cursor)
      return false
    }
    if (cursor <= (this.#known.get(address) ?? 0)) return false
    this.#know(inboxId, cursor)
    return count > 0
  }

  #know(inbox: string, cursor: number): void {
    this.#known.delete(inbox)
    this.#known.set(inbox, cursor)
    if (this.#known.size <= MAX_KNOWN_INBOXES) return
    for (const oldest of this.#known.keys()) {
      this.#known.delete(oldest)
      return
    }
  }
}

/** `1 new message in a@b.example`; of ours only. */
function describeNews(news: readonly NewMail[]): string {
  const named = news.slice(0, MAX_NAMED_INBOXES).map(({ address, count, isMore }, index) => {
    const amount = `${count}${isMore ? ' or more' : ''}`
    return `${amount}${index === 0 ? ` new message${count === 1 ? '' : 's'}` : ''} in ${address}`
  })
  const more = news.length - named.length
  return `${named.join(', ')}${more === 0 ? '' : ` and ${more} more inbox${more === 1 ? '' : 'es'}`}`
}
