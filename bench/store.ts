/**
 * How much mail a second the store makes durable: `node bench/store.ts [seconds] [callers]`. Needs no network; writes below the
 * system's temporary directory.
 */

import { createHash, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { v7 as uuidv7 } from 'uuid'
import { SILENT_LOG } from '../src/log.ts'
import { NO_FACTS } from '../src/mail-facts.ts'
import type { Envelope, Recipient } from '../src/model.ts'
import type { ParsedMail } from '../src/parser.ts'
import { INDEX_DELAY_MS } from '../src/search/limits.ts'
import { openStore } from '../src/sql/store.ts'
import type { IncomingMail, Store } from '../src/store.ts'
import { AGENT, makeInbox, pick } from './inboxes.ts'

const MAIL_BYTES = 2_048
const INBOXES = 100

const seconds = Number(process.argv[2] ?? 3)
const callers = Number(process.argv[3] ?? 50)

const PARSED: ParsedMail = {
  fromAddress: 'shop@example.org',
  fromName: 'The Shop',
  replyToAddresses: [],
  toAddresses: ['somebody@agents.localhost'],
  ccAddresses: [],
  subject: 'Your code is 123456',
  messageIdHeader: null,
  inReplyTo: null,
  references: [],
  sentAt: 1_700_000_000_000,
  bodyText: Array.from({ length: 150 }, (_, index) => `word${(index * index) % 97}`).join(' '),
  bodyHtml: null,
  attachments: [],
  automatic: null,
  problems: [],
  facts: NO_FACTS,
}

let indexing: Promise<void> | null = null
const dir = mkdtempSync(join(tmpdir(), 'inbox-mcp-bench-'))
const store = await openStore({ file: join(dir, 'inbox.sqlite'), log: SILENT_LOG })
try {
  const recipients = await makeRecipients(store)
  await measure('accept', async () => {
    await store.acceptMail(makeMail(recipients))
  })
  await measure('look up, accept, confirm, file', () => receive(store, recipients))
  while (await store.indexMessages());
  await measure('the same, and index behind it', async () => {
    await receive(store, recipients)
    indexBehind(store)
  })
  await indexing
  await measure('take', async () => {
    await store.takeMessage(AGENT, pick(recipients).inboxId, {}, 0)
  })
  await measure('list 20', async () => {
    await store.listMessages(AGENT, pick(recipients).inboxId, { after: null, page: { limit: 20, offset: 0 } })
  })
} finally {
  await store.close()
  rmSync(dir, { recursive: true })
}

async function receive(into: Store, recipients: readonly Recipient[]): Promise<void> {
  const mail = makeMail(recipients)
  await into.findRecipient(mail.envelope.recipients[0]?.address ?? '')
  await into.acceptMail(mail)
  const parsed = { ...PARSED, messageIdHeader: `<${mail.id}@example.org>` }
  const ids = [{ messageId: uuidv7(), threadId: uuidv7() }]
  await Promise.all([into.confirmMail([mail.id]), into.fileMail(mail.id, parsed, ids, Date.now())])
}

/** As a server does: once in a while, all that has come since. */
function indexBehind(into: Store): void {
  indexing ??= (async () => {
    await setTimeout(INDEX_DELAY_MS)
    while (await into.indexMessages());
    indexing = null
  })()
}

async function measure(name: string, step: () => Promise<void>): Promise<void> {
  const startedAt = performance.now()
  const cpu = process.cpuUsage()
  let steps = 0
  const call = async (): Promise<void> => {
    while (performance.now() - startedAt < seconds * 1_000) {
      await step()
      steps += 1
    }
  }
  await Promise.all(Array.from({ length: callers }, call))
  const elapsedMs = performance.now() - startedAt
  const { user, system } = process.cpuUsage(cpu)
  const perSecond = Math.round((steps / elapsedMs) * 1_000)
  const cpuUs = Math.round((user + system) / steps)
  process.stdout.write(`${name.padEnd(32)} ${perSecond} a second, ${cpuUs} us of CPU each, ${callers} callers\n`)
}

async function makeRecipients(into: Store): Promise<Recipient[]> {
  const inboxes = await Promise.all(Array.from({ length: INBOXES }, (_, index) => into.createInbox(AGENT, makeInbox(index))))
  return inboxes.map(({ inbox }) => ({ inboxId: inbox.id, address: inbox.address, tag: null }))
}

function makeMail(recipients: readonly Recipient[]): IncomingMail {
  const raw = Buffer.alloc(MAIL_BYTES, 'a')
  raw.write(randomUUID())
  const contentHash = createHash('sha256').update(raw).digest('hex')
  const envelope: Envelope = {
    from: 'shop@example.org',
    recipients: [pick(recipients)],
    helo: 'shop.example.org',
    remoteAddress: '127.0.0.1',
    receivedAt: Date.now(),
  }
  return {
    id: uuidv7(),
    envelope,
    raw,
    contentHash,
    fingerprint: createHash('sha256').update(contentHash).digest('hex'),
    openIds: [],
    leaseOwner: 'bench',
    leaseUntil: Date.now() + 60_000,
  }
}
