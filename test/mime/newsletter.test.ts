import { describe, expect, it } from 'vitest'
import { BYTES_PER_TOKEN } from '../../src/limits.ts'
import { parseMail } from '../../src/mime/parse.ts'
import { mailWith } from './mail.ts'
import { makeNewsletter } from './newsletter.ts'

describe('a marketing mail of 108 KB', async () => {
  const { html, targets } = makeNewsletter()
  const { bodyText, facts, problems } = await parseMail(mailWith(['Content-Type: text/html; charset=utf-8'], html))

  it('is one', () => {
    expect(html.length).toBeGreaterThan(105_000)
    expect(html.length).toBeLessThan(112_000)
    expect(targets.length).toBeGreaterThan(40)
    expect(problems).toEqual([])
  })

  it('reads in under 2,000 tokens', () => {
    expect(Buffer.byteLength(bodyText) / BYTES_PER_TOKEN).toBeLessThan(2_000)
  })

  it('keeps every place it links to, once, with its number', () => {
    const listed = [...bodyText.matchAll(/^\[(\d+)\] (.*)$/gm)].map(([, number, url]) => ({ number: Number(number), url }))
    expect(listed.map(({ url }) => url).sort()).toEqual(targets.toSorted())
    expect(listed.map(({ number }) => number)).toEqual(listed.map((_, at) => at + 1))
    expect([facts.links.length, facts.linksLeftOut]).toEqual([targets.length, 0])
    for (const { number } of listed) expect(bodyText.split('\n\nLinks:\n')[0]).toContain(`[${number}]`)
  })

  it('keeps its headings, lists and prices, and shows no preview text, filler or empty cell', () => {
    expect(bodyText).toContain('# Made for wet leaves')
    expect(bodyText).toMatch(/^### Harbour Rain Jacket \[\d+\]$/m)
    expect(bodyText).toMatch(/^- Repairs for life \[\d+\]$/m)
    expect(bodyText).toMatch(/^Women \[\d+\] \| Men \[\d+\]/m)
    expect(bodyText).not.toMatch(/until Sunday\.\s*\u034f|\| \||^\s*\||\|\s*$|\n{3}|[\u200c\u00ad]/mu)
  })

  it('says no more of what it hides than that it has a preview text', () => {
    expect(facts.hidden.map(({ kind, count }) => [kind, count])).toEqual([['not-displayed', 1]])
  })
})
