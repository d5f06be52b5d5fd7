import { describe, expect, it } from 'vitest'
import { MAX_LINK_CHARS } from '../../../src/limits.ts'
import type { LinkFlag } from '../../../src/mail-facts.ts'
import { MAX_ACTION_TARGETS } from '../../../src/mime/links/link-purpose.ts'
import { describeLinks, MAX_KEPT_LINK_TEXT_CHARS } from '../../../src/mime/links/links.ts'

const FROM = 'news@example.com'

function flagsOf(text: string, url: string, from = FROM): LinkFlag[] {
  return describeLinks([{ text, url }], from)[0]?.flags ?? []
}

describe('describeLinks', () => {
  it('answers as many links as it was given, in their order', () => {
    const found = ['https://a.test/', 'mailto:x@b.test', 'not a url', 'https://c.test/?utm_source=n'].map((url) => ({
      text: 't',
      url,
    }))
    expect(describeLinks(found, FROM)).toEqual([
      { text: 't', url: 'https://a.test/', host: 'a.test', flags: [] },
      { text: 't', url: 'mailto:x@b.test', host: '', flags: [] },
      { text: 't', url: 'not%a%url', host: '', flags: [] },
      { text: 't', url: 'https://c.test/', host: 'c.test', flags: ['tracking-removed'] },
    ])
  })

  it.each([
    ['HTTPS://Bücher.Example./x', 'xn--bcher-kva.example'],
    ['http://0x7f000001/', '127.0.0.1'],
    ['http://2130706433:8080/', '127.0.0.1'],
    ['http://0177.0.0.1/', '127.0.0.1'],
    ['http://[0:0::1]:80/', '[::1]'],
    ['https://user:secret@x.test:8443/', 'x.test'],
    ['https://ｅｘａｍｐｌｅ。com/', 'example.com'],
  ])('names the host of %s', (url, host) => {
    expect(describeLinks([{ text: '', url }], FROM)[0]?.host).toBe(host)
  })

  it('shows credentials in a URL', () => {
    expect(describeLinks([{ text: '', url: 'https://bank.com@evil.example/' }], FROM)[0]?.url).toBe(
      'https://bank.com@evil.example/',
    )
  })

  it('keeps a text on one line and short', () => {
    const [link] = describeLinks([{ text: `a\nb\u202e ${'x'.repeat(500)}`, url: 'https://a.test/' }], FROM)
    expect(link?.text).toMatch(/^a b x+…$/)
    expect(link?.text).toHaveLength(MAX_KEPT_LINK_TEXT_CHARS)
  })
})

