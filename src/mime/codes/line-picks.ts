/** Some lines of a text as a text of its own: patterns that end with the line need not be tried on the others. */

/** Lines one after the other, as they were. */
export type PickedLines = {
  /** Empty when there are none. */
  readonly text: string
  /** Where a position of it is in the whole text. Asked for in rising order it takes no time; in any other, as many steps as there are lines. */
  readonly toPosition: (at: number) => number
}

/** The lines of which `isWanted`. */
export function pickLines(text: string, isWanted: (line: string) => boolean): PickedLines {
  const lines: string[] = []
  /** Of each: where it begins among the picked ones, and how far before that it stands in the text. */
  const starts: number[] = []
  const shifts: number[] = []
  let [position, length] = [0, 0]
  for (const line of text.split('\n')) {
    if (isWanted(line)) {
      lines.push(line)
      starts.push(length)
      shifts.push(position - length)
      length += line.length + 1
    }
    position += line.length + 1
  }
  let last = 0
  const toPosition = (at: number): number => {
    if (at < (starts[last] ?? 0)) last = 0
    while (at >= (starts[last + 1] ?? Number.POSITIVE_INFINITY)) last++
    return at + (shifts[last] ?? 0)
  }
  return { text: lines.join('\n'), toPosition }
}
