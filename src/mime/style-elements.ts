/** The style sheets within HTML. */

import { judgeMedia, type Verdict } from './css-rules.ts'

/** The text of a `<style>` element, and whether it applies. */
export type StyleElement = { readonly css: string; readonly verdict: Verdict }

/** The style elements that stand in no comment: what stands in one is Outlook's. */
export function* listStyles(html: string): Generator<StyleElement> {
  const starts = /<!--|<style(?=[\s/>])/gi
  for (let start = starts.exec(html); start !== null; start = starts.exec(html)) {
    if (start[0] === '<!--') {
      const end = html.indexOf('-->', start.index + 2)
      if (end < 0) return
      starts.lastIndex = end + 3
      continue
    }
    const open = html.indexOf('>', start.index)
    if (open < 0) return
    const ends = /<\/style/gi
    ends.lastIndex = open
    const end = ends.exec(html)?.index ?? html.length
    const media = /\smedia\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/i.exec(html.slice(start.index, open))
    const verdict = judgeMedia(media?.[1] ?? media?.[2] ?? media?.[3] ?? 'all')
    if (verdict !== 'never') yield { css: html.slice(open + 1, end), verdict }
    starts.lastIndex = end
  }
}
