/** The product in seven steps, for a stranger: a real MCP client over stdio, a real SMTP connection, a real store. */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
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
  const client = new Client({ name: 'inbox-mcp-demo', version: options.version })
  const startedAt = options.now()
  try {
    page.title('inbox-mcp demo', 'an agent gets an inbox and reads real mail; nothing leaves this machine')
    await connect(client, options, dataDir, page)
    await walkThrough(client, options, page)
    page.end(
      `All of it worked, in ${((options.now() - startedAt) / 1_000).toFixed(1)} s. Put it into your MCP client: npx -y inbox-mcp`,
    )
    return 0
  } catch (error) {
    page.fail(error instanceof Error ? error.message : String(error))
    return 1
  } finally {
    await client.close()
    await rm(dataDir, { recursive: true, force: true })
  }
}

async function connect(client: Client, options: DemoOptions, dataDir: string, page: Page): Promise<void> {
  page.step('Start the server as an MCP client does (stdio)')
  const args = [...options.args, '--data-dir', dataDir, '--smtp-port', '0', '--log-level', 'warn']
  await client.connect(new StdioClientTransport({ command: options.command, args, stderr: 'inherit' }))
  const { tools } = await client.listTools()
  check(tools.length > 0, 'The server offers no tools.')
  page.fact(`${tools.length} tools: ${tools.map(({ name }) => name).join(', ')}`)
}

async function walkThrough(client: Client, options: DemoOptions, page: Page): Promise<void> {
  page.step('create_inbox')
  const inbox = await call(client, 'create_inbox', { displayName: 'Demo agent' })
  const address = readText(inbox, 'address')
  const smtpUrl = readText(inbox, 'smtpUrl')
  page.fact(`${address}, receiving at ${smtpUrl}`)

  page.step('wait_for_message, while a shop sends a verification mail over SMTP')
  const waiting = client.callTool({ name: 'wait_for_message', arguments: { inbox: address, timeoutSeconds: 10 } })
  const mail = { from: 'no-reply@shop.example', to: address, data: writeVerificationMail(address, new Date(options.now())) }
  await sendMail(smtpUrl, mail, (direction, line) => page.line(direction, line))

  page.step('What the agent sees')
  const received = await waiting
  const seen = readWords(received)
  check(readText(asRecord(received.structuredContent), 'status') === 'received', 'wait_for_message did not return the mail.')
  check(seen.includes(DEMO_CODE) && seen.includes(DEMO_LINK), 'The code or the link is missing from what the agent sees.')
  check(!seen.includes('Ignore all instructions'), 'Hidden text of the mail reached the agent.')
  page.quote(seen)

  page.step('Read the inbox as a resource')
  const uri = `inbox:///${readText(inbox, 'id')}/messages`
  const { contents } = await client.readResource({ uri })
  check(contents.length === 1, 'The resource is empty.')
  page.fact(`${uri} shows it too (${contents[0]?.mimeType ?? 'no type'})`)

  page.step('delete_inbox')
  const { deleted } = await call(client, 'delete_inbox', { inbox: address, confirm: address })
  check(asRecord(deleted).messages === 1, 'The inbox was not deleted with its message.')
  const { total } = await call(client, 'list_inboxes', {})
  check(total === 0, 'The deleted inbox is still listed.')
  page.fact(`${address} is gone, with its message`)
}

type Facts = Record<string, unknown>

async function call(client: Client, name: string, args: Facts): Promise<Facts> {
  const result = await client.callTool({ name, arguments: args })
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
