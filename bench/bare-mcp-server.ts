/** The least MCP server that the SDK makes: one tool that answers two words. What a call costs beyond that is ours. */

import { Server } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'

serveStdio(() => {
  const server = new Server({ name: 'bare', version: '1' }, { capabilities: { tools: {} } })
  server.setRequestHandler('tools/list', () => ({ tools: [{ name: 'say', inputSchema: { type: 'object' } }] }))
  server.setRequestHandler('tools/call', () => ({
    content: [{ type: 'text', text: 'well said' }],
    structuredContent: { said: 'well' },
  }))
  return server
})
