import { describe, expect, it } from 'vitest'
import {
  type Fold,
  MAX_FOUND_LINKS,
  MAX_FOUND_LINKS_CHARS,
  type MailFacts,
  type MailLink,
  NO_FACTS,
} from '../../src/mail-facts.ts'
import { foldText } from '../../src/post-office/views.ts'

/** A fold of these words, which are whole lines of the text. */
function foldOf(text: string, words: string, kind: Fold['kind'] = 'quote'): Fold {
  const start = Buffer.from(text).indexOf(words)
  return { kind, start, end: start + Buffer.byteLength(words), lines: words.trimEnd().split('\n').length }
}

function link(url: string, flags: MailLink['flags'] = []): MailLink {
  return { text: '', url, host: new URL(url).host, flags }
}

function view(text: string, facts: Partial<MailFacts>) {
  const { pieces, linkListAt, foldedLines } = foldText(Buffer.from(text), { ...NO_FACTS, ...facts })
  const shown = Buffer.concat(pieces)
  return {
    text: shown.toString(),
    foldedLines,
    linkListAt: linkListAt === null ? null : shown.toString('utf8', 0, linkListAt).length,
  }
}

describe('what a reader is spared', () => {
  const text = 'Yes.\n\nOn Monday Ada wrote:\n> Lunch?\n> At noon?\n\nSee you\n-- \nBob\n555'

  it('is one line for each piece of it', () => {
    const folds = [foldOf(text, 'On Monday Ada wrote:\n> Lunch?\n> At noon?\n'), foldOf(text, '-- \nBob\n555', 'signature')]
    expect(view(text, { folds })).toEqual({
      text: 'Yes.\n\n[3 quoted lines]\n\nSee you\n[signature, 3 lines]',
      foldedLines: 6,
      linkListAt: null,
    })
  })

  it('keeps its line end to itself where its range has none', () => {
    expect(view(text, { folds: [foldOf(text, '> Lunch?')] }).text).toContain('wrote:\n[1 quoted line]\n> At noon?')
  })

  it('leaves a text without any as it is', () => {
    expect(view(text, {})).toEqual({ text, foldedLines: 0, linkListAt: null })
  })

  it('is found behind characters of every length', () => {
    const wide = 'é€𝄞a\n> 𝄞€\nend 𝄞\n-- \né'
    const folds = [foldOf(wide, '> 𝄞€\n'), foldOf(wide, '-- \né', 'signature')]
    expect(view(wide, { folds }).text).toBe('é€𝄞a\n[1 quoted line]\nend 𝄞\n[signature, 2 lines]')
  })

  it('may be all there is', () => {
    expect(view('> a\n> b\n', { folds: [foldOf('> a\n> b\n', '> a\n> b\n')] }).text).toBe('[2 quoted lines]\n')
  })
})

describe('the list of links that a text made from HTML ends with', () => {
  const text = 'Open [1] or [2].\n\nLinks:\n[1] HTTPS://shop.example?utm_source=mail\n[2] https://shop.example/help'
  const links = [link('https://shop.example/', ['tracking-removed']), link('https://shop.example/help')]

  it('shows where it begins, and no link with what only follows the reader', () => {
    const shown = view(text, { links })
    expect(shown.text).toBe('Open [1] or [2].\n\nLinks:\n[1] https://shop.example/\n[2] https://shop.example/help')
    expect(shown.text.slice(shown.linkListAt ?? 0)).toMatch(/^Links:\n\[1\]/)
  })

  it('is no part of a signature that goes on into it', () => {
    const folds = [{ kind: 'signature' as const, start: 0, end: text.length, lines: 5 }]
    expect(view(text, { folds, links })).toMatchObject({
      text: '[signature, 5 lines]\nLinks:\n[1] https://shop.example/\n[2] https://shop.example/help',
    })
  })

  it('keeps those that are in the text only', () => {
    expect(view(text, { links: links.slice(0, 1) }).text).toContain('\n[2] https://shop.example/help')
  })

  it('is none where a sender only writes what looks like one', () => {
    for (const forged of [
      text.replace('shop.example/help', 'shop.example.net/help'),
      text.replace('https://shop.example/help', 'http://shop.example/help'),
      `${text}\nmore`,
      'Links:\n[1] x',
      'a\nLinks:\n',
      'a\nLinks:\n[0] https://shop.example/',
      'a\nLinks:\n[1]https://shop.example/',
    ]) {
      expect(view(forged, { links })).toEqual({ text: forged, foldedLines: 0, linkListAt: null })
    }
    expect(view(text, { links: [] }).linkListAt).toBeNull()
  })

  it('is none where it is longer than one of ours can be', () => {
    const listOf = (lines: number, url: string) => `a\nLinks:${`\n[1] ${url}`.repeat(lines)}`
    const { url = '' } = links[0] ?? {}
    expect(view(listOf(MAX_FOUND_LINKS, url), { links }).linkListAt).toBe(2)
    expect(view(listOf(MAX_FOUND_LINKS + 1, url), { links }).linkListAt).toBeNull()
    const long = `${url}?${'€'.repeat(MAX_FOUND_LINKS_CHARS)}`
    expect(view(listOf(1, long), { links }).linkListAt).toBe(2)
    expect(view(listOf(2, long), { links }).linkListAt).toBeNull()
  })

  it('may be all there is', () => {
    expect(view('Links:\n[1] https://shop.example/help', { links: links.slice(1) }).linkListAt).toBe(0)
  })
})
