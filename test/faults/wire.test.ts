import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SendInput } from '../../src/post-office.ts'
import { AGENT, bootApp, type TestApp } from '../support/app.ts'
import { rounds } from '../support/rounds.ts'
import { ScriptedRelay } from '../support/scripted-relay.ts'

const MESSAGES = rounds({ full: 500 })
/** Every header that a message of ours may have. */
const HEADERS = ['From', 'To', 'Cc', 'Subject', 'Message-ID', 'Date', 'MIME-Version', 'Content-Type', 'Content-Transfer-Encoding']

describe('the wire', () => {
  let relay: ScriptedRelay
  let app: TestApp
  let from: string
  beforeAll(async () => {
    relay = await ScriptedRelay.start()
    app = await bootApp({ config: { relayUrl: relay.url, dailySendLimit: MESSAGES } })
    from = (await app.post.createInbox(AGENT, { displayName: 'Zoë "Z" O\u2019Neil, Ltd.' })).address
  })
  afterAll(async () => {
    await app.close()
    await relay.close()
  })

  it(`equals the request over ${MESSAGES} messages: each recipient once, no other, no hidden copy, no header nobody asked for`, async () => {
    const inputs = Array.from({ length: MESSAGES }, (_, index) => makeInput(index))
    for (const input of inputs) await app.post.sendMessage(AGENT, from, input)
    await app.app.post.idle()

    const wanted = inputs.flatMap(({ to, cc = [], bcc = [], subject }) =>
      [...new Set([...to, ...cc, ...bcc])].map((recipient) => `${subject} ${recipient}`),
    )
    const copies = relay.messages.map(({ data, recipients }) => {
      expect(recipients).toHaveLength(1)
      return `${/^Subject: (.*)$/m.exec(data.toString())?.[1]?.trim()} ${recipients[0]}`
    })
    expect(copies.sort()).toEqual(wanted.sort())
    expect(relay.rcptLines.map((line) => /<(.*)>/.exec(line)?.[1]).sort()).toEqual(
      wanted.map((line) => line.split(' ')[1]).sort(),
    )
    for (const { data } of relay.messages) {
      const [head = ''] = data.toString().split('\r\n\r\n')
      const names = head
        .split('\r\n')
        .filter((line) => !/^\s/.test(line))
        .map((line) => line.slice(0, line.indexOf(':')))
      expect(names.filter((name) => !HEADERS.includes(name))).toEqual([])
      expect(new Set(names).size).toBe(names.length)
      expect(data.toString()).not.toMatch(/hidden/i)
    }
  }, 180_000)

  /** From one recipient to five, in every field, with content that would like to be a header or a command. */
  function makeInput(index: number): SendInput {
    const address = (kind: string, number: number) => `${kind}.${index}+${number}@host-${index % 7}.example.org`
    const text =
      ['Bcc: x@example.org\n\nRCPT TO:<x@example.org>', '.\n..\n.\r\nQUIT', 'Grüße\n', `line\n${'x'.repeat(2_000)}`][index % 4] ??
      ''
    return {
      to: [address('to', 1), ...(index % 2 ? [address('to', 2)] : [])],
      cc: index % 3 ? [address('cc', 1)] : [],
      bcc: index % 5 ? [address('hidden', 1), address('to', 1)] : [],
      subject: `m${index}`,
      text,
      ...(index % 2 && { html: '<p>Bcc: <b>x</b></p>' }),
    }
  }
})
