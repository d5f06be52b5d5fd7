import { describe, expect, it } from 'vitest'
import { MAX_LINK_CHARS } from '../../../src/limits.ts'
import { cleanUrl } from '../../../src/mime/links/clean-url.ts'

describe('cleanUrl', () => {
  it.each([
    ['https://x.test/a?utm_source=news&utm_medium=email', 'https://x.test/a'],
    ['https://x.test/a?id=7&UTM_Source=n&b=%2F+x#top', 'https://x.test/a?id=7&b=%2F+x#top'],
    ['https://x.test/?gclid=1&fbclid=2&mc_eid=3&mc_cid=4&mkt_tok=5&_hsenc=6&_hsmi=7&q=8', 'https://x.test/?q=8'],
    ['https://x.test/verify?code=abc.def&utm_campaign=c', 'https://x.test/verify?code=abc.def'],
    ['https://x.test/a?ids=1&width=2&utm_campaign=c', 'https://x.test/a?ids=1&width=2'],
    ['https://x.test/?utm_source', 'https://x.test/'],
  ])('takes tracking out of %s', (raw, url) => {
    expect(cleanUrl(raw)).toEqual({ url, removed: true })
  })

  it.each([
    ['a seal of Laravel', 'https://x.test/v?id=1&utm_source=a&signature=12ab'],
    ['a seal of S3', 'https://b.s3.test/f?utm_source=a&X-Amz-Signature=00'],
    ['a seal of Azure', 'https://x.test/f?sv=1&utm_source=a&sig=abc%3D'],
    ['a seal without a name', `https://x.test/f?utm_source=a&s=${'0a'.repeat(16)}`],
    ...['h', 's', 't', 'k', 'tk', 'hash', 'jwt', '__hash__', '__hmac__', 'token', 'access_token', 'key', 'api-key'].map(
      (name) => [`what a seal called ${name} may cover`, `https://x.test/f?id=1&utm_source=a&${name}=q7`],
    ),
    ['a page to unsubscribe at', 'https://x.test/UnsubscribePage.html?mkt_unsubscribe=1&mkt_tok=abc'],
    ['a page of preferences', 'https://x.test/preferences?mc_eid=abc'],
    ['a parameter that only looks alike', 'https://x.test/?xutm_source=1&gclid2=2&utm=3&amp;utm_source=4'],
    ['a fragment', 'https://x.test/#?utm_source=1'],
    ['another scheme', 'mailto:a@x.test?utm_source=1'],
  ])('leaves %s alone', (_name, url) => {
    expect(cleanUrl(url)).toEqual({ url, removed: false })
  })

  it.each([
    ['HTTPS://EXAMPLE.com', 'https://example.com/'],
    ['https://bücher.example/ü', 'https://xn--bcher-kva.example/%C3%BC'],
    ['https:\\\\evil.test\\a', 'https://evil.test/a'],
    ['http://0x7f.1/', 'http://127.0.0.1/'],
    ['http://3232235777/', 'http://192.168.1.1/'],
    ['http://[0:0:0:0:0:0:0:1]:80/', 'http://[::1]/'],
    ['mailto:a@x.test?subject=a Code: 1', 'mailto:a@x.test?subject=a%20Code:%201'],
    ['mailto:a b', 'mailto:a%20b'],
    ['https://bank.test@evil.test/', 'https://bank.test@evil.test/'],
  ])('writes %s one way', (raw, url) => {
    expect(cleanUrl(raw)).toEqual({ url, removed: false })
  })

  it.each(['https://', 'https://xn--a/', 'https://a%/', 'not-a-url', '', '//x.test/'])('leaves %j as it is', (raw) => {
    expect(cleanUrl(raw)).toEqual({ url: raw, removed: false })
  })

  it('leaves no gap in what is no URL, and makes none of it', () => {
    for (const gap of [' ', '\n', '\u2028', '\u00ad', '\u{e0041}']) {
      const { url } = cleanUrl(`https://a${gap}b c/`)
      expect(url).toMatch(/^https:\/\/a%b%c\/$|^https:\/\/ab%c\/$/)
      expect(URL.canParse(url)).toBe(false)
    }
  })

  it('leaves no half of a character in what is no URL', () => {
    expect(cleanUrl('https://[\ud800').url).toBe('https://[\ufffd')
  })

  it('never makes a URL longer than the longest', () => {
    const raw = `https://x.test/${'ü'.repeat(MAX_LINK_CHARS - 15)}`
    expect(cleanUrl(raw).url.length).toBeLessThanOrEqual(MAX_LINK_CHARS)
  })

  it('changes nothing more the second time', () => {
    for (const raw of [
      'https://x.test/?utm_a=1&b=2',
      'https://x.test/?&utm_a=1&',
      'http://é.test/?q=é&utm_x=%',
      'https://x.test/??utm_a',
    ]) {
      expect(cleanUrl(cleanUrl(raw).url).url).toBe(cleanUrl(raw).url)
    }
  })
})
