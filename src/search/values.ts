/** Times and sizes as people write them in a search. */

import { DAY_MS, HOUR_MS } from '../durations.ts'

const DAY = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})$/
const MOMENT = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)?$/i
const AGO = /^(\d{1,5})([hd])$/i
const SIZE = /^(\d{1,12}(?:\.\d{1,3})?)(?:b|(k|m|g)b?)?$/i

const UNIT_BYTES: Readonly<Record<string, number>> = { k: 1_024, m: 1_024 ** 2, g: 1_024 ** 3 }

/**
 * Milliseconds UTC of a day's first moment (2026-01-31, 2026/1/31), of a moment (2026-01-31T10:30, in UTC unless it names an offset), or of so long before
 * `now` (12h, 2d); null for anything else.
 */
export function readTime(text: string, now: number): number | null {
  const day = readDay(text)
  if (day !== null) return day
  const [, amount = '', unit = ''] = AGO.exec(text) ?? []
  if (amount !== '') return now - Number(amount) * (unit.toLowerCase() === 'h' ? HOUR_MS : DAY_MS)
  const [, date = '', zone = ''] = MOMENT.exec(text) ?? []
  if (readDay(date) === null) return null
  const ms = Date.parse(zone === '' ? `${text}Z` : text)
  return Number.isNaN(ms) ? null : ms
}

/** Null for the 30th of February: Date would take it for the 2nd of March. */
function readDay(text: string): number | null {
  const [, year = '', month = '', day = ''] = DAY.exec(text) ?? []
  if (year === '') return null
  const ms = Date.UTC(Number(year), Number(month) - 1, Number(day))
  const date = new Date(ms)
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day) ? ms : null
}

/** Bytes (100, 10k, 5mb, 1.5gb: a k is 1,024); null for anything else. */
export function readSize(text: string): number | null {
  const [, amount = '', unit = ''] = SIZE.exec(text) ?? []
  return amount === '' ? null : Math.floor(Number(amount) * (UNIT_BYTES[unit.toLowerCase()] ?? 1))
}
