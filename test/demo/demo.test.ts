import { expect, test } from 'vitest'
import { findCommand } from '../../src/demo/demo.ts'

test.each([
  ['/usr/bin/node', '/home/ada/inbox-mcp/dist/cli.js', '/usr/bin/node /home/ada/inbox-mcp/dist/cli.js'],
  ['/usr/bin/node', '/home/ada/my code/dist/cli.js', '/usr/bin/node "/home/ada/my code/dist/cli.js"'],
  ['/usr/bin/node', '/home/ada/.npm/_npx/1/node_modules/inbox-mcp/dist/cli.js', 'npx -y inbox-mcp'],
  ['node.exe', 'C:\\npm\\node_modules\\inbox-mcp\\dist\\cli.js', 'npx -y inbox-mcp'],
])('started as %s %s, the demo ends with a command that starts it there', (command, path, words) => {
  expect(findCommand({ command, args: [path] })).toBe(words)
})
