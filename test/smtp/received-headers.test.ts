import { expect, it } from 'vitest'
import { countReceivedHeaders } from '../../src/smtp/received-headers.ts'

const count = (text: string, most = 50) => countReceivedHeaders(Buffer.from(text, 'latin1'), most)

it.each([
  ['none', 'Subject: x\r\n\r\nbody', 0],
  ['every case and the obsolete form', 'Received: a\r\nRECEIVED: b\r\nreceived \t: c\r\n\r\n', 3],
  ['those with bare LF as well', 'Received: a\nReceived: b\n\nReceived: no', 2],
  ['neither the body', 'Received: a\r\n\r\nReceived: b\r\n', 1],
  ['nor the body after a bare LF line', 'Received: a\r\n\nReceived: b\r\n', 1],
  ['nor folded lines', 'X: a\r\n Received: b\r\n\r\n', 0],
  ['nor longer names', 'Received-SPF: a\r\nX-Received: b\r\nReceive: c\r\n', 0],
  ['in a message without a line end', 'Received:', 1],
  ['in no message at all', '', 0],
])('counts %s', (_, text, expected) => {
  expect(count(text)).toBe(expected)
})

it('stops at one more than asked for', () => {
  expect(count('Received: a\r\n'.repeat(1_000), 50)).toBe(51)
})
