/** What most text is, so that it need not be made so: nothing in it stands beyond ASCII, and to find that out costs less than to look for what only stands beyond. */

const BEYOND_ASCII = /[^\0-\x7f]/

/** Whether all characters are ASCII. */
export function isAsciiText(text: string): boolean {
  return !BEYOND_ASCII.test(text)
}

/** Two in a row, or another one than the space. */
const UNEVEN = /\s\s|[^\S ]/

/** Every run of white space as one space. Most text is so already, and to write each space anew would copy it. */
export function evenSpaces(text: string): string {
  return UNEVEN.test(text) ? text.replace(/\s+/g, ' ') : text
}
