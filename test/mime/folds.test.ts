import { describe, expect, it } from 'vitest'
import { readFoldContext } from '../../src/mime/folds/context.ts'
import { findFolds } from '../../src/mime/folds/find-folds.ts'
import { parseMail } from '../../src/mime/parse.ts'
import { mailWith } from './mail.ts'

const REPLY = { isReply: true, isForward: false }
const OTHER = { isReply: false, isForward: false }

/** The text with `«quote»` or `«signature»` for each fold. */
function fold(marked: string, context = REPLY): string {
  const { text, folds } = findFolds(marked, context)
  const bytes = Buffer.from(text)
  let shown = ''
  let at = 0
  for (const { start, end, kind, lines } of folds) {
    expect(bytes.toString('utf8', start, end).split('\n')).toHaveLength(lines)
    expect([bytes[start - 1], bytes[end]].every((byte) => byte === undefined || byte === 0x0a)).toBe(true)
    shown += `${bytes.toString('utf8', at, start)}«${kind}»`
    at = end
  }
  return shown + bytes.toString('utf8', at)
}

async function foldHtml(html: string, ...header: string[]): Promise<string> {
  const { bodyText, facts } = await parseMail(
    mailWith(['Subject: Re: x', 'Content-Type: text/html; charset=utf-8', ...header], html),
  )
  const bytes = Buffer.from(bodyText)
  const cut = (from: number, to?: number) => bytes.toString('utf8', from, to)
  const shown = facts.folds.map(({ start, kind }, at) => `${cut(facts.folds[at - 1]?.end ?? 0, start)}«${kind}»`)
  return shown.join('') + cut(facts.folds.at(-1)?.end ?? 0)
}

