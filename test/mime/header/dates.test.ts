import { describe, expect, it } from 'vitest'
import { parseDate } from '../../../src/mime/header/dates.ts'

describe('parseDate', () => {
  it.each([
    ['Tue, 24 Nov 2026 10:20:30 +0100', '2026-11-24T09:20:30.000Z'],
    ['24 Nov 2026 10:20 -0530', '2026-11-24T15:50:00.000Z'],
    [' Tue, 24 Nov 2026 10:20:30 +0000 (UTC) ', '2026-11-24T10:20:30.000Z'],
    ['Tue, 24 Nov 2026 10:20:30 GMT', '2026-11-24T10:20:30.000Z'],
    ['Tue, 24 Nov 2026 10:20:30 GMT+0200', '2026-11-24T08:20:30.000Z'],
    ['Tue, 24 Nov 2026 10:20:30 EST', '2026-11-24T15:20:30.000Z'],
    ['Tue, 24 Nov 2026 10:20:30', '2026-11-24T10:20:30.000Z'],
    ['Mon, 21 Aug 95 13:30:57 -600', '1995-08-21T19:30:57.000Z'],
    ['Fri, 21 Nov 1997 09(comment):   55  :  06 -0600', '1997-11-21T15:55:06.000Z'],
    ['Tuesday, 24-Nov-26 10:20:30 GMT', '2026-11-24T10:20:30.000Z'],
    ['Tue Nov 24 10:20:30 2026', '2026-11-24T10:20:30.000Z'],
    ['2026-11-24T10:20:30+01:00', '2026-11-24T09:20:30.000Z'],
  ])('reads %s', (value, iso) => {
    expect(new Date(parseDate(value) ?? Number.NaN).toISOString()).toBe(iso)
  })

  it.each([
    '',
    'yesterday',
    'Whenever 1',
    '31 Feb 2026 10:20:30 +0000',
    '24 Nov 2026 25:20:30 +0000',
    '24 Foo 2026 10:20:30 +0000',
    '24 Nov 2026 10:20:30 +9999',
    '9999999999',
    'Tue, 24 Nov 2026',
    `Tue, 24 Nov 2026 10:20:30 +0000 ${'('.repeat(100_000)}`,
  ])('does not make up a date for %.40s', (value) => {
    expect(parseDate(value)).toBeNull()
  })
})
