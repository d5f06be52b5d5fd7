import { createPrivateKey, createPublicKey } from 'node:crypto'
import { afterAll, describe, expect, it } from 'vitest'
import { checkSender } from '../../src/auth/check-sender.ts'
import { Dns } from '../../src/auth/dns.ts'
import { parseAddresses } from '../../src/mime/header/addresses.ts'
import { SenderVerdict } from '../../src/sender-check.ts'
import { CORPUS_NOTE } from '../support/corpus.ts'
import type { Dice } from '../support/dice.ts'
import { signMail, type TestKey } from '../support/dkim-sign.ts'
import { type Mutator, mutate, patch, rollFew, toBytes } from './fuzz/bytes.ts'
import { Campaign, report, type Turn } from './fuzz/campaign.ts'
import { mutateMail } from './fuzz/mail.ts'
import { readMailSeeds } from './fuzz/mail-seeds.ts'
import { mutateText } from './fuzz/text.ts'

const RELAY = 'mx.relay.test'
const SLOW_MS = 1_000

/** The same in each run, as is what it signs. */
const KEY = readKey(Buffer.alloc(32, 7))
const RECORDS = [
  ...[
    'v=spf1 include:x.test a mx ip4:192.0.2.0/24 -all',
    'v=spf1 redirect=%{d}.x.test',
    'v=spf1 exists:%{i}.%{l1r-}.x.test ptr ~all',
    'v=spf1 +all',
  ],
  ...[
    KEY.record,
    'v=DKIM1; k=rsa; p=',
    'v=DKIM1; t=s:y; h=sha1; s=email; p=AAAA',
    'v=DMARC1; p=reject; sp=none; adkim=s; aspf=r; pct=50; rua=mailto:a@b.test',
  ],
  ...['v=DMARC1; p=none; psd=y; np=reject', '192.0.2.1', 'x.test', '', 'a'.repeat(5_000)],
]
const TOKENS = [
  ...[
    'v=',
    'a=',
    'b=',
    'bh=',
    'c=',
    'd=',
    'h=',
    'i=',
    'l=',
    'q=',
    's=',
    't=',
    'x=',
    'z=',
    'k=',
    'p=',
    ';',
    ';;',
    '=',
    ':',
    '/',
    '"',
    '(',
    ')',
    '((',
    '\\',
    '*',
    '%{',
    '%{d',
    '%{i99r}',
    '}',
    '%%',
    '%_',
  ],
  ...[
    'rsa-sha256',
    'rsa-sha1',
    'ed25519-sha256',
    'relaxed/simple',
    'simple',
    'from:from:from',
    'dns/txt',
    '-1',
    '0',
    '99999999999999999999',
    '1e9',
    'pass',
    'fail',
    'none',
    'dkim=pass',
    'spf=pass',
  ],
  ...[
    'dmarc=pass',
    'header.from=',
    'header.d=',
    'smtp.mailfrom=',
    'reason="',
    'policy.',
    `${RELAY}; `,
    `${RELAY} 1; `,
    'include:',
    'redirect=',
    'exists:',
    'ip4:',
    'ip6:',
    'ptr',
    'a:',
    'mx:/0//0',
    '~all',
    'v=spf1 ',
  ],
]
const BYTE_TOKENS = TOKENS.map(toBytes)

const PLAIN = 'From: Ada <a@example.org>\r\nSubject: Hello\r\nTo: b@c.test\r\n\r\nHello.\r\n'
const WORD = `Authentication-Results: ${RELAY}; spf=pass smtp.mailfrom=example.org;\r\n dkim=pass (good) header.d=example.org header.i=@example.org;\r\n dmarc=pass header.from=example.org\r\n`
const SIGNED = [
  signMail(PLAIN, { key: KEY }),
  signMail(PLAIN, { key: KEY, fields: 'from:to:subject:from', tags: 't=1; x=99999999999; i=@example.org;', length: 2 }),
  `${WORD}Received: from x by ${RELAY}; Tue, 24 Nov 2026 12:00:00 +0000\r\n${PLAIN}`,
  `${WORD}${WORD}Received: from x\r\n${signMail(PLAIN, { key: KEY })}`,
]

function readKey(seed: Buffer): TestKey {
  // RFC 8410 section 7: what stands before the 32 bytes of such a key.
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed])
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  const published = createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).subarray(-32)
  return { privateKey, record: `v=DKIM1; k=ed25519; p=${published.toString('base64')}` }
}

/** A DNS of the sender: silent, or with records that the dice make. */
class DiceDns extends Dns {
  readonly #dice: Dice
  readonly isAnswering: boolean

