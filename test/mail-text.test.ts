import { describe, expect, it } from 'vitest'
import { listTextBuffers, MAX_COPIED_TEXT_CHARS, packTexts, readText, viewText } from '../src/mail-text.ts'

const LONG = 'é€𝄞a'.repeat(MAX_COPIED_TEXT_CHARS)

describe('the texts of a mail', () => {
  it('stay strings while they are short', () => {
    const mail = { bodyText: 'x'.repeat(MAX_COPIED_TEXT_CHARS), bodyHtml: null, subject: 's' }
    expect(packTexts(mail)).toEqual(mail)
    expect(listTextBuffers(mail)).toEqual([])
  })

  it('are bytes when they are long, come back whole, and leave who sends them to another thread', () => {
    const packed = packTexts({ bodyText: LONG, bodyHtml: `<p>${LONG}` })
    const buffers = listTextBuffers(packed)
    expect(buffers.map(({ byteLength }) => byteLength)).toEqual([Buffer.byteLength(LONG), Buffer.byteLength(LONG) + 3])
    const sent = structuredClone(packed, { transfer: buffers })
    expect([readText(sent.bodyText), readText(sent.bodyHtml ?? '')]).toEqual([LONG, `<p>${LONG}`])
    expect([packed.bodyText, packed.bodyHtml].map((text) => text?.length)).toEqual([0, 0])
  })

  it('are UTF-8 for who looks at their bytes, whichever they are', () => {
    expect(viewText('é').equals(Buffer.from('é'))).toBe(true)
    expect(viewText(packTexts({ bodyText: LONG, bodyHtml: null }).bodyText).toString()).toBe(LONG)
  })
})
