import { expect, test } from 'vitest'
import { listWithheld, selectTools } from '../../src/mcp/catalogue.ts'
import { dropWithheld } from '../../src/mcp/offered.ts'
import { listTool } from '../../src/mcp/tool.ts'

const withheld = new Set(['create_inbox', 'send_message'])

test.each([
  ['Call list_inboxes. Then wait.', 'Call list_inboxes. Then wait.'],
  ['Use send_message with an address that you know.', ''],
  [
    'There is none. Call create_inbox with localPart a.b, or list_inboxes for those you have.',
    'There is none. list_inboxes for those you have.',
  ],
  ['Next: the rest of it, or send_message.', 'Next: the rest of it.'],
])('of %j an agent without these tools reads %j', (text, told) => {
  expect(dropWithheld(text, { withheld })).toBe(told)
})

test.each(['inboxes', 'messages', 'sending'])('the tools of the set %s alone name none of another', (set) => {
  const tools = selectTools([set])
  const others = listWithheld(new Set(tools.map(({ name }) => name)))
  for (const tool of tools) {
    const { name, description } = listTool(tool, others)
    expect(description.length, name).toBeGreaterThan(30)
    for (const other of others) expect(description, name).not.toContain(other)
  }
})