describe('quoted history', () => {
  it.each([
    ['On Tue, 24 Nov 2026 at 10:20, Ann <a@x.test> wrote:'],
    ['On Tue, 24 Nov 2026 at 10:20, Ann\n<a@x.test> wrote:'],
    ['On 24.11.2026\n10:20, Ann Example\n<a@x.test> wrote:'],
    ['Am 24.11.2026 um 10:20 schrieb Ann:'],
    ['Le mar. 24 nov. 2026 à 10:20, Ann <a@x.test> a écrit :'],
    ['El mar, 24 nov 2026 a las 10:20, Ann escribió:'],
    ['Il giorno mar 24 nov 2026 Ann ha scritto:'],
    ['Em ter., 24 de nov. de 2026, Ann escreveu:'],
    ['Op di 24 nov. 2026 om 10:20 schreef Ann:'],
    ['Den tis 24 nov. 2026 skrev Ann:'],
    ['wt., 24 lis 2026 o 10:20 Ann napisał(a):'],
    ['вт, 24 нояб. 2026 г. в 10:20, Анна пишет:'],
    ['24 Kas 2026 Sal tarihinde Ann şunu yazdı:'],
    ['2026年11月24日(火) 10:20 Ann <a@x.test>:'],
    ['Ann 於 2026年11月24日 寫道：'],
    ['2026년 11월 24일 Ann님이 작성:'],
    ['Maanantai 24.11.2026 klo 10:20 a@x.test zyxwv:'],
  ])('below an answer folds with %j', (introduction) => {
    expect(fold(`Yes.\n\n${introduction}\n> Is it?\n>\n> Ann\n`)).toBe('Yes.\n\n«quote»\n')
  })

  it.each([
    ['-----Original Message-----\nFrom: Ann\nSent: Tuesday\nTo: Bob\nSubject: x'],
    ['-----Ursprüngliche Nachricht-----\nVon: Ann\nGesendet: Dienstag\nAn: Bob\nBetreff: x'],
    ['________________________________\nDe : Ann\nEnvoyé : mardi\nÀ : Bob\nObjet : x'],
    ['De: Ann\nEnviado: martes\nPara: Bob\nAsunto: x'],
    ['Da: Ann\nInviato: martedì\nA: Bob\nOggetto: x'],
    ['Van: Ann\nVerzonden: dinsdag\nAan: Bob\nOnderwerp: x'],
    ['Från: Ann\nSkickat: tisdag\nTill: Bob\nÄmne: x'],
    ['От: Анна\nОтправлено: вторник\nКому: Bob\nТема: x'],
    ['Kimden: Ann\nGönderildi: Salı\nKime: Bob\nKonu: x'],
    ['差出人: Ann\n送信日時: 火曜日\n宛先: Bob\n件名: x'],
    ['发件人: Ann\n发送时间: 星期二\n收件人: Bob\n主题: x'],
    ['*From:* Ann\n*Sent:* Tuesday\n*To:* Bob\n*Subject:* x'],
  ])('of Outlook folds with its head %j', (head) => {
    expect(fold(`Yes.\n\n${head}\n\nIs it?\n\nAnn`)).toBe('Yes.\n\n«quote»')
  })

  it('above an answer folds, and the answer stays', () => {
    expect(fold('On Tue, 24 Nov 2026, Ann wrote:\n> Is it?\n\nYes.\n\nBob')).toBe('«quote»\n\nYes.\n\nBob')
    expect(fold('-----Original Message-----\nFrom: Ann\nTo: Bob\nSubject: x\n\n> Is it?\n\nYes.')).toBe('«quote»\n\nYes.')
  })

  it('between answers folds alone', () => {
    expect(fold('Ann wrote on 1.1.2026:\n> One?\nYes.\n> Two?\n> Three?\n\nNo.')).toBe('«quote»\nYes.\n«quote»\n\nNo.')
  })

  it.each([
    [
      'Gmail',
      '<div>Yes.</div><div class="gmail_quote"><div class=gmail_attr>Zyx 24.11. w:<br></div><blockquote class="gmail_quote">Is it?</blockquote></div>',
      'Yes.\n«quote»',
    ],
    [
      'Gmail, answered below',
      '<div class="gmail_quote"><div class=gmail_attr>Zyx:<br></div><blockquote>Is it?</blockquote></div><div>Yes.</div>',
      '«quote»\n\nYes.',
    ],
    ['Outlook', '<p>Yes.</p><hr><div id="divRplyFwdMsg"><b>Zyx:</b> Ann<br></div><div>Is it?</div>', 'Yes.\n\n«quote»'],
    [
      'Outlook of the desk',
      '<p>Yes.</p><div style="border:none;border-top:solid #E1E1E1 1.0pt"><p><b>Zyx:</b> Ann</p></div><p>Is it?</p>',
      'Yes.\n\n«quote»',
    ],
    ['Yahoo', '<div>Yes.</div><div class="yahoo_quoted">Zyx Ann:<div>Is it?</div></div>', 'Yes.\n«quote»'],
    [
      'Thunderbird',
      '<p>Yes.</p><div class="moz-cite-prefix">Zyx Ann:</div><blockquote type=cite>Is it?</blockquote>',
      'Yes.\n\n«quote»',
    ],
  ])('of %s folds by its element, whatever the language', async (_, html, shown) => {
    expect(await foldHtml(html)).toBe(shown)
  })

  it.each([
    [
      'a message that is passed on',
      'See below, please.\n\n---------- Forwarded message ---------\nFrom: Ann\nDate: x\nSubject: x\nTo: Bob\n\nThe code is 493817.',
    ],
    [
      'a message that is passed on without a word',
      '---------- Forwarded message ---------\nFrom: Ann\nDate: x\nTo: Bob\n\nHello.',
    ],
    ['all there is', '> Is it?\n> Ann'],
    ['all but an introduction', 'On Tue, 24 Nov 2026, Ann wrote:\n> Is it?'],
    ['prose that ends in a colon', 'Please note:\n\nFrom: here\nhello'],
    ['words that wrote', 'He wrote: yes.\nOn Monday I wrote: no.'],
  ])('is not %s', (_, text) => {
    expect(fold(text)).toBe(text)
  })

  it.each([
    ['a code', '> Your code is 493817.'],
    ['a link', '> See https://x.test/verify'],
    ['a sum', '> You owe us $5.'],
    ['a code in letters', '> Use K7PQ2 now.'],
  ])('in a mail that is no answer is shown with %s in it', (_, quote) => {
    const text = `Please read this here first.\n\nOn Tue Ann <a@x.test> wrote 1:\n${quote}`
    expect(fold(text, OTHER)).toBe(text)
    expect(fold(text)).toContain('«quote»')
  })

  it('is not what a mail system said to another', async () => {
    const text = 'The mail could not be delivered there:\n\nmail.x.test 12:30:\n>>> RCPT TO:<a@x.test>\n<<< 550 no'
    expect(fold(text)).toBe(text)
    const head = 'The mail could not be delivered:\n\nFrom: Ann\nTo: Bob\nSubject: x\n\nHello.'
    expect(fold(head, OTHER)).toBe(head)
  })

  it('in a mail that is no answer is not taken from lines with `>` alone', () => {
    expect(fold('Run this now please:\n> npm ci\n> npm test', OTHER)).toContain('> npm ci')
  })
})

