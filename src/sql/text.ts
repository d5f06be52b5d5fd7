/** Small things about text that several tables ask for. */

/** At most so many UTF-16 units, without half a character at the end. */
export function cutAt(text: string, maxChars: number): string {
  return text.length <= maxChars
    ? text
    : text
        .slice(0, maxChars)
        .replace(/[\ud800-\udbff]$/, '')
        .trimEnd()
}

/** Only ASCII, as lower() of SQL does: `toLowerCase` would turn the Kelvin sign into a `k`, one address into another. */
export function lowerAscii(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
}
