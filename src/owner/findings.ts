/** What a look at a server found, and how it is shown: one line each, and a sum. */

/** `warning`: it works, and yet something is worth knowing. `problem`: mail is not received, not kept or not sent. */
export type Level = 'ok' | 'warning' | 'problem'

/** One thing that was looked at. */
export type Finding = {
  /** In one or two words. */
  what: string
  level: Level
  /** How it is, half a sentence on one line. */
  text: string
  /** What to do about it; null where nothing is to be done. */
  fix: string | null
}

const WIDTHS = { level: 'problem'.length, what: 'data directory'.length }
/** Select graphic rendition, ECMA-48 section 8.3.117. */
const COLOURS: Readonly<Record<Level, number>> = { ok: 32, warning: 33, problem: 31 }

/** Nothing to do. */
export function ok(what: string, text: string): Finding {
  return { what, level: 'ok', text, fix: null }
}

/** Worth knowing. */
export function warning(what: string, text: string, fix: string): Finding {
  return { what, level: 'warning', text, fix }
}

/** To be put right. */
export function problem(what: string, text: string, fix: string): Finding {
  return { what, level: 'problem', text, fix }
}

/** One line, with its line end. What comes from outside loses whatever could end the line or move the cursor. */
export function renderFinding({ what, level, text, fix }: Finding, colours: boolean): string {
  const label = level.padEnd(WIDTHS.level)
  const shown = colours ? `\u001b[${COLOURS[level]}m${label}\u001b[0m` : label
  const words = `${text}${fix === null ? '' : ` -> ${fix}`}`.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?')
  return `${shown}  ${what.padEnd(WIDTHS.what)}  ${words}\n`
}

/** The last line. */
export function renderSum(findings: readonly Finding[]): string {
  const count = (level: Level) => findings.filter((finding) => finding.level === level).length
  const [problems, warnings] = [count('problem'), count('warning')]
  const words = [plural(problems, 'problem'), ...(warnings > 0 ? [plural(warnings, 'warning')] : [])]
  return problems + warnings === 0 ? 'All is well.\n' : `${words.join(', ')}.\n`
}

function plural(count: number, noun: string): string {
  if (count === 0) return `no ${noun}`
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`
}
