import { describe, expect, test } from 'vitest'
import { MAX_QUERY_CHARS } from '../../src/limits.ts'
import { MAX_SEARCH_LABELS, MAX_SEARCH_TERMS, MAX_SEARCH_WORDS } from '../../src/search/limits.ts'
import type { SearchQuery } from '../../src/search/query.ts'
import { readSearchQuery } from '../../src/search/reader.ts'

/** 24 November 2026, noon UTC. */
const NOW = Date.UTC(2026, 10, 24, 12)
const NOTHING: SearchQuery = {
  anywhere: [],
  from: [],
  to: [],
  subject: [],
  labels: [],
  hasAttachment: null,
  isRead: null,
  before: null,
  after: null,
  largerBytes: null,
  smallerBytes: null,
}
const is = (...texts: string[]) => texts.map((text) => ({ text, isNot: false }))
const not = (...texts: string[]) => texts.map((text) => ({ text, isNot: true }))

const UNDERSTOOD: readonly (readonly [query: string, asked: Partial<SearchQuery>])[] = [
  ['', {}],
  ['  \t\n ', {}],
  ['hello', { anywhere: is('hello') }],
  [' two  words ', { anywhere: is('two', 'words') }],
  ['"two words"', { anywhere: is('two words') }],
  ['“two words” more', { anywhere: is('two words', 'more') }],
  ['-spam', { anywhere: not('spam') }],
  ['-"two words"', { anywhere: not('two words') }],
  ['from:alice@example.com', { from: is('alice@example.com') }],
  ['FROM:alice From:bob', { from: is('alice', 'bob') }],
  ['-from:alice to:bob -to:carol', { from: not('alice'), to: [...is('bob'), ...not('carol')] }],
  ['subject:"two words"', { subject: is('two words') }],
  ['-subject:"a: b"', { subject: not('a: b') }],
  ['subject:"a"rest', { subject: is('a'), anywhere: is('rest') }],
  ['has:attachment', { hasAttachment: true }],
  ['-has:attachments', { hasAttachment: false }],
  ['is:unread', { isRead: false }],
  ['is:READ', { isRead: true }],
  ['-is:unread', { isRead: true }],
  ['-is:read -is:read', { isRead: false }],
  ['label:shop -label:"two words"', { labels: [...is('shop'), ...not('two words')] }],
  ['before:2026-01-31', { before: Date.UTC(2026, 0, 31) }],
  ['after:2026/1/5', { after: Date.UTC(2026, 0, 5) }],
  ['-after:2026-01-05', { before: Date.UTC(2026, 0, 5) }],
  ['-before:2026-01-05', { after: Date.UTC(2026, 0, 5) }],
  ['after:2d', { after: NOW - 172_800_000 }],
  ['before:12H', { before: NOW - 43_200_000 }],
  ['after:2d after:1d after:3d', { after: NOW - 86_400_000 }],
  ['after:2026-01-31T10:30', { after: Date.UTC(2026, 0, 31, 10, 30) }],
  ['after:2026-01-31T10:30:15.5Z', { after: Date.UTC(2026, 0, 31, 10, 30, 15, 500) }],
  ['after:2026-01-31T10:30+02:00', { after: Date.UTC(2026, 0, 31, 8, 30) }],
  ['larger:100', { largerBytes: 100 }],
  ['larger:10k smaller:5mb', { largerBytes: 10_240, smallerBytes: 5_242_880 }],
  ['larger:1.5M', { largerBytes: 1_572_864 }],
  ['smaller:1GB smaller:7b', { smallerBytes: 7 }],
  ['-larger:100', { smallerBytes: 101 }],
  ['-smaller:100', { largerBytes: 99 }],
  ['https://example.com/a?b=c', { anywhere: is('https://example.com/a?b=c') }],
  ['-https://example.com', { anywhere: not('https://example.com') }],
  ['mailto:alice@example.com', { anywhere: is('mailto:alice@example.com') }],
  ['10:30', { anywhere: is('10:30') }],
  ['Re: hello', { anywhere: is('Re:', 'hello') }],
  ['Fwd:hello', { anywhere: is('Fwd:hello') }],
  ['"localhost:2525"', { anywhere: is('localhost:2525') }],
  ['order - confirmed & paid', { anywhere: is('order', 'confirmed', 'paid') }],
  ['terms and conditions or not', { anywhere: is('terms', 'and', 'conditions', 'or', 'not') }],
  ['"OR" "NOT" "veri*"', { anywhere: is('OR', 'NOT', 'veri*') }],
  ['don\u2019t 5" c++', { anywhere: is('don\u2019t', '5"', 'c++') }],
  ['a\0b', { anywhere: is('a', 'b') }],
  ['constructor toString __proto__', { anywhere: is('constructor', 'toString', '__proto__') }],
]

