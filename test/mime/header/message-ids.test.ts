import { describe, expect, it } from 'vitest'
import { MAX_MESSAGE_ID_CHARS, MAX_REFERENCES } from '../../../src/limits.ts'
import { readMessageId, readReferences } from '../../../src/mime/header/message-ids.ts'

describe('readMessageId', () => {
  it.each([
    [' <a@b.test> ', '<a@b.test>'],
    ['<\r\n a@b.test>', '<a@b.test>'],
    ['a@b.test', '<a@b.test>'],
    ['Your message of Monday <a@b.test>', '<a@b.test>'],
    ['<a@b.test> <c@d.test>', '<a@b.test>'],
    ['<a b@c.test>', null],
    ['nonsense', null],
    ['', null],
    ['<a\u202e@b.test>', null],
    ['<a\0@b.test>', null],
    [`<${'a'.repeat(MAX_MESSAGE_ID_CHARS)}>`, null],
  ])('reads %.40j as %j', (value, id) => {
    expect(readMessageId(value)).toBe(id)
  })
})

describe('readReferences', () => {
  it('keeps ids in their order, each once, and nothing else', () => {
    expect(readReferences('<a@x>\r\n <b@x> junk,<a@x><c@x>').ids).toEqual(['<a@x>', '<b@x>', '<c@x>'])
  })

  it('keeps the first and the newest of too many', () => {
    const ids = Array.from({ length: MAX_REFERENCES + 10 }, (_, index) => `<${index}@x>`)
    const read = readReferences(ids.join(' '))
    expect(read).toEqual({ ids: ['<0@x>', ...ids.slice(-(MAX_REFERENCES - 1))], isShortened: true })
    expect(read.ids).toHaveLength(MAX_REFERENCES)
  })

  it('reads a value of opening brackets only', () => {
    expect(readReferences('<'.repeat(200_000)).ids).toEqual([])
    expect(readReferences('< '.repeat(100_000)).ids).toEqual([])
  })
})