describe('text-differs-from-target', () => {
  it.each([
    ['https://bank.com', 'https://evil.example/'],
    ['bank.com', 'https://evil.example/'],
    ['www.bank.com/login', 'https://evil.example/'],
    ['Log in to bank.com now', 'https://evil.example/'],
    ['Go to WWW.BANK.COM.', 'https://evil.example/'],
    ['https://bank.com', 'https://bank.com.evil.example/'],
    ['https://bank.com@evil.example/', 'https://bank.com@evil.example/'],
    ['click', 'https://bank.com@evil.example/'],
    ['click', 'https://bank.com%2Flogin@evil.example/'],
    ['click', 'https://x:bank.com@evil.example/'],
    ['https://bank.com\\@evil.example', 'https://evil.example/'],
    ['https://bank.com∕login.evil.example', 'https://xn--bank-0000.evil.example/'],
    ['ｂａｎｋ．ｃｏｍ', 'https://evil.example/'],
    ['bank。com', 'https://evil.example/'],
    ['bank.com.', 'https://evil.example/'],
    ['bаnk.соm', 'https://evil.example/'],
    ['𝗯𝗮𝗻𝗸.𝗰𝗼𝗺', 'https://evil.example/'],
    ['https://bank.com…', 'https://evil.example/'],
    ['https://paypal.com', 'https://раураl.com/'],
    ['https://bücher.de', 'https://bucher.de/'],
    ['https://ann.github.io', 'https://bob.github.io/'],
    ['http://192.168.1.1/', 'http://evil.example/'],
    ['see:https://bank.com', 'https://evil.example/'],
    ['«bank.com»', 'https://evil.example/'],
    ['https://bank.com (mirror: evil.example.com)', 'https://evil.example.com/'],
    ['help@bank.com', 'https://evil.example/'],
    ['help@bank.com', 'mailto:help@evil.example'],
    ['help@bank.com', 'mailto:other@bank.com'],
    ['help@bank.com', 'mailto:help@bank.com?bcc=spy@evil.example'],
    ['help@bank.com', 'mailto:help@bank.com,spy@evil.example'],
    ['bank.com', 'mailto:a@evil.example'],
    ['bank.com', 'https://'],
    ['https://bank.com', 'https://www.google.com/url?q=https://evil.example/'],
    ['https://bank.com', 'https://evil.example/?q=https://bank.com'],
    ['https://bank.example/login', 'https://evil.example/login'],
    ['https://bank.test', 'https://evil.test/'],
    ['https://bank.corp/', 'https://evil.corp/'],
    ['http://bank.localhost/', 'http://evil.localhost/'],
    ['http://intranet/wiki', 'http://evil/wiki'],
    ['https://bank.example', 'https://bank.example.evil.example/'],
    ['https://bank.corp', 'https://evil.com/'],
    ['https:⁄⁄paypal.com', 'https://evil.example/'],
    ['https:∕∕paypal.com∕login', 'https://evil.example/'],
    ['read.me/login', 'https://evil.example/'],
    ['www.read.me', 'https://evil.example/'],
    ['https://read.me', 'https://evil.example/'],
  ])('is said of %s -> %s', (text, url) => {
    expect(flagsOf(text, url)).toContain('text-differs-from-target')
  })

  it.each([
    ['https://bank.com', 'https://bank.com/'],
    ['bank.com', 'https://www.bank.com/login'],
    ['https://www.bank.co.uk/a', 'https://click.bank.co.uk/b'],
    ['BANK.COM', 'http://bank.com/'],
    ['bank.com.', 'https://bank.com/'],
    ['bank.com/login?next=evil.example', 'https://bank.com/'],
    ['Amazon.com', 'https://www.amazon.de/'],
    ['https://paypal.com', 'https://epl.paypal-communication.com/x'],
    ['https://bücher.de', 'https://xn--bcher-kva.de/'],
    ['help@bank.com', 'mailto:Help@bank.com?subject=a'],
    ['help@bank.com', 'https://bank.com/contact'],
    ['bank.com', 'mailto:a@bank.com'],
    ['README.md', 'https://github.com/a/b'],
    ['setup.py and main.rs', 'https://github.com/a/b'],
    ['main.py and read.me', 'https://github.com/a/b'],
    ['https://bank.example/login', 'https://www.bank.example/login'],
    ['https://bank.test', 'https://bank.test/'],
    ['http://intranet/wiki', 'http://intranet/wiki'],
    ['http://Intranet:8080', 'http://intranet:8080/'],
    ['https://click here', 'https://click/'],
    ['https://', 'https://example.org/'],
    ['https://user:pw@intranet.test/', 'https://user:pw@intranet.test/'],
    ['https://bank.exam...', 'https://bank.example/'],
    ['Node.js 24.1.0', 'https://example.org/'],
    ['All done.See you', 'https://example.org/'],
    ['version 1.2.3.4', 'https://example.org/'],
    ['https://www.exam…', 'https://www.example.org/'],
    ['click here', 'https://user:pw@intranet.test/'],
    ['http://localhost:3000/x', 'http://localhost:3000/x'],
    ['https://bank.com', 'https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fwww.bank.com%2F&data=1'],
    ['https://bank.com', 'https://urldefense.proofpoint.com/v2/url?u=https-3A__bank.com_x&d=1'],
    ['not a url', 'not a url'],
    ['', 'https://example.org/'],
  ])('is not said of %s -> %s', (text, url) => {
    expect(flagsOf(text, url)).not.toContain('text-differs-from-target')
  })
})

