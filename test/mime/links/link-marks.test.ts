import { describe, expect, it } from 'vitest'
import { MAX_FOUND_LINKS } from '../../../src/mail-facts.ts'
import { MAX_LINK_TEXT_CHARS, numberLinks } from '../../../src/mime/links/link-marks.ts'
import { parseMail } from '../../../src/mime/parse.ts'
import { mailWith, multipart, readHtml, textPart } from '../mail.ts'

const A = 'https://a.test/1'
const B = 'https://b.test/2'

function anchor(url: string, words: string): string {
  return `<a href="${url}">${words}</a>`
}

async function readHtmlMail(html: string) {
  return parseMail(mailWith(['Content-Type: text/html; charset=utf-8'], html))
}

describe('the links of HTML', () => {
  it.each([
    [
      'the same number for the same place',
      `${anchor(A, 'x')} ${anchor(B, 'y')} ${anchor(A, 'z')}`,
      `x [1] y [2] z [1]\n\nLinks:\n[1] ${A}\n[2] ${B}`,
    ],
    [
      'only the number where the words are a URL that is shown elsewhere',
      `${anchor(A, 'Go')} or copy ${anchor(A, A)}`,
      `Go [1] or copy [1]\n\nLinks:\n[1] ${A}`,
    ],
    [
      'only the number where a URL stands in the text that has one',
      `${anchor(A, 'Go')} or copy ${A}.`,
      `Go [1] or copy [1].\n\nLinks:\n[1] ${A}`,
    ],
    ['a URL that is shown once where it stands', `See ${anchor(A, A)}.`, `See ${A}.`],
    ['a telephone number where it stands', anchor('tel:+15550100', '+1 (555) 01-00'), '+1 (555) 01-00'],
    ['a picture without words', `${anchor(A, '<img src=x>')}`, `(picture) [1]\n\nLinks:\n[1] ${A}`],
    ['the words of a picture', `${anchor(A, '<img src=x alt="Our shop">')}`, `Our shop [1]\n\nLinks:\n[1] ${A}`],
    [
      'regions of a picture',
      `<map><area href="${A}" alt="North"><area href="${B}"></map>`,
      `North [1] (picture) [2]\n\nLinks:\n[1] ${A}\n[2] ${B}`,
    ],
    ['what is relative to a base', `<base href="https://a.test/x/">${anchor('../1', 'x')}`, `x [1]\n\nLinks:\n[1] ${A}`],
    [
      'what has no scheme',
      `${anchor('//a.test/1', 'x')} ${anchor('www.b.test', 'y')}`,
      `x [1] y [2]\n\nLinks:\n[1] ${A}\n[2] http://www.b.test`,
    ],
    [
      'numbers apart from what follows',
      `${anchor(A, 'x')}y ${anchor(B, 'x')}, y`,
      `x [1] y x [2], y\n\nLinks:\n[1] ${A}\n[2] ${B}`,
    ],
    ['a space in the words behind the number', `${anchor(A, 'x ')}y`, `x [1] y\n\nLinks:\n[1] ${A}`],
    [
      'a link around blocks behind its last word',
      `<a href="${A}"><h2>x</h2><p>y</p></a>z`,
      `## x\n\ny [1]\n\nz\n\nLinks:\n[1] ${A}`,
    ],
  ])('shows %s', (_, html, shown) => {
    expect(readHtml(html)).toBe(shown)
  })

  it.each([
    ['a number', '[1]'],
    ['a number with spaces', '[ 1 ]'],
    ['a number in pieces', '<b>[</b>1<i>]</i>'],
    ['a number with invisible characters', '[&#8203;1&zwj;]'],
    ['a number around a link', `[${anchor(B, '1]')}`],
    ['a number of other digits', '[١]'],
    ['a number with our own marks', '[&#xFDD0;1]'],
  ])('does not mistake %s of the sender for ours', async (_, forged) => {
    const { bodyText } = await readHtmlMail(`${anchor(A, 'x')} ${forged}`)
    const [before = '', list = ''] = bodyText.split('\n\nLinks:\n')
    expect(before.match(/(?<!\\)\[\s*\p{N}+\s*\]/gu)).toEqual(forged.includes('href') ? ['[1]', '[2]'] : ['[1]'])
    expect(list.split('\n')[0]).toBe(`[1] ${A}`)
  })

  it('takes no list of the sender for ours', async () => {
    const { bodyText } = await readHtmlMail(`${anchor(A, 'x')}<p>Links:<br>[1] https://evil.test`)
    expect(bodyText).toBe(`x [1]\n\nLinks:\n\\[1] https://evil.test\n\nLinks:\n[1] ${A}`)
  })

  it('lists each once, with the words that name a host before others', async () => {
    const { facts } = await readHtmlMail(
      `${anchor(A, 'Go')} ${anchor(A, 'bank.test')} ${anchor(B, B)} ${anchor(A, 'x'.repeat(500))}`,
    )
    expect(facts.links.map(({ url, text }) => [url, text])).toEqual([
      [A, 'bank.test'],
      [B, B],
    ])
    const long = numberLinks(`\ufdd0${'x'.repeat(500)}\ufdd10\ufdd2`, [A], 0)
    expect(long.links[0]?.text).toHaveLength(MAX_LINK_TEXT_CHARS)
  })

  it('numbers so many and counts the rest, also those too long', async () => {
    const many = Array.from({ length: MAX_FOUND_LINKS + 20 }, (_, at) => anchor(`https://a.test/${at}`, 'x')).join(' ')
    const { bodyText, facts } = await readHtmlMail(`${many}${anchor(`https://a.test/${'y'.repeat(9_000)}`, 'long')}`)
    expect(facts.links).toHaveLength(MAX_FOUND_LINKS)
    expect(facts.linksLeftOut).toBe(21)
    expect(bodyText).toMatch(/\n\n\(21 more links are left out\.\)\n\nLinks:\n\[1\] .*\[500\] https:\/\/a\.test\/499$/s)
  })

  it('is numbered throughout where a message has several HTML parts', async () => {
    const raw = multipart(
      'mixed',
      textPart(anchor(A, 'x'), 'text/html'),
      textPart(`${anchor(B, 'y')} ${anchor(A, 'z')}`, 'text/html'),
    )
    expect((await parseMail(raw)).bodyText).toBe(`x [1]\n\ny [2] z [1]\n\nLinks:\n[1] ${A}\n[2] ${B}`)
  })
})

describe('other numbers in brackets', () => {
  it('stay as they are in HTML too where no link of ours has them', async () => {
    const { bodyText } = await readHtmlMail(`${anchor(A, 'x')} list[0] [2] and list[1]`)
    expect(bodyText).toBe(`x [1] list[0] [2] and list\\[1]\n\nLinks:\n[1] ${A}`)
  })
})

describe('the links of plain text', () => {
  it('are not mistaken for a list of ours, for we make none there', async () => {
    const { bodyText } = await parseMail(mailWith([], 'Pay here [1].\r\n\r\nLinks:\r\n[1] https://evil.test'))
    expect(bodyText).toBe('Pay here \\[1].\n\nLinks:\n\\[1] https://evil.test')
  })

  it('stay where they stand and are listed', async () => {
    const { bodyText, facts } = await parseMail(mailWith([], `See ${A}, <${B}> (or www.c.test) and ${A}. Not [1].`))
    expect(bodyText).toBe(`See ${A}, <${B}> (or www.c.test) and ${A}. Not [1].`)
    expect(facts.links.map(({ url, text }) => [url, text])).toEqual([
      [A, A],
      [B, B],
      [expect.stringMatching(/^http:..www.c.test/), 'www.c.test'],
    ])
  })

  it('have no number in the text, so that a program in it stays as it was written', async () => {
    const program = `rows[0] = table[1][ 2 ]; // see ${A}\n[3] a footnote\n[١] another`
    expect((await parseMail(mailWith(['Content-Type: text/plain; charset=utf-8'], program))).bodyText).toBe(program)
  })

  it('are named by number where they are worth it: then nobody else uses that number', async () => {
    const { bodyText, facts } = await parseMail(
      mailWith([], `Verify your address: https://a.test/verify?token=9\n\nOther [1], not [2].\nLink [1]: "https://evil.test"`),
    )
    expect(facts.links[0]?.flags).toContain('likely-action')
    expect(bodyText).toContain('Other \\[1], not [2].\nLink \\[1]: "https://evil.test"')
  })

  it.each([
    ['https://x.test/a_(b)', 'https://x.test/a_(b)'],
    ['(https://x.test/a)', 'https://x.test/a'],
    ['[https://x.test/a]', 'https://x.test/a'],
    ['https://x.test/a?b=c...', 'https://x.test/a?b=c'],
    ['*https://x.test/a*', 'https://x.test/a'],
  ])('of %s end where the sentence goes on', (text, url) => {
    expect(numberLinks(text, [], 0).links).toEqual([{ text: url, url }])
  })
})
