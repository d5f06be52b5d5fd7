/** A newsletter as the big senders write it: 108 KB of nested tables and inline styles around little text, and links that follow the reader. */

/** How large the whole message is at least. */
export const MARKETING_MAIL_BYTES = 108 * 1_024

const PRODUCTS = ['Trail shoes', 'Rain jacket', 'Wool socks', 'Head torch', 'Water bottle', 'Day pack', 'Map case', 'Camp stove']
const FOOTER = ['help', 'shops', 'careers', 'imprint', 'privacy', 'terms', 'app', 'gift-cards']

/** Where its links lead without what only follows the reader. */
export const MARKETING_LINKS: readonly string[] = [
  'https://shop.example/',
  ...PRODUCTS.map((_, at) => `https://shop.example/product/${4_200 + at}?colour=green`),
  'https://shop.example/sale',
  ...FOOTER.map((page) => `https://shop.example/${page}`),
  'https://shop.example/unsubscribe?reader=8f2c1d',
]

const TRACKING =
  'utm_source=newsletter&utm_medium=email&utm_campaign=2026-11-week-48&utm_content=block&utm_term=reader-8f2c1d&mc_cid=ab12cd34ef'
const CELL =
  'style="margin:0;padding:10px 25px;word-break:break-word;font-family:Ubuntu,Helvetica,Arial,sans-serif;font-size:13px;line-height:1.5;text-align:left;color:#333333"'
const TABLE = `<table border="0" cellpadding="0" cellspacing="0" role="presentation" width="100%" style="vertical-align:top;border-collapse:collapse"><tbody><tr><td ${CELL}>`
const TABLE_END = '</td></tr></tbody></table>'
const OUTLOOK =
  '<!--[if mso | IE]><table align="center" border="0" width="600"><tr><td style="line-height:0px;font-size:0px"><![endif]-->'

/** The message. */
export function writeMarketingMail(): string {
  const blocks = MARKETING_LINKS.map((url, at) => writeBlock(url, describeLink(at)))
  const html = (filler: string) =>
    [
      '<!doctype html><html><head><meta charset="utf-8"><style>',
      ...Array.from({ length: 60 }, (_, at) => `.column-${at} { width: ${at}% !important; max-width: ${at}%; }`),
      filler,
      '</style></head><body style="background-color:#ffffff">',
      '<div style="display:none;max-height:0;overflow:hidden">Everything for autumn, only this week.</div>',
      ...blocks,
      `<img src="https://track.example/open?${TRACKING}" width="1" height="1" alt="">`,
      '</body></html>',
    ].join('\r\n')
  const missing = MARKETING_MAIL_BYTES - HEADER.length - html('').length
  return HEADER + html('.filler { color: #000000 }\r\n'.repeat(Math.max(0, Math.ceil(missing / 28))))
}

const HEADER = [
  'From: "Example Outdoor" <news@shop.example>',
  'To: <ada@agents.localhost>',
  'Subject: Everything for autumn',
  'Message-ID: <week-48@shop.example>',
  'List-Unsubscribe: <https://shop.example/unsubscribe?reader=8f2c1d>',
  'MIME-Version: 1.0',
  'Content-Type: text/html; charset=utf-8',
  '',
  '',
].join('\r\n')

function describeLink(at: number): string {
  const product = PRODUCTS[at - 1]
  if (product !== undefined) return `${product}, now 20 % off`
  return at === 0
    ? 'Example Outdoor'
    : at === MARKETING_LINKS.length - 1
      ? 'Unsubscribe'
      : `More about ${MARKETING_LINKS[at]?.slice(21)}`
}

/** A picture and words with one target, as a column of a column. */
function writeBlock(url: string, words: string): string {
  const href = url.includes('unsubscribe') ? url : `${url}${url.includes('?') ? '&' : '?'}${TRACKING}`
  const link = (content: string) =>
    `<a href="${href.replaceAll('&', '&amp;')}" target="_blank" style="color:#2a7f62;text-decoration:none">${content}</a>`
  const picture =
    '<img alt="" height="auto" src="https://cdn.example/a.png" style="border:0;display:block;width:100%" width="280">'
  const text = `<p style="margin:10px 0">Made for wet weather and long days, tested by people who walk.</p>`
  return [OUTLOOK, TABLE, TABLE, link(picture), TABLE_END, TABLE, link(words), text, TABLE_END, TABLE_END].join('\r\n')
}
