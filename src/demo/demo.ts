/** The product step by step, for a stranger: real MCP clients over stdio, real SMTP connections, a real store. */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { startBouncingRelay } from './bouncing-relay.ts'
import { Page } from './page.ts'
import { sendMail } from './send-mail.ts'
import { DEMO_CODE, DEMO_LINK, writeVerificationMail } from './verification-mail.ts'

/** How the demo reaches its server and its reader. */
export type DemoOptions = {
  /** Program and arguments that start inbox-mcp as a client would. */
  command: string
  args: readonly string[]
  version: string
  write: (text: string) => void
  /** Whether the reader's terminal shows colours. */
  colours: boolean
  now: () => number
}

/** Runs every step. Answers the exit code: 0 only if each did what it should. */
export async function runDemo(options: DemoOptions): Promise<number> {
  const page = new Page(options.write, options.colours)
  const dataDir = await mkdtemp(join(tmpdir(), 'inbox-mcp-demo-'))
  const startedAt = options.now()
  const smtp = { url: '' }
  const relayFailure = Promise.withResolvers<never>()
  const relay = await startBouncingRelay(
    () => smtp.url,
    (error) => relayFailure.reject(new Error(`the relay of the demo: ${error.message}`)),
  )
  const clients: Client[] = []
  const start = async (agent: string) => {
    const client = new Client({ name: 'inbox-mcp-demo', version: options.version })
    clients.push(client)
    const settings = [
      '--data-dir',
      dataDir,
      '--agent',
      agent,
      '--smtp-port',
      '0',
      '--relay-url',
      relay.url,
      '--log-level',
      'warn',
    ]
    const args = [...options.args, ...settings]
    await client.connect(new StdioClientTransport({ command: options.command, args, stderr: 'inherit' }), PATIENCE)
    return client
  }
  try {
    page.title('inbox-mcp demo', 'agents get inboxes, read real mail and write to each other; nothing leaves this machine')
    // One outcome: what breaks at the relay once the steps are done is only the clients going.
    await Promise.race([takeSteps(start, smtp, options, page), relayFailure.promise])
    const seconds = ((options.now() - startedAt) / 1_000).toFixed(1)
    page.end(`All of it worked, in ${seconds} s. Put it into your MCP client: ${findCommand(options)}`)
    return 0
  } catch (error) {
    page.fail(error instanceof Error ? error.message : String(error))
    return 1
  } finally {
    await Promise.all(clients.map((client) => client.close()))
    await relay.close()
    // A server that is still ending may write meanwhile.
    await rm(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }
}

/** For a machine that is busy: no step fails because it is slow. */
const PATIENCE = { timeout: 600_000 }
/** The most one wait may take; over as soon as what it waits for is there. */
const WAIT_SECONDS = 50

type Start = (agent: string) => Promise<Client>

async function takeSteps(start: Start, smtp: { url: string }, options: DemoOptions, page: Page): Promise<void> {
  const ada = await startFirst(start, page)
  const inbox = await receiveMail(ada, smtp, options, page)
  await writeToEachOther(ada, await start('bob'), inbox, page)
  await learnOfBounce(ada, inbox, page)
  await cleanUp(ada, inbox, page)
}

/** An inbox of the demo. */
type DemoInbox = { id: string; address: string }

async function startFirst(start: Start, page: Page): Promise<Client> {
  page.step('Start the server as an MCP client does (stdio)')
  const client = await start('ada')
  const { tools } = await client.listTools({}, PATIENCE)
  check(tools.length > 0, 'The server offers no tools.')
  page.fact(`${tools.length} tools: ${tools.map(({ name }) => name).join(', ')}`)
  return client
}

async function receiveMail(client: Client, smtp: { url: string }, options: DemoOptions, page: Page): Promise<DemoInbox> {
  page.step('create_inbox')
  const inbox = await call(client, 'create_inbox', { displayName: 'Ada' })
  const address = readText(inbox, 'address')
  smtp.url = readText(inbox, 'smtpUrl')
  page.fact(`${address}, receiving at ${smtp.url}`)

  page.step('wait_for_message, while a shop sends a verification mail over SMTP')
  const waiting = waitForMessage(client, address)
  const mail = { from: 'no-reply@shop.example', to: address, data: writeVerificationMail(address, new Date(options.now())) }
  // Together, so that neither is left alone when the other fails.
  const [received] = await Promise.all([waiting, sendMail(smtp.url, mail, (direction, line) => page.line(direction, line))])

  page.step('What the agent sees')
  const seen = readWords(received)
  check(readText(asRecord(received.structuredContent), 'status') === 'received', 'wait_for_message did not return the mail.')
  check(seen.includes(DEMO_CODE) && seen.includes(DEMO_LINK), 'The code or the link is missing from what the agent sees.')
  check(!seen.includes('Ignore all instructions'), 'Hidden text of the mail reached the agent.')
  page.quote(seen)

  page.step('Read the inbox as a resource')
  const id = readText(inbox, 'id')
  const uri = `inbox:///${id}/messages`
  const { contents } = await client.readResource({ uri }, PATIENCE)
  check(contents.length === 1, 'The resource is empty.')
  page.fact(`${uri} shows it too (${contents[0]?.mimeType ?? 'no type'})`)
  return { id, address }
}

async function writeToEachOther(ada: Client, bob: Client, inbox: DemoInbox, page: Page): Promise<void> {
  page.step('send_message to another agent, who answers with reply_to_message')
  const other = await call(bob, 'create_inbox', { displayName: 'Bob' })
  const to = readText(other, 'address')
  const sent = await call(ada, 'send_message', { inbox: inbox.address, to: [to], subject: 'Lunch?', text: 'At noon?' })
  page.fact(`${inbox.address} wrote to ${to}`)
  const question = await call(bob, 'wait_for_message', { inbox: to, timeoutSeconds: WAIT_SECONDS })
  check(readText(question, 'status') === 'received', 'The message did not reach the other agent.')
  await call(bob, 'reply_to_message', { inbox: to, messageId: readText(asRecord(question.message), 'id'), text: 'Yes, at noon.' })
  const answer = await waitForMessage(ada, inbox.address)
  const facts = asRecord(answer.structuredContent)
  check(readText(facts, 'status') === 'received', 'The answer did not come back.')
  check(
    readText(asRecord(facts.message), 'threadId') === readText(sent, 'threadId'),
    'The answer is not in the thread of the question.',
  )
  page.fact('the answer came back, in the thread of the question')
}

async function learnOfBounce(client: Client, inbox: DemoInbox, page: Page): Promise<void> {
  page.step('send_message to nobody, through a relay; the bounce comes back')
  const mail = { inbox: inbox.address, to: ['nobody@shop.example'], subject: 'Hello?', text: 'Is anybody there?' }
  const sent = await call(client, 'send_message', mail)
  const about = { inbox: inbox.address, for: 'delivery', messageId: readText(sent, 'id') }
  let status = ''
  let after = 0
  while (status !== 'bounced') {
    const news = await call(client, 'wait_for_message', { ...about, after, timeoutSeconds: WAIT_SECONDS })
    check(readText(news, 'status') === 'news', 'No bounce came back.')
    after = Number(news.deliveryCursor)
    status = readText(asRecord(news.message), 'status')
    page.fact(`the message is now: ${status}`)
  }
  const quota = await call(client, 'check_quota', { inbox: inbox.address })
  check(quota.bounceCount === 1, 'The bounce was not counted.')
  page.fact(`check_quota: ${quota.sendsToday} of ${quota.dailySendLimit} sent today, ${quota.bounceCount} bounce`)
}

async function cleanUp(client: Client, { address }: DemoInbox, page: Page): Promise<void> {
  page.step('delete_inbox')
  const { deleted } = await call(client, 'delete_inbox', { inbox: address, confirm: address })
  check(Number(asRecord(deleted).messages) > 0, 'The inbox was not deleted with its messages.')
  const { total } = await call(client, 'list_inboxes', {})
  check(total === 0, 'The deleted inbox is still listed.')
  page.fact(`${address} is gone, with its messages`)
}

/** What starts this program again: by npx what came from npm, by its files a clone. */
export function findCommand({ command, args }: Pick<DemoOptions, 'command' | 'args'>): string {
  if (args.some((path) => /[/\\]node_modules[/\\]inbox-mcp[/\\]/.test(path))) return 'npx -y inbox-mcp'
  return [command, ...args].map((word) => (/\s/.test(word) ? `"${word}"` : word)).join(' ')
}

type Facts = Record<string, unknown>

function waitForMessage(client: Client, inbox: string) {
  return client.callTool({ name: 'wait_for_message', arguments: { inbox, timeoutSeconds: WAIT_SECONDS } }, PATIENCE)
}

async function call(client: Client, name: string, args: Facts): Promise<Facts> {
  const result = await client.callTool({ name, arguments: args }, PATIENCE)
  check(result.isError !== true, `${name} failed: ${readWords(result)}`)
  return asRecord(result.structuredContent)
}

function readWords(result: { content?: readonly unknown[] | undefined }): string {
  const texts = (result.content ?? []).map((part) => asRecord(part).text)
  return texts.filter((text) => typeof text === 'string').join('\n')
}

function asRecord(value: unknown): Facts {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function readText(facts: Facts, name: string): string {
  const value = facts[name]
  check(typeof value === 'string', `The answer has no ${name}.`)
  return value
}

function check(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Error(otherwise)
}
