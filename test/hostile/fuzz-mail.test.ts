import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLog } from '../../src/log.ts'
import { parseMail } from '../../src/mime/parse.ts'
import { createParser } from '../../src/mime/parser.ts'
import { readReport } from '../../src/mime/report/read-report.ts'
import type { Parser } from '../../src/parser.ts'
import { CORPUS_NOTE } from '../support/corpus.ts'
import { TEST_WORKERS } from '../support/workers.ts'
import { Campaign, report, type Turn } from './fuzz/campaign.ts'
import { mutateMail } from './fuzz/mail.ts'
import { checkAttachmentText, checkFile, checkMail, checkReport } from './fuzz/mail-faults.ts'
import { readMailSeeds } from './fuzz/mail-seeds.ts'

/** One for each processor of a small machine. */
const PARSERS = 2
/** In each: the one it reads and the next. */
const LANES_EACH = 2
/** What took longer than this by the clock is read again here, and its processor time measured. */
const SLOW_MS = 1_000
/** Of so many, one is also read twice, one as a report, one attachment by attachment. */
const STEP = 4
const MAX_PIECE_BYTES = 5_000

describe(`the parser${CORPUS_NOTE}`, () => {
  const campaign = new Campaign('mail', 80_500)
  const losses: string[] = []
  const slow: { again: string; ms: number }[] = []
  let parsers: Parser[]
  beforeAll(() => {
    const log = createLog('warn', Date.now, (line) => losses.push(line))
    parsers = Array.from({ length: PARSERS }, () => createParser({ log, workerUrl: TEST_WORKERS.parser }))
  })
  afterAll(async () => {
    await Promise.all(parsers.map((parser) => parser.close()))
    slow.sort((a, b) => b.ms - a.ms)
    report(
      campaign.summary(),
      ...slow.slice(0, 5).map(({ again, ms }) => `  slow: ${again} ${Math.round(ms)} ms of processor time`),
    )
  })

  async function attack(parser: Parser, turn: Turn, raw: Buffer): Promise<void> {
    const before = losses.length
    const started = performance.now()
    const mail = await parser.parse(raw)
    const faults = [...checkMail(mail)]
    const kind = campaign.isAlone ? -1 : turn.index % STEP
    if (kind <= 0) {
      campaign.count('reports read')
      faults.push(...checkReport(await parser.report(raw)))
    }
    const at = turn.dice.roll(Math.max(1, mail.attachments.length))
    const listed = mail.attachments[at]
    if ((kind === 1 || campaign.isAlone) && listed !== undefined) {
      campaign.count('attachments read')
      faults.push(...checkFile(await parser.attachment(raw, String(at + 1)), listed))
      const range = { offset: turn.dice.roll(2) * turn.dice.roll(10_000), maxBytes: 1 + turn.dice.roll(MAX_PIECE_BYTES) }
      faults.push(...checkAttachmentText(await parser.attachmentText(raw, String(at + 1), range), range.maxBytes))
    }
    if (performance.now() - started > SLOW_MS) await measure(turn, raw)
    // Another lane's loss is told with that one's number of bytes. One for its time is the mail's only where that was measured.
    const lost = losses.slice(before).filter((line) => JSON.parse(line).bytes === raw.length || line.includes('parse_failed'))
    campaign.fault(turn, raw, [...faults, ...lost.filter((line) => !line.includes('"loss":"deadline"'))])
  }

  /** The clock also counts what else the machine did meanwhile, and the first reading loads what it needs. */
  async function measure(turn: Turn, raw: Buffer): Promise<void> {
    const ms = Math.min(await measureOnce(raw), await measureOnce(raw))
    campaign.count('slow by the clock')
    if (ms <= SLOW_MS) return
    slow.push({ again: `mail:${turn.index} (${raw.length} bytes)`, ms })
    campaign.fault(turn, raw, [`${Math.round(ms)} ms of processor time`])
  }

  async function measureOnce(raw: Buffer): Promise<number> {
    const before = process.threadCpuUsage()
    await parseMail(raw)
    readReport(raw)
    const { user, system } = process.threadCpuUsage(before)
    return (user + system) / 1_000
  }

  it('reads every mutated mail in time, within its bounds, and nothing of it that an agent must not see', {
    timeout: 3_600_000,
  }, async () => {
    const seeds = readMailSeeds()
    const turns = campaign.turns()
    const work = async (parser: Parser) => {
      for (const turn of turns) await attack(parser, turn, mutateMail(turn.dice, seeds))
    }
    await Promise.all(parsers.flatMap((parser) => Array.from({ length: LANES_EACH }, () => work(parser))))
    expect(campaign.faults).toEqual([])
  })
})