describe('a signature', () => {
  it.each([
    ['behind its two hyphens', 'Yes, it is so.\n\n-- \nBob\nAcme', 'Yes, it is so.\n\n«signature»'],
    ['that lost its space', 'Yes, it is so.\n--\nBob', 'Yes, it is so.\n«signature»'],
    ['up to the quote', 'Yes, it is so.\n-- \nBob\n\nAnn wrote on 1.1.:\n> Is it?', 'Yes, it is so.\n«signature»\n\n«quote»'],
    ['of a telephone', 'Yes, it is so.\n\nSent from my iPhone', 'Yes, it is so.\n\n«signature»'],
    ['of a telephone in German', 'Ja, so ist es.\n\nVon meinem iPhone gesendet', 'Ja, so ist es.\n\n«signature»'],
    ['of a telephone in French', 'Oui, exactement cela.\n\nEnvoyé de mon iPhone', 'Oui, exactement cela.\n\n«signature»'],
    ['of a telephone in Russian', 'Да, это так.\n\nОтправлено с iPhone', 'Да, это так.\n\n«signature»'],
    ['of a telephone in Japanese', 'はい、そうです。了解。\n\niPhoneから送信', 'はい、そうです。了解。\n\n«signature»'],
    [
      'of a telephone above a quote',
      'Yes.\n\nSent from my iPhone\n\nOn 1.1.2026 Ann wrote:\n> Is it?',
      'Yes.\n\n«signature»\n\n«quote»',
    ],
  ])('%s is folded', (_, text, shown) => {
    expect(fold(text)).toBe(shown)
  })

  it.each([
    ['longer than one', `Hello to all.\n--\n${'line\n'.repeat(40)}`],
    ['all there is', '-- \nBob'],
    [
      'words about sending',
      'It was sent from my phone as I said.\nSent from my side, this is a long line that tells you much more than what a telephone has to say about itself.',
    ],
  ])('is not what is %s', (_, text) => {
    expect(fold(text)).toBe(text)
  })

  it('in a mail that is no answer is shown where it holds a link, code or sum', () => {
    const text = 'Your account is ready now.\n-- \nUse https://x.test/v or 493817'
    expect(fold(text, OTHER)).toBe(text)
  })
})

describe('readFoldContext', () => {
  it.each([
    ['Re: x', true, false],
    ['AW: x', true, false],
    ['Re[2]: x', true, false],
    ['回复：x', true, false],
    ['Fwd: Re: x', false, true],
    ['WG: x', false, true],
    ['Reply: soon', true, false],
    ['Relevant: x', false, false],
  ])('of %s', (subject, isReply, isForward) => {
    expect(readFoldContext({ subject, inReplyTo: null, references: [], automatic: null })).toEqual({ isReply, isForward })
  })
})

describe('folds are counted in bytes of UTF-8', () => {
  it.each(['é', '€', '𝄞', 'a𝄞€'])('however many of %s stand before and between them', (characters) => {
    const words = `Yes ${characters.repeat(50)}`
    expect(fold(`${words}\n\nAnn wrote:\n> ${words}\n\n${words}\n-- \n${words}`)).toBe(
      `${words}\n\n«quote»\n\n${words}\n«signature»`,
    )
  })
})

describe('findFolds comes through', () => {
  it.each([
    '>\n',
    '> a\nb\n',
    '--\n',
    'From: a\n',
    'a:\n>\n',
    '-----a-----\n',
    '\ufdd3a\n',
    '\ufdd4\n',
    '\ufdd3\ufdd5\n',
    '\n',
    'x wrote:\n',
    'Sent from my a\n',
  ])('a hundred thousand lines of %j', (line) => {
    expect(() => findFolds(line.repeat(100_000), REPLY)).not.toThrow()
  })
})
