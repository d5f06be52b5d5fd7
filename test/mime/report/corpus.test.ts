import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { readReport } from '../../../src/mime/report/read-report.ts'
import type { ReportedRecipient } from '../../../src/report.ts'

const CORPUS = fileURLToPath(new URL('../../../../shared/corpus', import.meta.url))
const HAS_CORPUS = existsSync(CORPUS)
const NOTE = HAS_CORPUS ? '' : ' (skipped: ../shared/corpus is not there)'

/** Recipients with the right status and hard or soft, of all that the truth has. */
const LEAST_SHARE_RIGHT = 0.98

/**
 * The truth gives codes of its own (`5.0.9xx`) where a report names none: each stands for a reason. These are the standard codes (RFC 3463,
 * 7372, 7505) that say that reason; `null` is a report that tells nothing.
 */
const CODES_OF_PRIVATE_CODE: Record<string, readonly (string | null)[]> = {
  '900': [null], // undefined
  '901': [null], // on hold
  '902': ['5.1.3'], // syntax error
  '909': ['5.7.1'], // no relaying
  '910': ['5.2.1'], // filtered
  '911': ['5.1.1'], // user unknown
  '912': ['5.1.2'], // host unknown
  '918': ['5.7.1'], // rejected
  '921': ['5.2.1'], // suspended
  '922': ['5.2.2'], // mailbox full
  '930': ['5.3.0'], // system error
  '932': ['5.1.10'], // accepts no mail
  '934': ['5.3.4'], // too big
  '944': ['4.4.1', '4.4.3'], // network error
  '947': ['4.4.1', '4.4.2', '4.4.7'], // expired
  '971': ['5.7.1'], // blocked
  '973': ['5.7.25'], // no reverse DNS
}

const Truth = z.record(z.string(), z.array(z.object({ status: z.string(), reason: z.string(), hard: z.boolean() })))
type Expected = z.infer<typeof Truth>[string][number]

const LINE_ENDS = [
  ['as the files have them', (text: string) => text],
  ['CRLF', (text: string) => text.replaceAll(/\r?\n/g, '\r\n')],
] as const

describe.skipIf(!HAS_CORPUS)(`real reports${NOTE}`, () => {
  it.each(LINE_ENDS)(
    `at least ${LEAST_SHARE_RIGHT * 100} % of recipients get the right status and hard or soft, line ends %s`,
    (_, convert) => {
      const truth = readTruth('bounces')
      const wrong: string[] = []
      let total = 0
      for (const [name, expected] of Object.entries(truth)) {
        const reported = readMessages(join('bounces', name)).map((text) => readReport(Buffer.from(convert(text), 'latin1')))
        const recipients = reported.flatMap((report) => (report?.kind === 'delivery-status' ? report.recipients : []))
        expected.forEach((one, index) => {
          total += 1
          if (!isRight(one, recipients[index] ?? null))
            wrong.push(`${name}: ${one.status} ${one.reason}, not ${JSON.stringify(recipients[index])}`)
        })
      }
      expect(Object.keys(truth)).toHaveLength(271)
      expect(total).toBe(286)
      expect(1 - wrong.length / total, wrong.join('\n')).toBeGreaterThanOrEqual(LEAST_SHARE_RIGHT)
    },
  )

  it('no report names more recipients than the truth has', () => {
    const tooMany = Object.entries(readTruth('bounces')).filter(([name, expected]) => {
      const reports = readMessages(join('bounces', name)).map((text) => readReport(Buffer.from(text, 'latin1')))
      return reports.reduce((sum, report) => sum + (report?.recipients.length ?? 0), 0) > expected.length
    })
    expect(tooMany.map(([name]) => name)).toEqual([])
  })

  it('nothing in the folder makes it throw, however it is cut off', () => {
    for (const name of listMessages('bounces')) {
      const raw = readFileSync(join(CORPUS, name))
      for (const share of [0.1, 0.3, 0.5, 0.9]) readReport(raw.subarray(0, Math.floor(raw.length * share)))
    }
  })
})

describe.skipIf(!HAS_CORPUS)(`real complaints${NOTE}`, () => {
  it.each(LINE_ENDS)(
    'every complaint is recognised, failed authentication and plain mail are not, line ends %s',
    (_, convert) => {
      const names = [...listMessages('complaints'), ...listMessages('mail').filter((name) => typeOf(name) !== null)]
      const seen = names.map((name) => {
        const report = readReport(Buffer.from(convert(readFileSync(join(CORPUS, name), 'latin1')), 'latin1'))
        return [name, report?.kind === 'complaint' ? report.feedbackType : null]
      })
      expect(seen).toEqual(names.map((name) => [name, expectedComplaint(name)]))
      expect(seen.filter(([, type]) => type !== null)).toHaveLength(15)
    },
  )
})

describe.skipIf(!HAS_CORPUS)(`ordinary mail${NOTE}`, () => {
  it.each(LINE_ENDS)('is never taken for a report, line ends %s', (_, convert) => {
    const ordinary = listMessages('mail').filter((name) => !isReportByType(name))
    const taken = ordinary.filter(
      (name) => readReport(Buffer.from(convert(readFileSync(join(CORPUS, name), 'latin1')), 'latin1')) !== null,
    )
    expect(taken).toEqual([])
    expect(ordinary.length).toBeGreaterThan(235)
  })
})

function isRight(expected: Expected, reported: ReportedRecipient | null): boolean {
  if (expected.reason === 'vacation') return reported === null
  if (reported === null || reported.hard !== expected.hard) return false
  if ((expected.reason === 'delivered') !== (reported.action === 'delivered')) return false
  const privateCode = /^[45]\.0\.(9\d\d)$/.exec(expected.status)?.[1]
  const codes = privateCode === undefined ? [expected.status] : (CODES_OF_PRIVATE_CODE[privateCode] ?? [])
  return codes.includes(reported.statusCode)
}

function readTruth(folder: string): z.infer<typeof Truth> {
  return Truth.parse(JSON.parse(readFileSync(join(CORPUS, folder, 'expected.json'), 'utf8')))
}

/** The messages of a file: one, or the several of an mbox. */
function readMessages(name: string): string[] {
  return readFileSync(join(CORPUS, name), 'latin1').split(/\n\n(?=From MAILER-DAEMON {1,2}\w{3} \w{3} )/)
}

function listMessages(folder: string): string[] {
  return readdirSync(join(CORPUS, folder))
    .sort()
    .map((name) => join(folder, name))
    .flatMap((path) => (statSync(join(CORPUS, path)).isDirectory() ? listMessages(path) : [path]))
    .filter((path) => path.endsWith('.eml'))
}

/** What its Feedback-Type field says; null without one. Read in the source, not by what is tested. */
function typeOf(name: string): string | null {
  return /^Feedback-Type: *([\w-]+)/im.exec(readFileSync(join(CORPUS, name), 'latin1'))?.[1]?.toLowerCase() ?? null
}

function expectedComplaint(name: string): string | null {
  const type = typeOf(name)
  if (type !== null) return type === 'auth-failure' ? null : type
  // Without the field: the notification of a cloud provider and what Outlook.com sends are complaints, a request to unsubscribe is mail.
  return /^X-Apple-Unsubscribe:/im.test(readFileSync(join(CORPUS, name), 'latin1')) ? null : 'abuse'
}

/** The folder has a few true reports: those that say so in the type of the whole message. */
function isReportByType(name: string): boolean {
  const header = readFileSync(join(CORPUS, name), 'latin1').split(/\r?\n\r?\n/)[0] ?? ''
  return /^content-type:\s*multipart\/report/im.test(header)
}
