import { describe, expect, it } from 'vitest'
import { readHost } from '../../../src/mime/links/hosts.ts'
import { isLookalike } from '../../../src/mime/links/lookalike.ts'

function looksAlike(name: string, own = 'mail.company.com'): boolean {
  const host = readHost(name)
  return host !== null && isLookalike(host, readHost(own))
}

describe('isLookalike', () => {
  it.each([
    ['digits for letters', 'paypa1.com micros0ft.com g00gle.com faceb00k.com l1nkedin.com 0ffice365.com'],
    ['letters that run together', 'rnicrosoft.com arnazon.com vvhatsapp.com vvikipedia.org'],
    ['letters of other alphabets', 'раураl.com ebаy.com аррӏе.com gооgle.com xn--80ak6aa92e.com ɡithub.com'],
    ['letters with marks', 'páypal.com gíthub.com googlė.com'],
    ['one typing error', 'paypall.com paypol.com gooogle.com googel.com micosoft.com netflixx.com gihtub.com'],
    ['a typing error with bait', 'paypall-login.com secure-micosoft.net'],
    ['hyphens', 'pay-pal.com paypal-secure-login.com paypal-uk.com apple-id.com dhl-delivery.net chase-verify.com'],
    ['words that ask for trust', 'microsoftsupport.com securepaypal.com githublogin.com appleid-verify.com'],
    [
      'a whole domain in front',
      'paypal.com.evil.example www-paypal-com.evil.example login.github.com-verify.test paypal.com∕x.evil.com',
    ],
    ['a name before bait', 'paypal.secure-login.com appleid.verify-account.test'],
    ['another suffix', 'paypal.support paypal.pages.dev google.xyz paypal.tk'],
    ['the sender itself', 'cornpany.com companny.com company.com.evil.net company-com.evil.net xn--cmpany-8nf.com cоmpany.com'],
    ['two alphabets in one word', 'tеst.com bаnk.example'],
  ])('sees %s', (_name, hosts) => {
    expect(hosts.split(' ').filter((host) => !looksAlike(host))).toEqual([])
  })

  it.each([
    [
      'the real ones',
      'paypal.com www.paypal.com paypal.de paypal-communication.com google.co.uk amazon.co.jp google.com.br githubusercontent.com',
    ],
    ['the sender itself', 'company.com click.company.com'],
    ['another domain of its name', 'company.net company.co.uk'],
    ['words', 'apple-orchard.com finance.com cloud.com switch.ch mybooking.com revolt.tv openal.org steam-punk.test barclay.com'],
    ['accounts named as their owners', 'facebook.github.io google-auth.readthedocs.io paypal.gitlab.io'],
    ['other languages', 'bücher.de пример.рф 日本go.jp münchen.de ελλάδα.gr 카카오.kr'],
    ['addresses and names without a suffix', 'localhost 127.0.0.1 [::1] intranet'],
    [
      'the senders of ordinary mail',
      'list-manage.com campaign-archive.com ct.sendgrid.net hubspotlinks.com mailchi.mp lnkd.in amzn.to zoom.us us02web.zoom.us apps.apple.com ' +
        'appleid.apple.com mycompany.atlassian.net github.blog raw.githubusercontent.com s3.amazonaws.com blob.core.windows.net l.facebook.com ' +
        'login.microsoftonline.com outlook.office.com contoso.sharepoint.com nolp.dhl.de barclaycardus.com barclaycard.co.uk citibankonline.com ' +
        'apple.stackexchange.com google-analytics.com youtube-nocookie.com googletagmanager.com microsoft.github.io myapp.vercel.app claude.com ' +
        'amazon-adsystem.com facebookmail.com redditmail.com t-mobile.de stripe.events linkedinlearning.com githubcopilot.com spotifycharts.com',
    ],
    ['what is no name', 'xn--a xn--zzzzzz-.com .. a..b -'],
  ])('leaves %s alone', (_name, hosts) => {
    expect(hosts.split(' ').filter((host) => looksAlike(host))).toEqual([])
  })

  it('knows families of numbered names', () => {
    expect(looksAlike('newsletter2.example', 'newsletter1.example')).toBe(false)
    expect(looksAlike('newsIetter.example', 'newsletter.example')).toBe(true)
  })

  it('never throws, whatever a host is made of', () => {
    const signs = ['.', '-', 'xn--', 'а', '\u202e', '\u0000', ' ', '%', '[', ']', ':', '@', '\ud800', '👾', 'ß', '。', 'paypal']
    for (const a of signs) for (const b of signs) for (const c of signs) looksAlike(`${a}${b}${c}.com`)
    expect(looksAlike('a.'.repeat(10_000))).toBe(false)
  })
})
