/**
 * We take the places of some methods of smtp-server and rely on how others call them. A digest of each: when an update of the library changes
 * one, this fails, and somebody reads the change and src/smtp/connection.ts side by side before the digest is put right.
 */

import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { SMTPServer } from 'smtp-server'
import { SMTPConnection } from 'smtp-server/lib/smtp-connection.js'
import { SMTPStream } from 'smtp-server/lib/smtp-stream.js'
import { describe, expect, it } from 'vitest'

/** Those we override, and those that call what we override or that we call. */
const RELIED_ON = {
  SMTPServer: [
    SMTPServer.prototype,
    ['connect', 'onConnect', 'onSecure', 'updateSecureContext', '_acceptSocket', '_handleProxy', '_resolveSNI'],
  ],
  SMTPConnection: [
    SMTPConnection.prototype,
    [
      'constructor',
      'init',
      'connectionReady',
      'send',
      '_refuse',
      '_sendGreeting',
      'close',
      '_createParser',
      '_setListeners',
      '_onCloseEvent',
      '_onClose',
      '_onError',
      '_onTimeout',
      '_armTimeout',
      '_whenWritable',
      '_onCommand',
      '_isSupported',
      '_isDisabled',
      '_getHandler',
      '_getEnhancedStatusCode',
      '_resetSession',
      'handler_EHLO',
      'handler_HELO',
      'handler_QUIT',
      'handler_NOOP',
      'handler_RSET',
      'handler_VRFY',
      'handler_STARTTLS',
      'upgrade',
    ],
  ],
  SMTPStream: [SMTPStream.prototype, ['constructor', '_flushData', '_write']],
} as const

/** The text of a method; of a constructor only its own, though a class prints whole. */
function readSource(prototype: object, method: string): string {
  const source = String(Object.getOwnPropertyDescriptor(prototype, method)?.value)
  if (method !== 'constructor') return source
  const start = source.indexOf('    constructor(')
  return source.slice(start, source.indexOf('\n    }\n', start))
}

const digest = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 12)
const digests = Object.entries(RELIED_ON).map(([name, [prototype, methods]]) => [
  name,
  Object.fromEntries(methods.map((method) => [method, digest(readSource(prototype, method))])),
])

describe('smtp-server', () => {
  it('is the version that was read', () => {
    const { version } = createRequire(import.meta.url)('smtp-server/package.json')
    expect(version).toMatch(/^3\.21\./)
  })

  it('has not changed where we take its places', () => {
    expect(Object.fromEntries(digests)).toMatchInlineSnapshot(`
      {
        "SMTPConnection": {
          "_armTimeout": "b8bc04964752",
          "_createParser": "15ca8c360137",
          "_getEnhancedStatusCode": "c0488b13c426",
          "_getHandler": "995d6ceebdd9",
          "_isDisabled": "cc2032af5b08",
          "_isSupported": "dbbb9a8918cf",
          "_onClose": "097b8d221da5",
          "_onCloseEvent": "66ef4e7f2f72",
          "_onCommand": "41c8a1b7a32a",
          "_onError": "ddcc47e46ea9",
          "_onTimeout": "f21be62dd64b",
          "_refuse": "7f256c60bb62",
          "_resetSession": "2bf7682ca138",
          "_sendGreeting": "dc5cd4bb4b93",
          "_setListeners": "cf07ab6f47db",
          "_whenWritable": "4335aceb04b5",
          "close": "4b80aaabd134",
          "connectionReady": "361a2b1de88f",
          "constructor": "df82861b0df5",
          "handler_EHLO": "42394b3ad94f",
          "handler_HELO": "b95050ffd35b",
          "handler_NOOP": "c1789fbac56b",
          "handler_QUIT": "82d176bb3b5d",
          "handler_RSET": "30da4d9e2515",
          "handler_STARTTLS": "54e8a7f36219",
          "handler_VRFY": "bf60f9186fa3",
          "init": "1265a7d7ca8f",
          "send": "c33568c0111a",
          "upgrade": "6a3fa8a3ee41",
        },
        "SMTPServer": {
          "_acceptSocket": "f4c69396f94c",
          "_handleProxy": "b52456c48b04",
          "_resolveSNI": "2552460a41b8",
          "connect": "9818ea13a1c3",
          "onConnect": "cb5c33b8b5eb",
          "onSecure": "e7fd7542d67f",
          "updateSecureContext": "643afa2b7bfe",
        },
        "SMTPStream": {
          "_flushData": "84553453dd02",
          "_write": "a72635ce53e2",
          "constructor": "20729007e0be",
        },
      }
    `)
  })

  it('still has every method that we override', () => {
    for (const nothing of ['undefined', '']) expect(JSON.stringify(digests)).not.toContain(digest(nothing))
  })
})
