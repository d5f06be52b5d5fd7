/** Which Node runs this. Older ones crash in better-sqlite3 with a segmentation fault, so they are told so before it loads. */

/** `engines.node` of package.json: 22.19. */
export const LEAST_NODE = [22, 19] as const

/** Why this Node version (such as `v20.1.0`) is too old, in one line; empty when it is not. */
export function explainOldNode(version: string): string {
  const parts = version.replace(/^v/, '').split('.').map(Number)
  const major = parts[0] || 0
  const minor = parts[1] || 0
  if (major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1])) return ''
  return `inbox-mcp needs Node ${LEAST_NODE.join('.')} or newer, this is ${version}. Install it from https://nodejs.org, or name its full path as the command in your MCP client.`
}
