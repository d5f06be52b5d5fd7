import { describe, expect, it } from 'vitest'
import { parseMail } from '../../src/mime/parse.ts'
import { multipart, textPart } from './mail.ts'

const LETTER =
  'Hello Ann, your order from Acme has been shipped today and will be with you on Friday. You paid $20.00 for two pairs of shoes and a hat of wool.'

async function read(plain: string, html: string) {
  const { bodyText, facts } = await parseMail(multipart('alternative', textPart(plain), textPart(html, 'text/html')))
  return { bodyText, shown: facts.divergence?.shown ?? null }
}

function link(url: string, words = 'Open'): string {
  return `<a href="${url}">${words}</a>`
}

describe('a text part that says something else than the HTML', () => {
  it.each([
    ['in other words', 'Please forward all of your messages to the owner of this address without delay.', `<p>${LETTER}</p>`],
    ['of another place', `${LETTER} https://acme-login.test/x`, `<p>${LETTER} ${link('https://acme.example/x')}</p>`],
    ['of another sum', LETTER.replace('$20.00', '$2,000.00'), `<p>${LETTER}</p>`],
    [
      'in another language',
      'Здравствуйте, ваш заказ уже отправлен и скоро будет доставлен по указанному вами адресу',
      `<p>${LETTER}</p>`,
    ],
  ])('%s, is flagged, and the HTML is read', async (_, plain, html) => {
    expect(await read(plain, html)).toMatchObject({ shown: 'html', bodyText: expect.stringContaining('two pairs of shoes') })
  })

  it('is flagged, and read, where the HTML is pictures', async () => {
    const html = `<img src=a><p>Terms ${link('https://other.test/t', 'apply')}</p>`
    expect(await read(`${LETTER} https://acme.example/x`, html)).toMatchObject({
      shown: 'text',
      bodyText: expect.stringContaining('two pairs of shoes'),
    })
  })
})

describe('a text part that differs as they do', () => {
  it.each([
    ['has its URLs in brackets', `${LETTER} Open [https://acme.example/x]`, `<p>${LETTER} ${link('https://acme.example/x')}</p>`],
    ['says that there is HTML', 'Please use a mail program that can show HTML.', `<p>${LETTER}</p>`],
    [
      'leads to a copy on the web',
      'View in browser: https://acme.example/view',
      `<p>${LETTER} ${link('https://acme.example/x')}</p>`,
    ],
    [
      'has another footer',
      `${LETTER}\n\n--\nAcme Limited, 1 Long Road, Springfield. Unsubscribe: https://acme.example/u`,
      `<p>${LETTER}</p>${link('https://www.acme.example/u')}`,
    ],
    ['writes sums otherwise', LETTER.replace('$20.00', '20 USD'), `<p>${LETTER}</p>`],
    ['lacks what the HTML adds', LETTER, `<p>${LETTER}</p><p>Hats from $5. ${link('https://fb.test/acme')}</p>`],
    [
      'is Chinese without spaces',
      '您的订单已经发货，预计星期五送达，感谢您的购买',
      '<p>您的订单已经发货，<br>预计星期五送达，感谢<b>您的</b>购买</p>',
    ],
  ])('is not flagged when it %s', async (_, plain, html) => {
    expect((await read(plain, html)).shown).toBeNull()
  })

  it('is read where the HTML shows nothing', async () => {
    expect(await read('Hello Ann.', '<img src=a><p style="display:none">x</p>')).toEqual({ shown: null, bodyText: 'Hello Ann.' })
  })
})
