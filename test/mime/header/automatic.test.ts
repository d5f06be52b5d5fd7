import { describe, expect, it } from 'vitest'
import { parseMail } from '../../../src/mime/parse.ts'

describe('mail of a machine', () => {
  it.each([
    ['Auto-Submitted: auto-replied', 'auto-submitted'],
    ['Auto-Submitted: auto-generated; owner-email="x"', 'auto-submitted'],
    ['auto-submitted:\r\n AUTO-NOTIFIED (comment)', 'auto-submitted'],
    ['Auto-Submitted: no', null],
    ['Auto-Submitted: No; a=b', null],
    ['Auto-Submitted:', null],
    ['Auto-Submitted: no\r\nAuto-Submitted: auto-replied', 'auto-submitted'],
    ['Precedence: bulk', 'auto-submitted'],
    ['Precedence: JUNK', 'auto-submitted'],
    ['Precedence: list', 'list'],
    ['Precedence: first-class', null],
    ['List-Id: <a.example.org>', 'list'],
    ['List-Unsubscribe: <https://example.org/>', 'list'],
    ['X-Other: 1', null],
  ])('%j is %s', async (header, automatic) => {
    expect(await parseMail(Buffer.from(`From: a@example.org\r\n${header}\r\n\r\nbody\r\n`))).toMatchObject({ automatic })
  })
})
