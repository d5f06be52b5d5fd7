/** Test mails in a short form -> messages as they are sent. */

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** What a mail is sent as. `html` and `both` turn the short form into HTML; `raw` is HTML as it stands. */
type Kind = 'text' | 'html' | 'both' | 'raw'

/** A mail in short form and what is to be found in it. */
export type Sample = {
  readonly name: string
  readonly language: string
  readonly kind: Kind
  /** Null where none may be found. */
  readonly code: string | null
  readonly expiresInSeconds: number | null
  readonly subject: string
  readonly body: string
}

/**
 * The samples of a file. Each begins `=== language kind code expiresInSeconds`, with `-` for none; then the subject, then the body:
 * `# heading`, `## in big type`, `[[4 8 2]]` cells, `((482))` an element a character, `{{482}}` a block a character, `a | b` a row,
 * `[text](url)` a link, `---` a line before the footer, and paragraphs, a line each.
 */
export function readSamples(file: string): Sample[] {
  const text = readFileSync(fileURLToPath(new URL(file, import.meta.url)), 'utf8')
  return text
    .split(/^=== /m)
    .slice(1)
    .map((section, index) => {
      const [head = '', subject = '', ...body] = section.trimEnd().split('\n')
      const [language = '', kind = '', code = '-', expires = '-'] = head.split(' ')
      return {
        name: `${file.replace('.txt', '')} ${index + 1} (${language} ${kind})`,
        language,
        kind: readKind(kind),
        code: code === '-' ? null : code,
        expiresInSeconds: expires === '-' ? null : Number(expires),
        subject,
        body: body.join('\n').trim(),
      }
    })
}

function readKind(kind: string): Kind {
  if (kind === 'text' || kind === 'html' || kind === 'both' || kind === 'raw') return kind
  throw new Error(`no kind of mail: ${kind}`)
}

/** The message, with CRLF line ends. */
export function layOutMail({ kind, subject, body }: Sample, seed: number): Buffer {
  const head = [
    'From: "Accounts" <no-reply@accounts.example.com>',
    'To: agent@agents.localhost',
    `Subject: =?utf-8?B?${Buffer.from(subject).toString('base64')}?=`,
    'Date: Tue, 24 Nov 2026 10:20:30 +0000',
    'Message-ID: <20261124102030.482001@accounts.example.com>',
    'MIME-Version: 1.0',
  ]
  const html = kind === 'raw' ? body : wrapHtml(body, seed)
  const plain = part('text/plain', renderText(body), seed)
  if (kind === 'text') return Buffer.from([...head, ...plain, ''].join('\r\n'))
  if (kind !== 'both') return Buffer.from([...head, ...part('text/html', html, seed), ''].join('\r\n'))
  const edge = '----=_Part_184467_99318273.1732443630'
  const alternatives = [`--${edge}`, ...plain, `--${edge}`, ...part('text/html', html, seed), `--${edge}--`, '']
  return Buffer.from([...head, `Content-Type: multipart/alternative; boundary="${edge}"`, '', ...alternatives].join('\r\n'))
}

function part(type: string, text: string, seed: number): string[] {
  const isBase64 = seed % 3 === 0
  const body = isBase64
    ? (Buffer.from(text)
        .toString('base64')
        .match(/.{1,76}/g) ?? [])
    : text.split('\n')
  return [`Content-Type: ${type}; charset=utf-8`, `Content-Transfer-Encoding: ${isBase64 ? 'base64' : '8bit'}`, '', ...body]
}

function renderText(body: string): string {
  return body
    .split('\n')
    .map((line) =>
      line
        .replace(/^#{1,2} /, '')
        .replace(/\[\[(.+?)\]\]|\(\((.+?)\)\)/g, '$1$2')
        .replace(/\{\{(.+?)\}\}/g, (_, chars: string) => [...chars].join(' '))
        .replace(/\[([^\]]+)\]\((\S+?)\)/g, '$1:\n$2'),
    )
    .join('\n')
}

const STYLE =
  'body{color:#333333;background:#f4f5f7}.btn{background:#1a73e8;color:#ffffff;border-radius:4px}@media (max-width:600px){.w{width:100%!important}}'

function wrapHtml(body: string, seed: number): string {
  const blocks = body
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => renderBlock(line, seed))
  const head = `<!DOCTYPE html><html><head><meta charset="utf-8"><style>${STYLE}</style><title>Mail</title></head><body bgcolor="#f4f5f7">`
  if (seed % 3 === 1)
    return `${head}\n<div class="w" style="max-width:600px;margin:0 auto">\n${blocks.join('\n')}\n</div></body></html>`
  const rows = blocks.map(
    (block) => `<tr><td style="padding:8px 24px;font-family:Arial,sans-serif;color:#202124">${block}</td></tr>`,
  )
  return `${head}\n<table width="100%" cellpadding="0" cellspacing="0"><tr><td align="center">\n<table class="w" width="600">\n${rows.join('\n')}\n</table></td></tr></table>\n</body></html>`
}

function renderBlock(line: string, seed: number): string {
  const text = line
    .replace(/^#{1,2} /, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(
      /\[\[(.+?)\]\]/g,
      (_, chars: string) =>
        `<table><tr>${chars
          .split(' ')
          .map((char) => `<td style="width:40px;border:1px solid #dadce0;font-size:28px">${char}</td>`)
          .join('')}</tr></table>`,
    )
    .replace(/\(\((.+?)\)\)/g, (_, chars: string) =>
      [...chars].map((char) => `<span style="letter-spacing:4px">${char}</span>`).join(''),
    )
    .replace(/\{\{(.+?)\}\}/g, (_, chars: string) => [...chars].map((char) => `<div style="float:left">${char}</div>`).join(''))
    .replace(/\[([^\]]+)\]\((\S+?)\)/g, '<a class="btn" href="$2">$1</a>')
  if (line.startsWith('## ')) {
    const style = 'font-size:36px;font-weight:bold;letter-spacing:8px;color:#1a73e8'
    return seed % 2
      ? `<div style="${style}">${text}</div>`
      : `<p style="text-align:center"><strong style="${style}">${text}</strong></p>`
  }
  if (line.startsWith('# ')) return `<h1 style="font-size:24px">${text}</h1>`
  if (line === '---') return '<hr>'
  if (line.includes(' | '))
    return `<table><tr>${text
      .split(' | ')
      .map((cell) => `<td>${cell}</td>`)
      .join('')}</tr></table>`
  return `<p style="margin:0 0 16px">${text}</p>`
}
