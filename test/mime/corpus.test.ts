import { beforeAll, describe, expect, it } from 'vitest'
import { parseMail, readAttachment } from '../../src/mime/parse.ts'
import type { ParsedMail } from '../../src/parser.ts'
import { CORPUS_NOTE, type CorpusFolder, HAS_CORPUS, readCorpus } from '../support/corpus.ts'
import { CORPUS_EXTENT, CORPUS_STEP } from '../support/rounds.ts'

const FOLDERS = ['mail', 'bounces', 'complaints'] as const

/** Made to say one thing in one form and another in the next: to test parsers, and by who took the names out of bounces. */
const MADE_DIVERGENT = [
  'mail/cpython/msg_15.txt.eml',
  'mail/mime4j/core__src__test__resources__mimetools-testmsgs__bluedot-postcard.msg.eml',
  'mail/mime4j/core__src__test__resources__mimetools-testmsgs__double-semicolon.msg.eml',
  'mail/mime4j/core__src__test__resources__mimetools-testmsgs__double-semicolon2.msg.eml',
  'mail/stalwart-mail-parser/resources__eml__malformed__019.eml',
  'mail/stalwart-mail-parser/resources__eml__rfc__006.eml',
  'mail/stalwart-mail-parser/resources__eml__rfc__007.eml',
  'mail/stalwart-mail-parser/resources__eml__thirdparty__000.eml',
  'mail/stalwart-mail-parser/resources__eml__thirdparty__006.eml',
  'mail/stalwart-mail-parser/resources__eml__thirdparty__013.eml',
  'mail/stalwart-mail-parser/resources__eml__thirdparty__017.eml',
  'mail/stalwart-mail-parser/resources__eml__thirdparty__019.eml',
  'bounces/maildir__bsd__lhost-exchange2007-01.eml',
  'bounces/maildir__bsd__lhost-exchange2007-03.eml',
  'bounces/maildir__bsd__rhost-microsoft-03.eml',
]

const CONTROL = /\p{Cc}/v
const CONTROL_IN_TEXT = /[\p{Cc}--[\n\t]]/v

/** Texts that break the promise of ParsedMail. */
function findUnclean(mail: ParsedMail): string[] {
  const { bodyText, bodyHtml, attachments, ...fields } = mail
  const labels = [fields, attachments].flatMap(
    (value) =>
      JSON.stringify(value)
        .replaceAll('\\\\', '')
        .match(/\\[nrtbfu].{0,8}/g) ?? [],
  )
  return [...labels, ...[bodyText, bodyHtml ?? ''].filter((text) => CONTROL_IN_TEXT.test(text) || !text.isWellFormed())]
}

describe.skipIf(!HAS_CORPUS)(`real and nasty mail, ${CORPUS_EXTENT}${CORPUS_NOTE}`, () => {
  // Parsed once for all that is asked about it.
  const parsed: { folder: CorpusFolder; name: string; raw: Buffer; mail: ParsedMail }[] = []
  beforeAll(async () => {
    for (const folder of FOLDERS) {
      for (const { name, raw } of readCorpus(folder, { step: CORPUS_STEP })) {
        parsed.push({ folder, name, raw, mail: await parseMail(raw) })
      }
    }
  })
  const listOf = (folder: CorpusFolder) => parsed.filter((one) => one.folder === folder)

  it.each(FOLDERS)('is read cleanly in %s', (folder) => {
    expect(listOf(folder).length).toBeGreaterThan(10 / CORPUS_STEP)
    const unclean = listOf(folder).filter(({ mail }) => findUnclean(mail).length > 0)
    expect(unclean.map(({ name }) => name)).toEqual([])
  })

  it.each(FOLDERS)('in %s has every attachment in the size that was listed', async (folder) => {
    const wrong: string[] = []
    for (const { name, raw, mail } of listOf(folder)) {
      for (const [index, { size }] of mail.attachments.entries()) {
        const bytes = (await readAttachment(raw, String(index + 1)))?.bytes
        if (bytes?.length !== size) wrong.push(`${name} ${index + 1}`)
      }
    }
    expect(wrong).toEqual([])
  })

  it('hardly ever has the character for unreadable ones, and no ordinary text part is taken for another one', () => {
    // Also where the source has it: there are none of those.
    const unreadable = parsed.filter(({ mail }) => JSON.stringify(mail).includes('\ufffd'))
    expect(unreadable.length).toBeLessThanOrEqual(5)
    const divergent = parsed.filter(({ mail }) => mail.facts.divergence).map(({ name }) => name)
    const read = new Set(parsed.map(({ name }) => name))
    expect(divergent).toEqual(MADE_DIVERGENT.filter((name) => read.has(name)))
  })

  it('has a text in nearly every bounce', () => {
    const texts = listOf('bounces').map(({ mail }) => mail.bodyText)
    expect(texts.filter((text) => text !== '').length).toBeGreaterThan(texts.length * 0.95)
  })
})

describe('the check itself', () => {
  it('sees a control character in a label and in a text', async () => {
    const mail = await parseMail(Buffer.from('From: a@x.test\n\nx'))
    expect(findUnclean(mail)).toEqual([])
    expect(findUnclean({ ...mail, subject: 'a\nb' })).toHaveLength(1)
    expect(findUnclean({ ...mail, subject: 'a\u0007b' })).toHaveLength(1)
    expect(findUnclean({ ...mail, bodyText: 'a\rb' })).toHaveLength(1)
    expect(CONTROL.test('\x9b')).toBe(true)
  })
})
