/** What a person reads about the settings: the `--help` and the table of the README, both from the one table in settings.ts. */

import { OWNER_FORMS } from './owner-request.ts'
import { createSettings, nameEnvironment, type Setting } from './settings.ts'

/** The text of `inbox-mcp --help`. `dataDir` is the default on this machine. */
export function renderHelp(version: string, dataDir: string): string {
  const rows = Object.values(createSettings({ dataDir, homeDir: '' })).map((row: Setting<unknown>) => {
    const fallback = describeFallback(row, row.flag === '--data-dir' ? dataDir : undefined)
    return [`${row.flag} ${row.placeholder}`.trimEnd(), `${row.help} (${fallback})`] as const
  })
  const table = (lines: readonly (readonly [string, string])[]) => {
    const width = Math.max(...lines.map(([left]) => left.length))
    return lines.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n')
  }
  return `inbox-mcp ${version}: an MCP server that gives an LLM agent its own e-mail inboxes.

Usage: inbox-mcp [flags]        serve MCP over stdin and stdout, for an MCP client to start
       inbox-mcp demo           show inboxes at work, from the first step to the last

For the owner of the server; agents cannot do these:
${table(OWNER_FORMS.map(({ words, help }) => [words, help] as const))}

Flags, with what holds when they are not given:
${table(rows)}
  --help, -h; --version, -v

Each flag can also be an environment variable: --data-dir is ${nameEnvironment('--data-dir')}. A flag is stronger.
`
}

/** The table of the README, in Markdown, without anything of this machine in it. */
export function renderSettingsTable(): string {
  const rows = Object.values(createSettings({ dataDir: '', homeDir: '' })).map(
    (row: Setting<unknown>) =>
      `| \`${row.flag}\` | \`${nameEnvironment(row.flag)}\` | ${describeFallback(row, undefined)} | ${row.help} |`,
  )
  return ['| flag | environment | default | what it does |', '|---|---|---|---|', ...rows, ''].join('\n')
}

function describeFallback(row: Setting<unknown>, known: string | undefined): string {
  return known ?? row.fallbackText ?? String(row.fallback)
}
