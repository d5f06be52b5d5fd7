/** The text of `<style>` elements -> rules, one after the other. Conditions are judged here, selectors are not. */

import { stripComments } from './css-declarations.ts'

/** A rule; where it is not certain that it applies, it may only show, never hide. */
export type Rule = { readonly selectors: string; readonly body: string; readonly isCertain: boolean }

/** Whether styles under a media query apply to a screen on which mail is read: a phone's to a large one's. */
export type Verdict = 'always' | 'maybe' | 'never'

/** Screens in CSS pixels. */
const NARROWEST_PX = 300
const WIDEST_PX = 2_000

/** Conditions and rules within each other; nobody writes so many. */
const MAX_DEPTH = 32

type Group = { readonly verdict: Verdict; readonly rule: { readonly selectors: string; readonly start: number } | null }

/** The rules of a style sheet, those left out that cannot apply. Linear, however broken the text is. */
export function* readRules(css: string): Generator<Rule> {
  const text = stripComments(css).replace(/<!--|-->/g, '')
  const groups: Group[] = []
  const marks = /["'{};]/g
  let start = 0
  for (let mark = marks.exec(text); mark !== null; mark = marks.exec(text)) {
    const at = mark.index
    if (mark[0] === '"' || mark[0] === "'") {
      marks.lastIndex = endOfString(text, at, mark[0])
      continue
    }
    const outer = groups.at(-1)
    if (groups.length > MAX_DEPTH) return
    if (mark[0] === '{') groups.push(openGroup(text.slice(start, at).trim(), at + 1, outer))
    if (mark[0] === '}') {
      const { verdict, rule } = groups.pop() ?? { verdict: 'never', rule: null }
      if (rule && verdict !== 'never') {
        yield { selectors: rule.selectors, body: text.slice(rule.start, at), isCertain: verdict === 'always' }
      }
    }
    start = at + 1
  }
}

/** A string ends with its line, closed or not. */
function endOfString(text: string, start: number, quote: string): number {
  const ends = quote === '"' ? /["\n]/g : /['\n]/g
  ends.lastIndex = start + 1
  const end = ends.exec(text)
  return end === null ? text.length : end.index + 1
}

function openGroup(prelude: string, start: number, outer: Group | undefined): Group {
  const verdict = outer?.verdict ?? 'always'
  // Rules within rules hang on an element around them.
  if (outer?.rule) return { verdict: 'never', rule: null }
  if (!prelude.startsWith('@')) return { verdict, rule: { selectors: prelude, start } }
  const [name = ''] = /^@[\w-]+/.exec(prelude) ?? []
  return { verdict: narrow(verdict, judge(name.toLowerCase(), prelude.slice(name.length))), rule: null }
}

function judge(name: string, condition: string): Verdict {
  if (name === '@media') return judgeMedia(condition)
  if (name === '@layer') return 'always'
  return name === '@supports' || name === '@container' ? 'maybe' : 'never'
}

function narrow(outer: Verdict, inner: Verdict): Verdict {
  if (outer === 'never' || inner === 'never') return 'never'
  return outer === 'always' ? inner : 'maybe'
}

/** Judges a media query list, the value of `media` or what follows `@media`. */
export function judgeMedia(queries: string): Verdict {
  const verdicts = queries.toLowerCase().split(',').map(judgeQuery)
  if (verdicts.includes('always')) return 'always'
  return verdicts.includes('maybe') ? 'maybe' : 'never'
}

function judgeQuery(query: string): Verdict {
  if (/\bnot\b/.test(query)) return 'maybe'
  if (/\b(?:print|speech|aural|braille|embossed|projection|tty|tv)\b/.test(query)) return 'never'
  let verdict: Verdict = 'always'
  for (const [condition] of query.matchAll(/\([^()]*\)?/g)) verdict = narrow(verdict, judgeCondition(condition))
  return verdict
}

/** Of widths only those that no screen has are judged, and those that all have. */
function judgeCondition(condition: string): Verdict {
  const [, bound, digits = '', unit = ''] =
    /^\(\s*(min|max)-(?:device-)?width\s*:\s*(\d{1,6}(?:\.\d{1,6})?)(px|r?em|)\s*\)$/.exec(condition) ?? []
  if (bound === undefined) return 'maybe'
  const px = Number(digits) * (unit.endsWith('em') ? 16 : 1)
  if (bound === 'max') return px < NARROWEST_PX ? 'never' : px >= WIDEST_PX ? 'always' : 'maybe'
  return px > WIDEST_PX ? 'never' : px <= NARROWEST_PX ? 'always' : 'maybe'
}
