/** Mail full of things to fetch is received, waited for, read and saved, and nobody is called. */

import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { createServer, type Server, Socket } from 'node:net'
import { BroadcastChannel } from 'node:worker_threads'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SILENT_LOG } from '../src/log.ts'
import { createParser } from '../src/mime/parser.ts'
import { AGENT, bootApp, type TestApp, writeMail } from './support/app.ts'
import { TEST_WORKERS } from './support/workers.ts'

/** Who hears of every call made, wherever in this process it was made. */
let canary: Server
let calls = 0
let place: string
beforeAll(async () => {
  canary = createServer((socket) => {
    calls += 1
    socket.destroy()
  })
  await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve))
  const address = canary.address()
  place = typeof address === 'object' ? `127.0.0.1:${address?.port}` : ''
})
afterAll(() => new Promise((resolve) => canary.close(resolve)))

/** HTML that asks for something in every way there is. */
function writeHtml(): string {
  const url = `http://${place}`
  return [
    `<!DOCTYPE html SYSTEM "${url}/dtd"><html manifest="${url}/m"><head><base href="${url}/">`,
    `<link rel="stylesheet" href="${url}/a.css"><link rel="preload" as="image" href="${url}/b"><link rel="dns-prefetch" href="//${place}">`,
    `<meta http-equiv="refresh" content="0;url=${url}/c"><style>@import url("${url}/d.css"); @font-face{src:url(${url}/f)} p{background:url(${url}/e.png)}</style>`,
    `<script src="${url}/g.js"></script></head><body background="${url}/h.png" onload="fetch('${url}/i')">`,
    `<img src="${url}/pixel.gif?id=1" width="1" height="1"><img srcset="${url}/j 2x"><picture><source srcset="${url}/k"></picture>`,
    `<iframe src="${url}/l"></iframe><object data="${url}/m"></object><embed src="${url}/n"><video src="${url}/o" poster="${url}/p"></video>`,
    `<audio src="${url}/q"></audio><svg><image href="${url}/r"/><use href="${url}/s#a"/></svg><form action="${url}/t"><input type="image" src="${url}/u"></form>`,
    `<p style="background-image:url('${url}/v')">Click <a href="${url}/w" ping="${url}/x">here</a>, or <a href="https://images.example.com/">there</a>.</p></body></html>`,
  ].join('\r\n')
}

function writeBait(): string {
  const url = `http://${place}`
  const external = (access: string) =>
    `--b\r\nContent-Type: message/external-body; ${access}\r\n\r\nContent-Type: image/gif\r\nContent-ID: <x@example.org>\r\n\r\n`
  const xml = `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "${url}/entity">]><?xml-stylesheet href="${url}/xsl"?><a>&b;</a>`
  const attached = (type: string, name: string, text: string) =>
    `--b\r\nContent-Type: ${type}; name=${name}\r\nContent-Disposition: attachment\r\n\r\n${text}\r\n`
  return writeMail({
    headers: [
      'Disposition-Notification-To: <receipt@example.com>',
      'Return-Receipt-To: <receipt@example.com>',
      `List-Unsubscribe: <${url}/leave>, <mailto:leave@example.com>`,
      'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
      `Face: ${url}/face`,
      `BIMI-Location: v=BIMI1; l=${url}/logo.svg`,
      'Content-Type: multipart/related; boundary=b',
    ],
    body: [
      `--b\r\nContent-Type: text/html\r\nContent-Location: ${url}/\r\n\r\n${writeHtml()}\r\n`,
      external(`access-type=URL; URL="${url}/body"`),
      external(`access-type=anon-ftp; site="127.0.0.1"; directory=a; name=b`),
      external('access-type=local-file; name="/etc/passwd"'),
      attached('application/xml', 'a.xml', xml),
      attached(
        'image/svg+xml',
        'a.svg',
        `<?xml version="1.0"?><svg xmlns:xlink="http://www.w3.org/1999/xlink"><image xlink:href="${url}/y"/></svg>`,
      ),
      attached('text/html', 'a.html', writeHtml()),
      attached('text/calendar', 'a.ics', `BEGIN:VCALENDAR\r\nATTACH:${url}/z\r\nEND:VCALENDAR`),
      attached('message/rfc822', 'a.eml', `Subject: inner\r\nContent-Type: text/html\r\n\r\n${writeHtml()}`),
      '--b--',
    ].join(''),
  })
}

