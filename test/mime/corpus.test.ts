import { describe, expect, it } from 'vitest'
import { parseMail, readAttachment } from '../../src/mime/parse.ts'
import type { ParsedMail } from '../../src/parser.ts'
import { CORPUS_NOTE, HAS_CORPUS, readCorpus } from '../support/corpus.ts'

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

describe.skipIf(!HAS_CORPUS)(`real and nasty mail${CORPUS_NOTE}`, () => {
  it.each(['mail', 'bounces', 'complaints'] as const)('reads every message of %s, cleanly', async (folder) => {
    const unclean: string[] = []
    for (const { name, raw } of readCorpus(folder)) {
      if (findUnclean(await parseMail(raw)).length > 0) unclean.push(name)
    }
    expect(unclean).toEqual([])
  })

  it.each(['mail', 'bounces', 'complaints'] as const)(
    'answers every attachment of %s in the size that was listed',
    async (folder) => {
      const wrong: string[] = []
      for (const { name, raw } of readCorpus(folder)) {
        const { attachments } = await parseMail(raw)
        for (const [index, { size }] of attachments.entries()) {
          const bytes = (await readAttachment(raw, String(index + 1)))?.bytes
          if (bytes?.length !== size) wrong.push(`${name} ${index + 1}`)
        }
      }
      expect(wrong).toEqual([])
    },
  )

  it('shows the character for unreadable ones in hardly any message, and takes no ordinary text part for another one', async () => {
    const unreadable: string[] = []
    const divergent: string[] = []
    for (const folder of ['mail', 'bounces', 'complaints'] as const) {
      for (const { name, raw } of readCorpus(folder)) {
        const mail = await parseMail(raw)
        // Also where the source has it: there are none of those.
        if (JSON.stringify(mail).includes('\ufffd')) unreadable.push(name)
        if (mail.facts.divergence) divergent.push(name)
      }
    }
    expect(unreadable.length).toBeLessThanOrEqual(5)
    // Those two are made to say something else.
    expect(divergent.map((name) => name.split('__').at(-1))).toEqual(['bluedot-postcard.msg.eml', '006.eml'])
  })

  it('finds a text in nearly every bounce', async () => {
    const texts = await Promise.all(readCorpus('bounces').map(async ({ raw }) => (await parseMail(raw)).bodyText))
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
