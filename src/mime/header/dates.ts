/** The Date header (RFC 5322 section 3.3, with the obsolete forms of 4.3). Ours, because the parser answers *now* for what it cannot read. */

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** RFC 5322 section 4.3; the military letters mean nothing there, like any other word. */
const ZONE_HOURS: ReadonlyMap<string, number> = new Map(
  Object.entries({ edt: -4, est: -5, cdt: -5, cst: -6, mdt: -6, mst: -7, pdt: -7, pst: -8 }),
)

/** `[Mon,] 2 Jan 2026 15:04[:05] +0100`, comments already gone; two-digit years and a missing zone are old and common. */
const RFC_5322_DATE =
  /^(?:[a-z]{3,9}[,.]?\s*)?(\d{1,2})[\s-]+([a-z]{3})[a-z]*\.?[\s-]+(\d{2,4})[,\s]+(\d{1,2})\s*:\s*(\d{2})(?:\s*:\s*(\d{2}))?(?:\.\d{1,9})?\s*(?:(?:gmt|utc)?([+-]\d{1,2}):?(\d{2})|([a-z]{1,5}))?(?:\s|$)/i

/** `Mon Jan  2 15:04:05 2026`, as C's asctime writes it. */
const ASCTIME_DATE = /^[a-z]{3}\s+([a-z]{3})\s+(\d{1,2})\s+(\d{1,2}):(\d{2}):(\d{2})\s+(\d{4})$/i

/** RFC 3339, which some programs send instead. */
const RFC_3339_DATE = /^\d{4}-\d{2}-\d{2}[t ]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:z|[+-]\d{2}:?\d{2})$/i

/** The longest value that can be a date, with comments; longer ones are not looked at. */
const MAX_DATE_CHARS = 200

/** Milliseconds since the epoch, UTC; null when the value is no date. */
export function parseDate(value: string): number | null {
  if (value.length > MAX_DATE_CHARS) return null
  const text = value.replace(/\([^()]*\)/g, '').trim()
  if (RFC_3339_DATE.test(text)) return finite(Date.parse(text.replace(' ', 'T')))
  const asctime = ASCTIME_DATE.exec(text)
  if (asctime) {
    const [, month, day, hour, minute, second, year] = asctime
    return toTime(year, month, day, hour, minute, second)
  }
  const match = RFC_5322_DATE.exec(text)
  if (!match) return null
  const [, day, month, year, hour, minute, second, zoneHours, zoneMinutes, zoneName] = match
  const local = toTime(year, month, day, hour, minute, second)
  const offsetMinutes = zoneOffsetMinutes(zoneHours, zoneMinutes, zoneName)
  // No place on Earth is a day away from Greenwich.
  if (local === null || Math.abs(offsetMinutes) >= 24 * 60) return null
  return local - offsetMinutes * 60_000
}

/** The digits as UTC; null when there is no such day or time. */
function toTime(...[year, month, day, hour, minute, second = '0']: (string | undefined)[]): number | null {
  const monthIndex = MONTHS.indexOf((month ?? '').toLowerCase())
  const numbers = [Number(day), Number(hour), Number(minute), Number(second)] as const
  const [dayNumber, hourNumber, minuteNumber, secondNumber] = numbers
  if (monthIndex < 0 || hourNumber > 23 || minuteNumber > 59 || secondNumber > 60) return null
  const time = Date.UTC(fullYear(year ?? ''), monthIndex, dayNumber, hourNumber, minuteNumber, secondNumber)
  // 31 February would become a day in March. The 60th second of a leap second is the first of the next minute and stays so.
  const isDay = new Date(Date.UTC(fullYear(year ?? ''), monthIndex, dayNumber)).getUTCDate() === dayNumber
  return isDay ? finite(time) : null
}

/** RFC 5322 section 4.3: two digits up to 49 are this century, other short years count from 1900. */
function fullYear(digits: string): number {
  const year = Number(digits)
  if (digits.length >= 4) return year
  return digits.length === 2 && year < 50 ? year + 2_000 : year + 1_900
}

function zoneOffsetMinutes(hours: string | undefined, minutes: string | undefined, name: string | undefined): number {
  if (hours === undefined) return (ZONE_HOURS.get((name ?? '').toLowerCase()) ?? 0) * 60
  return Number(hours) * 60 + (hours.startsWith('-') ? -1 : 1) * Number(minutes)
}

function finite(time: number): number | null {
  return Number.isFinite(time) ? time : null
}