/** A query, what is said to be wrong, and what to write instead. */
const REFUSED: readonly (readonly [query: string, message: RegExp, hint: RegExp])[] = [
  [
    'cc:bob',
    /^cc: is not an operator/,
    /from: to: subject: has:attachment is:unread is:read label: before:.*after:.*larger:.*smaller:/,
  ],
  ['older_than:2d', /^older_than: is not an operator/, /quotation marks/],
  ['localhost:2525', /^localhost: is not an operator/, /quotation marks/],
  ['constructor:x', /^constructor: is not an operator/, /Known operators/],
  ['from:', /^from: is empty/, /from:alice@example.com/],
  ['from: alice', /^from: is empty/, /right after the colon/],
  ['-subject:""', /^subject: is empty/, /subject:invoice/],
  ['"two words', /closes the quotation mark in "two words/, /mark at each end/],
  ['from:"alice', /closes the quotation mark/, /mark at each end/],
  ['has:pdf', /^has:pdf is not known/, /has:attachment/],
  ['is:starred', /^is:starred is not known/, /is:unread or is:read/],
  ['is:read is:unread', /both/, /./],
  ['has:attachment -has:attachment', /both/, /./],
  ['before:yesterday', /^before:yesterday is not a time/, /before:2026-01-31/],
  ['before:2026-02-30', /not a time/, /before:12h/],
  ['before:2026-02-30T10:00Z', /not a time/, /./],
  ['after:2026-01-31T25:00', /not a time/, /./],
  ['after:31.01.2026', /not a time/, /./],
  ['after:99999999d', /not a time/, /./],
  ['larger:big', /^larger:big is not a size/, /larger:100k/],
  ['larger:-5', /not a size/, /./],
  ['smaller:5tb', /not a size/, /smaller:5mb/],
  ['from:a OR from:b', /no OR/, /once for each/],
  ['a | b', /no OR/, /once for each/],
  ['a NOT b', /minus/, /-word/],
  ['veri*', /whole words/, /whole word/],
  ['subject:(a b)', /brackets/, /subject: before each word/],
  ['🎉', /🎉 has no letter or digit/, /./],
  ['from:🎉', /no letter or digit/, /./],
  ['"..."', /no letter or digit/, /./],
  ['- & !', /no word to search for/, /from:/],
  ['x'.repeat(MAX_QUERY_CHARS + 1), /longer than 500/, /./],
  ['a '.repeat(MAX_SEARCH_WORDS + 1), /more than 32 words/, /./],
  ['label:a '.repeat(MAX_SEARCH_LABELS + 1), /more than 5 labels/, /./],
  ['字'.repeat(MAX_SEARCH_TERMS + 1), /65 terms/, /shorter/],
  ['a.'.repeat(MAX_SEARCH_TERMS + 1), /65 terms/, /shorter/],
]

describe('A search', () => {
  test.each(UNDERSTOOD)('%j is understood', (query, asked) => {
    expect(readSearchQuery(query, NOW)).toEqual({ ...NOTHING, ...asked })
  })

  test.each(REFUSED)('%j is refused with what to write', (query, message, hint) => {
    const error = (() => {
      try {
        return readSearchQuery(query, NOW)
      } catch (thrown) {
        return thrown
      }
    })()
    expect(error).toMatchObject({
      code: 'invalid_argument',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    })
  })

  test('shows little of what was typed', () => {
    expect(() => readSearchQuery(`from:a before:${'😀'.repeat(100)}`, NOW)).toThrow(/^before:(?:😀){20}\.\.\. is not a time\.$/u)
  })
})
