/** A marketing mail as they are sent: tables in tables, all style inline, filler behind the preview text, every link tagged for who follows its readers. */

const CELL =
  'font-family:Helvetica,Arial,sans-serif;font-size:15px;line-height:22px;color:#2b2b2b;padding:0 24px 12px 24px;mso-line-height-rule:exactly;-webkit-text-size-adjust:100%;'
const TABLE =
  '<table role="presentation" border="0" cellpadding="0" cellspacing="0" width="100%" style="border-collapse:collapse;mso-table-lspace:0pt;mso-table-rspace:0pt;width:100%;max-width:640px;">'
const SPACER = `<tr><td height="24" style="height:24px;font-size:1px;line-height:1px;">&nbsp;</td></tr>`

const PRODUCTS = [
  ...['Harbour Rain Jacket', 'Merino Crew Socks', 'Trail Runner 3', 'Canvas Field Bag', 'Alpine Down Vest', 'Linen Camp Shirt'],
  ...['Waxed Chore Coat', 'Ridge Hiking Boot', 'Wool Watch Cap', 'Everyday Chino', 'Packable Poncho', 'Kids Puddle Boot'],
]
const STORIES = [
  'How to wash a rain jacket',
  'Five walks for short days',
  'What we mend for free',
  'Inside our workshop in Porto',
]
const PLACES = ['Women', 'Men', 'Kids', 'Sale', 'Stores']
const FOOTER = [
  'Help centre',
  'Returns',
  'Gift cards',
  'Careers',
  'Privacy',
  'Preferences',
  'Unsubscribe',
  'View online',
  'Terms',
  'Imprint',
  'Size guide',
]
const NETWORKS = ['instagram', 'facebook', 'pinterest', 'youtube', 'tiktok']
const REASONS = [
  'Free delivery from 50 euros',
  'Sixty days to return',
  'Repairs for life',
  'Climate report 2026',
  'Points for members',
  'Student discount',
]

function tagged(path: string, content: string): string {
  return `https://www.northwind.example/${path}?utm_source=newsletter&amp;utm_medium=email&amp;utm_campaign=autumn26&amp;utm_content=${content}`
}

function slug(words: string): string {
  return words.toLowerCase().replaceAll(' ', '-')
}

function anchor(url: string, content: string, style = 'color:#0b5c4a;text-decoration:none;'): string {
  return `<a href="${url}" target="_blank" rel="noopener" style="${style}">${content}</a>`
}

function picture(name: string, alt: string, width: number): string {
  return `<img src="https://images.northwind.example/mail/2026/autumn/${name}@2x.jpg?w=${width * 2}&amp;q=80" width="${width}" alt="${alt}" border="0" style="display:block;width:100%;max-width:${width}px;height:auto;border:0;outline:none;text-decoration:none;-ms-interpolation-mode:bicubic;">`
}

function button(url: string, words: string): string {
  const vml = `<!--[if mso]><v:roundrect xmlns:v="urn:schemas-microsoft-com:vml" href="${url}" style="height:44px;v-text-anchor:middle;width:180px;" arcsize="10%" fillcolor="#0b5c4a"><center>${words}</center></v:roundrect><![endif]-->`
  return `${TABLE}<tr><td align="center" bgcolor="#0b5c4a" style="border-radius:4px;background-color:#0b5c4a;">${vml}<!--[if !mso]><!-->${anchor(url, words, 'display:inline-block;padding:12px 28px;font-family:Helvetica,Arial,sans-serif;font-size:15px;font-weight:bold;color:#ffffff;background-color:#0b5c4a;border-radius:4px;text-decoration:none;')}<!--<![endif]--></td></tr></table>`
}

function product(name: string, at: number): string {
  const url = tagged(`p/${slug(name)}`, `grid-${at + 1}`)
  const rows = [
    `<tr><td style="${CELL}">${anchor(url, picture(slug(name), '', 280))}</td></tr>`,
    `<tr><td style="${CELL}"><h3 style="margin:0;font-size:17px;line-height:24px;font-weight:bold;">${anchor(url, name)}</h3></td></tr>`,
    `<tr><td style="${CELL}">${at % 3 === 0 ? '<span style="text-decoration:line-through;color:#8a8a8a;">&euro;129</span> ' : ''}<strong style="color:#b3261e;">&euro;${39 + at * 5}</strong></td></tr>`,
    `<tr><td style="${CELL}">${button(url, 'Shop now')}</td></tr>`,
  ]
  return `<td width="50%" valign="top" style="width:50%;vertical-align:top;padding:0;">${TABLE}${SPACER}${rows.join('')}${SPACER}</table></td>`
}