describe('lookalike-host and punycode', () => {
  it.each([
    ['https://paypa1.com/', ['lookalike-host']],
    ['https://раураl.com/', ['lookalike-host', 'punycode']],
    ['https://bücher.de/', ['punycode']],
    ['https://exarnple.com/', ['lookalike-host']],
    ['https://example.com.evil.test/', ['lookalike-host']],
    ['https://www.google.com/url?q=https://paypa1.com/', ['lookalike-host']],
    ['https://paypal.com/', []],
    ['http://[::1]/', []],
  ])('%s: %j', (url, flags) => {
    expect(flagsOf('here', url)).toEqual(flags)
  })

  it('knows no look-alike of a sender that is not known', () => {
    expect(flagsOf('here', 'https://exarnple.com/', '')).toEqual([])
  })
})

describe('unsubscribe', () => {
  it.each([
    'Unsubscribe',
    'click here to opt out',
    'Vom Newsletter abmelden',
    'Se désabonner',
    'Darse de baja',
    'Annulla iscrizione',
    'Cancelar inscrição',
    'Uitschrijven',
    'Avprenumerera',
    'Afmeld nyhedsbrev',
    'Meld deg av',
    'Peruuta tilaus',
    'Wypisz się',
    'Odhlásit odběr',
    'Leiratkozás',
    'Dezabonare',
    'Abonelikten çık',
    'Διαγραφή από τη λίστα',
    'Отписаться',
    'Відписатися',
    '配信停止はこちら',
    '退订',
    '取消訂閱',
    '수신거부',
    'إلغاء الاشتراك',
    'ביטול הרשמה',
    'सदस्यता समाप्त करें',
    'Hủy đăng ký',
    'Berhenti berlangganan',
    'ยกเลิกการรับข่าวสาร',
  ])('is said of %s', (text) => {
    expect(flagsOf(text, 'https://example.com/x?id=1a2b3c4d5e6f7a8b9c')).toEqual(['unsubscribe'])
  })

  it.each([
    'https://example.com/unsubscribe/12345',
    'https://example.com/email/opt-out',
    'mailto:unsubscribe@example.com',
    'mailto:x@example.com?subject=unsubscribe',
  ])('is said of %s', (url) => {
    expect(flagsOf('here', url)).toEqual(['unsubscribe'])
  })

  it.each(['Subscribe', 'Read more', 'Manage your account'])('is not said of %s', (text) => {
    expect(flagsOf(text, 'https://example.com/a')).not.toContain('unsubscribe')
  })
})

