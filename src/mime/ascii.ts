/** Most text has nothing beyond ASCII, and to find that out costs less than to look for what only stands beyond. */

const BEYOND_ASCII = /[^\0-\x7f]/

/** Whether all characters are ASCII. */
export function isAsciiText(text: string): boolean {
  return !BEYOND_ASCII.test(text)
}
