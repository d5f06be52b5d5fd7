/** How unlike two words are, to say which one was probably meant. */

/** Levenshtein's distance: letters, as UTF-16 units, to insert, drop or change. Costs the product of the lengths, so bound what strangers wrote. */
export function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= to.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1)
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, change))
    }
    row = next
  }
  return row.at(-1) ?? 0
}

/**
 * Whether Levenshtein's distance is at most so much. Looks only at what lies so near the diagonal, and no further than the first row that is over: costs
 * the length times `most`, so it serves where strangers wrote both.
 */
export function isWithinDistance(from: string, to: string, most: number): boolean {
  if (Math.abs(from.length - to.length) > most) return false
  const tooMany = most + 1
  // The cell at `most` is the one on the diagonal.
  let row = Array.from({ length: 2 * most + 1 }, (_, index) => (index < most ? tooMany : index - most))
  for (let i = 1; i <= from.length; i += 1) {
    const next: number[] = []
    for (let index = 0; index <= 2 * most; index += 1) {
      const j = i + index - most
      if (j < 0 || j > to.length) {
        next.push(tooMany)
        continue
      }
      const change = j === 0 ? tooMany : (row[index] ?? tooMany) + (from[i - 1] === to[j - 1] ? 0 : 1)
      next.push(Math.min(change, (row[index + 1] ?? tooMany) + 1, (next[index - 1] ?? tooMany) + 1, tooMany))
    }
    if (Math.min(...next) >= tooMany) return false
    row = next
  }
  return (row[to.length - from.length + most] ?? tooMany) <= most
}