  constructor(dice: Dice) {
    super(null)
    this.#dice = dice
    this.isAnswering = dice.roll(2) === 0
  }

  override async ask(name: string, type: string): ReturnType<Dns['ask']> {
    if (!this.isAnswering) throw Object.assign(new Error('silence'), { code: 'ETIMEOUT' })
    if (name === '.') return { records: ['a.root.test'] }
    if (this.#dice.roll(3) === 0) return { absence: this.#dice.pick(['ENODATA', 'ENOTFOUND']) }
    const text = () => mutateText(this.#dice, RECORDS, TOKENS)
    const records = Array.from({ length: rollFew(this.#dice, 4) }, () =>
      this.#dice.roll(3) === 0 ? this.#dice.pick(RECORDS) : text(),
    )
    if (type === 'TXT') return { records: records.map((record) => record.match(/[\s\S]{1,255}/g) ?? ['']) }
    return { records: type === 'MX' ? records.map((exchange, priority) => ({ exchange, priority })) : records }
  }
}

const insertTokens: Mutator = (mail, dice) => {
  const end = Math.max(0, mail.indexOf('\r\n\r\n'))
  return patch(mail, dice.roll(end + 1), dice.roll(3), dice.pick(BYTE_TOKENS))
}

describe(`the check of a sender${CORPUS_NOTE}`, () => {
  const campaign = new Campaign('sender', 11_000)
  const seeds = [
    ...SIGNED,
    ...SIGNED,
    ...SIGNED,
    ...SIGNED,
    ...readMailSeeds(['mail']).filter((mail) => /^(?:dkim-signature|authentication-results|arc-)/im.test(mail)),
  ]
  afterAll(() => report(campaign.summary()))

  async function attack(turn: Turn): Promise<void> {
    const { dice } = turn
    const raw =
      dice.roll(2) === 0 ? mutateMail(dice, seeds) : Buffer.from(mutate(dice.pick(seeds), [insertTokens], dice, seeds), 'latin1')
    const dns = new DiceDns(dice)
    const isRelayed = dice.roll(2) === 0
    const from = parseAddresses(/^from:(.{0,300})/im.exec(raw.toString('latin1'))?.[1] ?? '', 1).addresses[0]?.address ?? ''
    const mail = {
      raw: new Uint8Array(raw),
      envelopeFrom: dice.roll(2) === 0 ? 'a@example.org' : mutateText(dice, ['a@example.org', ''], TOKENS),
      helo: dice.roll(2) === 0 ? 'mail.example.org' : mutateText(dice, ['mail.example.org'], TOKENS),
      remoteAddress: isRelayed
        ? '127.0.0.1'
        : dice.pick(['192.0.2.1', '2001:db8::1', '8.8.8.8', '2606:4700::1', '::ffff:8.8.8.8']),
      fromAddress: from,
      receivedAt: Date.UTC(2026, 10, 24),
      dnsBudgetMs: 60_000,
    }
    campaign.fault(turn, raw, await findFaults(mail, dns, isRelayed ? RELAY : null, raw))
  }

  async function findFaults(
    mail: Parameters<typeof checkSender>[0],
    dns: DiceDns,
    relay: string | null,
    raw: Buffer,
  ): Promise<string[]> {
    const before = process.threadCpuUsage()
    try {
      const verdict = await checkSender(mail, dns, relay)
      const { user, system } = process.threadCpuUsage(before)
      const ms = (user + system) / 1_000
      campaign.count(verdict === null ? 'nobody could look' : `said by ${verdict.source}`)
      if (verdict === null) return ms > SLOW_MS ? [`${ms} ms of processor time`] : []
      const isBySilence = !dns.isAnswering && verdict.source === 'dns'
      return [
        ...(SenderVerdict.safeParse(verdict).success ? [] : [`verdict ${JSON.stringify(verdict)}`]),
        ...(isBySilence ? ['a verdict from a DNS that said nothing'] : []),
        ...(verdict.source === 'relay' && !raw.toString('latin1').toLowerCase().includes(RELAY) ? ['the word of another'] : []),
        ...(verdict.alignedDomain !== null && !mail.fromAddress.toLowerCase().endsWith(verdict.alignedDomain)
          ? ['aligned with another']
          : []),
        ...(ms > SLOW_MS ? [`${Math.round(ms)} ms of processor time`] : []),
      ]
    } catch (error) {
      return [`threw ${error instanceof Error ? error.stack : String(error)}`]
    }
  }

  it('ends, and says no more than it knows, whatever mail and DNS say', { timeout: 900_000 }, async () => {
    for (const turn of campaign.turns()) await attack(turn)
    expect(campaign.faults).toEqual([])
  })
})
