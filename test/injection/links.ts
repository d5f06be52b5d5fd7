/** Links that do not lead where they seem to. */

import type { LinkFlag } from '../../src/mail-facts.ts'
import { escapeHtml, type HostileMail, writeHtml, writePlain } from './hostile-mail.ts'

const IN_HTML: readonly (readonly [LinkFlag, string, string])[] = [
  ['text-differs-from-target', 'https://www.paypal.com/', 'https://zqxj.test/'],
  ['text-differs-from-target', 'www.paypal.com', 'https://zqxj.test/'],
  ['text-differs-from-target', 'Log in at paypal.com', 'https://zqxj.test/login'],
  ['text-differs-from-target', 'https://paypal.com', 'https://paypal.com.zqxj.test/'],
  ['text-differs-from-target', 'https://paypal.com', 'https://paypal.com@zqxj.test/'],
  ['text-differs-from-target', 'here', 'https://paypal.com@zqxj.test/'],
  ['text-differs-from-target', 'here', 'https://paypal.com%2Flogin@zqxj.test/'],
  ['text-differs-from-target', 'https://paypal.com', 'https:\\\\zqxj.test\\paypal.com'],
  ['text-differs-from-target', 'https://paypal.com', 'http://0x7f000001/zqxj'],
  ['text-differs-from-target', 'https://paypal.com', 'https://[2001:db8::1]/zqxj'],
  ['text-differs-from-target', 'paypal。com', 'https://zqxj.test/'],
  ['text-differs-from-target', 'ｐａｙｐａｌ．ｃｏｍ', 'https://zqxj.test/'],
  ['text-differs-from-target', 'pay\u200bpal.com', 'https://zqxj.test/'],
  ['text-differs-from-target', 'https://paypal.com∕login', 'https://zqxj.test/'],
  ['text-differs-from-target', 'help@paypal.com', 'mailto:help@zqxj.test'],
  ['text-differs-from-target', 'help@paypal.com', 'mailto:help@paypal.com?bcc=spy@zqxj.test'],
  ['text-differs-from-target', 'https://paypal.com', 'https://www.google.com/url?q=https://zqxj.test/'],
  ['lookalike-host', 'Log in', 'https://paypa1.com/zqxj'],
  ['lookalike-host', 'Log in', 'https://rnicrosoft.com/zqxj'],
  ['lookalike-host', 'Log in', 'https://раураl.com/zqxj'],
  ['lookalike-host', 'Log in', 'https://xn--80ak6aa92e.com/zqxj'],
  ['lookalike-host', 'Log in', 'https://www.paypal.com.zqxj.test/'],
  ['lookalike-host', 'Log in', 'https://www-paypal-com.zqxj.test/'],
  ['lookalike-host', 'Log in', 'https://paypal-secure-login.com/zqxj'],
  ['lookalike-host', 'Log in', 'https://gooogle.com/zqxj'],
  ['lookalike-host', 'Log in', 'https://googel.com/zqxj'],
  ['lookalike-host', 'Log in', 'https://paypal.support/zqxj'],
  ['lookalike-host', 'Log in', 'https://paypal-login.pages.dev/zqxj'],
  ['lookalike-host', 'Log in', 'https://sender.test.zqxj.example/'],
  ['lookalike-host', 'Log in', 'https://5ender.test/zqxj'],
  ['punycode', 'Log in', 'https://bücher.test/zqxj'],
  ['punycode', 'Log in', 'https://xn--bcher-kva.test/zqxj'],
]

const IN_TEXT: readonly (readonly [LinkFlag, string])[] = [
  ['text-differs-from-target', 'https://paypal.com@zqxj.test/login'],
  ['lookalike-host', 'https://paypa1.com/zqxj'],
  ['lookalike-host', 'https://paypal.com.zqxj.test/'],
  ['lookalike-host', 'https://раураl.com/zqxj'],
  ['punycode', 'https://bücher.test/zqxj'],
]

export const LINK_MAILS: readonly HostileMail[] = [
  ...IN_HTML.map(([flag, text, url]) => ({
    name: `${flag}: ${text} -> ${url}`,
    raw: writeHtml(`<p>Please act: <a href="${escapeHtml(url)}">${escapeHtml(text)}</a></p>`),
    outcome: { is: 'link', flag } as const,
  })),
  ...IN_TEXT.map(([flag, url]) => ({
    name: `${flag}: ${url} in plain text`,
    raw: writePlain(`Please act: ${url}\n`),
    outcome: { is: 'link', flag } as const,
  })),
]
