import { describe, expect, it } from 'vitest'
import { parseMail } from '../../src/mime/parse.ts'
import { findLack } from '../../src/mime/stub.ts'
import { multipart, textPart } from './mail.ts'

const FOOTER = 'You get this mail because you have an account with Acme Limited, 1 Long Road, Springfield. Do not answer it.'
const LETTER = `Hello Ann, welcome to Acme. Please type the code 493817 or press Confirm [https://acme.test/c?t=9]. ${FOOTER}`

describe('findLack', () => {
  it.each([
    ['asks for another program', 'This message needs a program that shows HTML.', LETTER, 'most'],
    ['asks for it in a language we do not know', 'Для просмотра откройте письмо в браузере.', LETTER, 'most'],
    ['leads to a copy on the web', 'View online: https://acme.test/view/77', LETTER, 'most'],
    [
      'leads to a copy on the web, as the HTML does',
      'View online: https://acme.test/v',
      `View online [https://acme.test/v] ${LETTER}`,
      'most',
    ],
    ['says nothing', '-- \n***', 'Hello.', 'most'],
    ['says hardly anything', 'Welcome!', LETTER, 'most'],
    ['is no part of a long letter without links', 'This is HTML.', FOOTER.repeat(2), 'most'],
    ['lost its links', 'Hello Ann, press Confirm.', 'Hello Ann, press Confirm [https://acme.test/c?t=9].', 'links'],
    ['lost its code', 'Hello Ann, your code is below.', 'Hello Ann, your code is below. 493817', 'links'],
  ])('finds what is missing in a text that %s', (_, plain, html, lack) => {
    expect(findLack(plain, html)).toBe(lack)
  })

  it.each([
    ['says the same', 'Hello Ann.', 'Hello Ann.'],
    ['says something else', 'Hi plain', 'Hi verify [https://x.test/v?t=1]'],
    ['has the code of the HTML', 'Your code is 493817.', LETTER],
    ['has a code that the HTML has not', 'Your code is 5550123.', LETTER],
    [
      'is a short notice with the link of the HTML',
      'Reset your password: https://acme.test/r',
      `Reset password [https://acme.test/r] ${FOOTER}`,
    ],
    ['has links where the HTML has more', 'Read https://acme.test/1', 'Read [https://acme.test/1] or stop [https://acme.test/2]'],
    ['is an excerpt of a letter without links', 'Do not answer it.', FOOTER],
    ['is long', 'word '.repeat(300), LETTER],
    ['stands beside pictures', 'Hello.', ''],
    ['stands beside a picture with a link', 'Summer sale: all of our shoes at half price.', '[https://acme.test/sale]'],
    [
      'says more than a picture with a link',
      'Summer sale: all of our shoes at half price.',
      'Sale! See shoes [https://acme.test/sale]',
    ],
  ])('finds nothing missing in a text that %s', (_, plain, html) => {
    expect(findLack(plain, html)).toBeNull()
  })
})

describe('parseMail, of alternatives whose text is a stand-in', () => {
  const html = `<p>Hello Ann, your code is <b>493817</b>.</p><p><a href="https://acme.test/c">Confirm</a></p><p>${FOOTER}</p>`
  const stub = textPart('Please use a mail program that can show HTML.')

  it('reads the HTML and says so', async () => {
    expect(await parseMail(multipart('alternative', stub, textPart(html, 'text/html')))).toMatchObject({
      bodyText: `Hello Ann, your code is 493817.\n\nConfirm [https://acme.test/c]\n\n${FOOTER}`,
      bodyHtml: html,
      problems: ['The text part lacks links or codes of the HTML part; the HTML part was read.'],
    })
    const long = textPart(`${html}<p>A hundred other words in as many languages follow here.</p>`, 'text/html')
    expect((await parseMail(multipart('alternative', stub, long))).problems).toEqual([
      'The text part says little of what the HTML part says; the HTML part was read.',
    ])
  })

  it('reads the HTML where only the links were lost, and says that', async () => {
    const plain = textPart('Hello Ann, your code is here. Confirm')
    const linked = textPart('<p>Hello Ann, your code is <a href="https://acme.test/c">here</a>. Confirm</p>', 'text/html')
    expect(await parseMail(multipart('alternative', plain, linked))).toMatchObject({
      bodyText: 'Hello Ann, your code is here [https://acme.test/c]. Confirm',
      problems: ['The text part lacks links or codes of the HTML part; the HTML part was read.'],
    })
  })

  it('counts only what is seen of the HTML', async () => {
    const hidden = textPart(`<p>Hello Ann.</p><div style="display:none">${html}</div>`, 'text/html')
    expect(await parseMail(multipart('alternative', textPart('Hello Ann.'), hidden))).toMatchObject({
      bodyText: 'Hello Ann.',
      problems: [],
    })
  })

  it('compares so much HTML and no more', async () => {
    const alternative = [
      'Content-Type: multipart/alternative; boundary=inner',
      '',
      [
        '--inner',
        ...textPart('Stub.'),
        '--inner',
        ...textPart(`<!-- ${'x'.repeat(600_000)} --><p>${FOOTER}</p>`, 'text/html'),
        '--inner--',
      ].join('\r\n'),
    ]
    const { bodyText } = await parseMail(multipart('mixed', ...Array.from({ length: 9 }, () => alternative)))
    expect(bodyText.match(/Stub\./g)).toHaveLength(6)
  })
})