describe('likely-action', () => {
  it.each([
    'Verify email address',
    'Confirm your account',
    'Log in',
    'Sign in to Acme',
    'Reset password',
    'Accept invitation',
    'Activate',
    'E-Mail bestätigen',
    'Passwort zurücksetzen',
    'Confirmer mon adresse',
    'Réinitialiser le mot de passe',
    'Verificar correo',
    'Iniciar sesión',
    'Conferma email',
    'Accedi',
    'Confirmar conta',
    'Redefinir senha',
    'Bevestig je e-mailadres',
    'Inloggen',
    'Bekräfta',
    'Bekræft din e-mail',
    'Bekreft',
    'Vahvista',
    'Potwierdź',
    'Zaloguj się',
    'Potvrdit e-mail',
    'Megerősítés',
    'Confirmă adresa',
    'E-postayı doğrula',
    'Επιβεβαίωση',
    'Подтвердить',
    'Войти',
    'Підтвердити',
    'メールアドレスを確認',
    'ログイン',
    '验证邮箱',
    '登录',
    '驗證',
    '이메일 인증',
    '로그인',
    'تأكيد البريد',
    'אימות',
    'सत्यापित करें',
    'Xác nhận',
    'Konfirmasi',
    'ยืนยันอีเมล',
  ])('is said of %s', (text) => {
    expect(flagsOf(text, 'https://example.com/x')).toEqual(['likely-action'])
  })

  it.each([
    'https://example.com/verify-email?token=abc123',
    'https://example.com/users/confirmation?confirmation_token=x1y2',
    'https://example.com/auth/magic-link/abc',
    'https://example.com/wp-login.php?action=rp&key=abcd1234',
    'https://example.com/__/auth/action?mode=verifyEmail&oobCode=abcd',
    'https://example.com/invite/1a2b3c',
  ])('is said of %s, whatever is written on it', (url) => {
    expect(flagsOf(url, url)).toContain('likely-action')
    expect(flagsOf('', url)).toContain('likely-action')
  })

  it.each([
    ['Read more', 'https://example.com/blog/how-to-verify-your-account'],
    ['Unsubscribe', 'https://example.com/confirm?token=1a2b3c4d5e6f7a8b9c'],
    ['Confirm', 'https://example.com/unsubscribe?token=1a2b3c4d5e6f7a8b9c'],
    ['Confirm', 'mailto:confirm@example.com'],
    ['Pricing', 'https://example.com/pricing'],
  ])('is not said of %s -> %s', (text, url) => {
    expect(flagsOf(text, url)).not.toContain('likely-action')
  })

  it.each([
    ['https://bank.com/login', 'https://evil.example/login?token=abc123', FROM, 'text-differs-from-target'],
    ['Log in', 'https://paypa1.com/login?token=abc123', FROM, 'lookalike-host'],
    ['Log in', 'https://exarnple.com/login', FROM, 'lookalike-host'],
    ['Confirm', 'https://bücher.test/confirm', FROM, 'punycode'],
  ] as const)('is not said of %s -> %s, of which something warns', (text, url, from, warning) => {
    const flags = flagsOf(text, url, from)
    expect(flags).toContain(warning)
    expect(flags).not.toContain('likely-action')
  })

  it('prefers the link that carries a token', () => {
    const found = [
      { text: 'Log in', url: 'https://example.com/login' },
      { text: 'Verify', url: 'https://example.com/verify?token=abc123' },
      { text: 'Unsubscribe', url: 'https://example.com/u?token=abc123' },
      { text: 'here', url: 'https://example.com/verify?token=abc123' },
    ]
    const flagged = describeLinks(found, FROM).map(({ flags }) => flags.includes('likely-action'))
    expect(flagged).toEqual([false, true, false, true])
  })

  it('is said of a few places only', () => {
    const found = Array.from({ length: 50 }, (_, index) => ({ text: 'Log in', url: `https://example.com/login/${index}` }))
    const flagged = describeLinks(found, FROM).filter(({ flags }) => flags.includes('likely-action'))
    expect(flagged).toHaveLength(MAX_ACTION_TARGETS)
  })
})

describe('links that mean harm', () => {
  it.each([
    ['hosts', (index: number) => `https://${index}.${'paypal-'.repeat(1_000)}.com/`],
    ['short hosts', (index: number) => `https://${index}${'-paypal.com.rn'.repeat(16)}.test/`],
    ['user names', (index: number) => `https://${'bank.com,'.repeat(800)}@${index}.test/`],
    ['queries', (index: number) => `https://x.test/?${`utm_${index}=1&a=`.repeat(500)}`],
    ['dots and dashes', (index: number) => `https://x${index}.test/${'.-_=~'.repeat(1_500)}!`],
    ['words', (index: number) => `https://x${index}.test/${'unsub log-'.repeat(700)}`],
    ['percent signs', (index: number) => `mailto:${'%'.repeat(8_000)}${index}@x.test`],
  ])('reads five hundred of the longest, made of %s', (_name, make) => {
    const found = Array.from({ length: 500 }, (_, index) => {
      const url = make(index).slice(0, MAX_LINK_CHARS)
      return { text: url, url }
    })
    const links = describeLinks(found, 'a@paypal-paypal.com')
    expect(links).toHaveLength(500)
    expect(links.every(({ url, text }) => url.length <= MAX_LINK_CHARS && text.length <= MAX_KEPT_LINK_TEXT_CHARS)).toBe(true)
  })

  it('leaves no space, line end or control character in a URL', () => {
    for (const scheme of ['https://x.test/', 'https://x.test/?a=', 'https://x.test/#', 'mailto:', 'https://']) {
      for (const sign of [' ', '\n', '\t', '\r', '\u0000', '\u202e', '\u2028', '\u{e0041}', '\u00a0']) {
        const [link] = describeLinks([{ text: '', url: `${scheme}a${sign}b` }], FROM)
        expect(link?.url).not.toMatch(/[\s\p{Cc}\p{Cf}]/u)
      }
    }
  })
})
