import { TextDecoder } from 'node:util'
import { describe, expect, it } from 'vitest'
import { decodeText } from '../../src/mime/charset.ts'
import { parseMail } from '../../src/mime/parse.ts'
import { guessCharset } from '../../src/mime/sniff/sniff.ts'

const encoders = new Map<string, ReadonlyMap<string, Buffer>>()

/** What TextEncoder does not do: text as bytes of an old charset, by decoding all there are. */
function encode(text: string, encoding: string): Buffer {
  const known = encoders.get(encoding) ?? readTable(new TextDecoder(encoding))
  encoders.set(encoding, known)
  return Buffer.concat([...text].map((char) => (char < '\x80' ? Buffer.from(char) : (known.get(char) ?? Buffer.from('?')))))
}

function readTable(decoder: TextDecoder): ReadonlyMap<string, Buffer> {
  const table = new Map<string, Buffer>()
  const add = (bytes: Buffer) => {
    const text = decoder.decode(bytes)
    if ([...text].length === 1 && text !== '\ufffd' && !table.has(text)) table.set(text, bytes)
  }
  for (let lead = 0x80; lead <= 0xff; lead++) add(Buffer.of(lead))
  for (let lead = 0x81; lead <= 0xfe; lead++) for (let trail = 0x40; trail <= 0xfe; trail++) add(Buffer.of(lead, trail))
  return table
}

const TEXTS = [
  ['windows-1251', 'Здравствуйте! Ваш код подтверждения отправлен на почту.'],
  ['koi8-r', 'Здравствуйте! Ваш код подтверждения отправлен на почту.'],
  ['iso-8859-5', 'Здравствуйте! Ваш код подтверждения'],
  ['ibm866', 'Здравствуйте! Ваш код подтверждения'],
  ['koi8-r', 'Привет'],
  ['windows-1251', 'Привет'],
  ['windows-1251', 'ВНИМАНИЕ СРОЧНО'],
  ['koi8-r', 'ВНИМАНИЕ СРОЧНО'],
  ['koi8-u', 'Доброго дня, ваше замовлення відправлено'],
  ['windows-1251', 'Здравейте, вашата поръчка е изпратена'],
  ['windows-1253', 'Καλημέρα, ο κωδικός σας είναι έτοιμος'],
  ['windows-1255', 'שלום, קוד האימות שלך הוא'],
  ['windows-1256', 'مرحبا، رمز التحقق الخاص بك هو'],
  ['windows-874', 'สวัสดีครับ รหัสยืนยันของคุณคือ'],
  ['gbk', '您好，您的验证码是，请在五分钟内输入。'],
  ['gbk', '订单确认'],
  ['big5', '您好，您的驗證碼是，請在五分鐘內輸入。'],
  ['euc-kr', '안녕하세요 인증번호는 다음과 같습니다'],
  ['euc-jp', 'こんにちは、確認コードは次のとおりです。'],
  ['shift_jis', 'こんにちは、確認コードは次のとおりです。'],
  ['shift_jis', 'パスワード再設定のご案内'],
  ['windows-1254', 'Merhaba, doğrulama kodunuz aşağıdadır. Lütfen giriş yapınız.'],
  ['windows-1250', 'Dzień dobry, oto twój kod weryfikacyjny. Proszę się zalogować, żeby potwierdzić.'],
  ['iso-8859-2', 'Dzień dobry, oto twój kod weryfikacyjny. Proszę się zalogować, żeby potwierdzić.'],
  ['windows-1250', 'Dobrý den, váš ověřovací kód je níže. Příliš žluťoučký kůň'],
  ['windows-1250', 'Köszönjük, hogy regisztrált, az ellenőrző kód: őrült űrhajó'],
] as const

const WESTERN = [
  'Schöne Grüße aus München, Ihr Bestätigungscode ist gültig für fünf Minuten',
  'Voilà votre code de vérification, à très bientôt, été',
  'Señor, aquí está su código de verificación, años',
  'Olá, não há informações, coração, atenção',
  'Hej, på återseende, blåbär och öl',
  'Góðan daginn, þetta er kóðinn þinn',
  '“Quoted” – and… ‘more’ – text – here',
  '©®™ • • • • £££ €€€',
  '»»» «««',
  'ÉCOLE FRANÇAISE ÉTÉ',
  'MÜNCHEN GRÖSSE ÜBUNG',
  'é',
]

describe('text of no declared charset', () => {
  it.each(TEXTS)('in %s reads %j', (encoding, text) => {
    expect(decodeText(encode(text, encoding), null)).toEqual({ text, guessed: true })
  })

  it.each(WESTERN)('in windows-1252 reads %j', (text) => {
    const bytes = Buffer.from([...text].flatMap((char) => [...encode(char, 'windows-1252')]))
    expect(guessCharset(bytes)).toBeNull()
    expect(decodeText(bytes, null).text).toBe(text)
  })

  it('in UTF-8 with a byte of another charset is not guessed to be all of that', () => {
    expect(decodeText(Buffer.concat([Buffer.from('Здравствуйте, '), Buffer.of(0xfc)]), null).text).toBe('Здравствуйте, ü')
  })
})

describe('text of a charset declared wrongly', () => {
  it.each([
    ['iso-8859-1', 'koi8-r'],
    ['us-ascii', 'windows-1251'],
    ['utf-8', 'windows-1251'],
    ['windows-1251', 'koi8-r'],
    ['koi8-r', 'windows-1251'],
    ['x-unknown', 'koi8-r'],
  ])('as %s reads what is in %s', (declared, encoding) => {
    const text = 'Здравствуйте! Ваш код подтверждения отправлен на почту.'
    expect(decodeText(encode(text, encoding), declared).text).toBe(text)
  })

  it.each([
    ['gb2312', 'big5', '您好，您的驗證碼是，請在五分鐘內輸入。'],
    ['iso-8859-1', 'gbk', '您好，您的验证码是，请在五分钟内输入。'],
    ['utf-8', 'shift_jis', 'こんにちは、確認コードは次のとおりです。'],
  ])('as %s reads what is in %s: %s', (declared, encoding, text) => {
    expect(decodeText(encode(text, encoding), declared).text).toBe(text)
  })

  it('is left alone where the declared one makes sense', () => {
    for (const text of WESTERN) expect(decodeText(encode(text, 'windows-1252'), 'iso-8859-1')).toEqual({ text, guessed: false })
    for (const [encoding, text] of TEXTS) expect(decodeText(encode(text, encoding), encoding)).toEqual({ text, guessed: false })
  })

  it('is read in a subject, an encoded word, a name and the name of a file', async () => {
    const text = 'Подтверждение'
    const koi = encode(text, 'koi8-r')
    const raw = Buffer.concat([
      Buffer.from('From: "'),
      koi,
      Buffer.from(`" <a@x.test>\r\nSubject: =?us-ascii?B?${koi.toString('base64')}?= `),
      koi,
      Buffer.from('\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename="'),
      koi,
      Buffer.from('.pdf"\r\n\r\nx'),
    ])
    const mail = await parseMail(raw)
    expect([mail.fromName, mail.subject, mail.attachments[0]?.filename]).toEqual([text, `${text} ${text}`, `${text}.pdf`])
    const encoded = [...koi].map((byte) => `%${byte.toString(16)}`).join('')
    const named = `Content-Type: application/pdf\r\nContent-Disposition: attachment; filename*=us-ascii''${encoded}.pdf\r\n\r\nx`
    expect((await parseMail(Buffer.from(named))).attachments[0]?.filename).toBe(`${text}.pdf`)
  })
})