describe('nothing is fetched', () => {
  let t: TestApp
  const places: string[] = []
  const note = (message: unknown) => {
    const { socket } = Object(message)
    if (socket instanceof Socket) socket.once('connectionAttempt', (ip: string, port: number) => places.push(`${ip}:${port}`))
  }
  beforeAll(async () => {
    t = await bootApp()
    subscribe('net.client.socket', note)
  })
  afterAll(async () => {
    unsubscribe('net.client.socket', note)
    await t.close()
  })

  it('when mail is received, waited for, read whole, listed, searched, and its attachments are read and saved', async () => {
    const { address } = await t.createInbox()
    await t.deliver(address, writeBait())
    const signal = new AbortController().signal
    const waited = await t.post.waitForMessage(AGENT, address, { filter: {}, after: 0, timeoutSeconds: 0 }, { signal })
    if (waited.status !== 'received') throw new Error('no mail')
    const { id, attachments } = waited.reading.message
    for (const part of ['text', 'full', 'html'] as const) {
      await t.post.readMessage(AGENT, address, id, { part, maxTokens: 10_000, offset: 0 })
    }
    await t.post.listMessages(AGENT, address, { after: null, page: { limit: 5, offset: 0 }, query: 'here' })
    expect(attachments.length).toBeGreaterThanOrEqual(8)
    for (const attachment of attachments) {
      const range = { maxTokens: 10_000, offset: 0 }
      // Some have no text: then there is only the way to say so.
      await t.post.readAttachment(AGENT, address, id, attachment.id, range).catch(() => null)
      await t.post.saveAttachment(AGENT, address, id, attachment.id)
    }
    expect(calls).toBe(0)
    // The only call is the one by which the mail came.
    expect(places).toEqual([new URL(t.smtpUrl).host])
  })

  it('by the thread that reads mail: it opens no socket and asks for no name', async () => {
    const script = `
      import { BroadcastChannel } from 'node:worker_threads'
      import dns from 'node:dns'
      import dgram from 'node:dgram'
      import net from 'node:net'
      const channel = new BroadcastChannel('test/nothing-fetched')
      channel.unref()
      const watch = (object, name) => {
        const real = object[name]
        object[name] = function (...args) { channel.postMessage(name); return real.apply(this, args) }
      }
      watch(net.Socket.prototype, 'connect')
      watch(dgram, 'createSocket')
      for (const name of Object.keys(dns)) if (/^(?:lookup|resolve)/.test(name)) watch(dns, name)
      watch(globalThis, 'fetch')
      channel.postMessage('watching')
      await import(${JSON.stringify(TEST_WORKERS.parser.href)})
    `
    const heard: unknown[] = []
    const channel = new BroadcastChannel('test/nothing-fetched')
    channel.onmessage = (message: unknown) => heard.push(Object(message).data)
    const parser = createParser({ log: SILENT_LOG, workerUrl: new URL(`data:text/javascript,${encodeURIComponent(script)}`) })
    try {
      const raw = Buffer.from(writeBait())
      const { attachments, facts } = await parser.parse(raw)
      expect(facts.links.length).toBeGreaterThan(0)
      for (const index of attachments.keys()) {
        expect(await parser.attachment(raw, String(index + 1))).not.toBeNull()
        await parser.attachmentText(raw, String(index + 1), { offset: 0, maxBytes: 1_000 })
      }
      await parser.report(raw)
      expect(heard).toEqual(['watching'])
      expect(calls).toBe(0)
    } finally {
      channel.close()
      await parser.close()
    }
  })
})