function section(content: string): string {
  return `<tr><td align="center" style="padding:0;"><!-- section -->${TABLE}<tr><td style="padding:0;">${TABLE}${SPACER}${content}${SPACER}</table></td></tr></table></td></tr>`
}

/** The HTML, about 108 KB of it, and the places it links to. */
export function makeNewsletter(): { html: string; targets: string[] } {
  const css = Array.from(
    { length: 240 },
    (_, at) =>
      `@media only screen and (max-width:${480 + at}px){.col-${at} .inner,.stack-${at}>td{display:block!important;width:100%!important;max-width:100%!important;padding:0 ${at % 32}px!important}}`,
  ).join('\n')
  const filler = '&#847;&zwnj;&nbsp;&#8199;&shy;'.repeat(120)
  const pairs = Array.from({ length: PRODUCTS.length / 2 }, (_, at) => PRODUCTS.slice(2 * at, 2 * at + 2))
  const body = [
    section(
      `<tr>${PLACES.map((place) => `<td align="center" style="${CELL}">${anchor(tagged(slug(place), 'nav'), place)}</td>`).join('')}</tr>`,
    ),
    section(
      `<tr><td style="${CELL}">${anchor(tagged('autumn', 'hero'), picture('hero', 'Autumn is for walking: up to 40 % off', 640))}</td></tr>`,
    ),
    section(
      `<tr><td style="${CELL}"><h1 style="margin:0;font-size:32px;line-height:40px;">Made for wet leaves</h1><p style="margin:12px 0;">Hi Ann, our autumn sale has begun. Until Sunday everything below is up to 40 % off, and members get it a day before anybody else.</p>${button(tagged('autumn', 'hero'), 'See the sale')}</td></tr>`,
    ),
    ...pairs.map((pair, row) => section(`<tr>${pair.map((name, at) => product(name, 2 * row + at)).join('')}</tr>`)),
    section(
      STORIES.map(
        (story) =>
          `<tr><td style="${CELL}"><h2 style="margin:0;font-size:21px;">${anchor(tagged(`journal/${slug(story)}`, 'journal'), story)}</h2><p style="margin:8px 0;">A short read from our journal, written by the people who make and mend what you wear.</p></td></tr>`,
      ).join(''),
    ),
    section(
      `<tr><td style="${CELL}"><ul style="margin:0;padding:0 0 0 20px;">${REASONS.map((reason) => `<li>${anchor(tagged(`about/${slug(reason)}`, 'reasons'), reason)}</li>`).join('')}</ul></td></tr>`,
    ),
    section(
      `<tr>${NETWORKS.map((name) => `<td style="${CELL}">${anchor(`https://www.${name}.example/northwind`, picture(name, name, 32))}</td>`).join('')}</tr>`,
    ),
    section(
      `<tr><td style="${CELL}font-size:12px;color:#777777;">${FOOTER.map((name) => anchor(tagged(`mail/${slug(name)}`, 'footer'), name)).join(' &nbsp;|&nbsp; ')}<br>Northwind Outfitters, 12 Quay Street, Galway. You get this mail because you signed up in our shop.</td></tr>`,
    ),
  ]
  const pixel = '<img src="https://t.northwind.example/o.gif?u=8f2c1" width="1" height="1" alt="" style="display:none;">'
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Autumn sale</title><style type="text/css">${css}</style></head><body style="margin:0;padding:0;background-color:#f4f1ea;"><div style="display:none;max-height:0;overflow:hidden;mso-hide:all;font-size:1px;color:#f4f1ea;">Up to 40 % off, until Sunday.${filler}</div><center>${TABLE}${body.join('\n')}</table></center>${pixel}</body></html>`
  const targets = [...new Set([...html.matchAll(/ href="([^"]+)"/g)].map(([, url = '']) => url.replaceAll('&amp;', '&')))]
  return { html, targets }
}
