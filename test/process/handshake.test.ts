import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { VERSION } from '../../src/version.ts'
import { ENVELOPE } from '../support/mcp-raw.ts'
import { type ServerProcess, startServer } from '../support/server-process.ts'

const SERVER_INFO = { name: 'inbox-mcp', title: 'Agent inboxes', version: VERSION }

describe('the program as it is installed answers', () => {
  let root: string
  let server: ServerProcess
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'inbox-mcp-handshake-'))
  })
  afterAll(() => rm(root, { recursive: true, force: true }))
  afterEach(async () => {
    server.child.kill('SIGKILL')
    await server.exited
  })

  function start(name: string): void {
    server = startServer(['--data-dir', join(root, name), '--smtp-port', '0'])
  }

  it.each(['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'])('initialize at %s, and a call after it', async (version) => {
    start(version)
    expect(await server.initialize(version)).toMatchObject({
      protocolVersion: version,
      serverInfo: SERVER_INFO,
      instructions: expect.stringContaining('create_inbox'),
    })
    const made = await server.call('create_inbox', {})
    expect(made).toMatchObject({ smtpUrl: expect.stringMatching(/^smtp:/), cursor: 0 })
    expect(await server.call('list_inboxes', {})).toMatchObject({ total: 1, data: [{ id: made.id }] })
  })

  it('server/discover at 2026-07-28, and a call after it', async () => {
    start('2026-07-28')
    const found = await server.request('server/discover', { _meta: ENVELOPE })
    expect(found).toMatchObject({ supportedVersions: ['2026-07-28'], instructions: expect.stringContaining('create_inbox') })
    expect(found._meta).toMatchObject({ 'io.modelcontextprotocol/serverInfo': SERVER_INFO })
    const made = await server.request('tools/call', { name: 'create_inbox', arguments: {}, _meta: ENVELOPE })
    expect(made).toMatchObject({ resultType: 'complete', structuredContent: { smtpUrl: expect.stringMatching(/^smtp:/) } })
  })
})
