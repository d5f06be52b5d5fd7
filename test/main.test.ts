import { describe, expect, it } from 'vitest'
import { main } from '../src/main.ts'

/** What `process.exit` throws here, since this process goes on. */
class Exit extends Error {
  readonly code: number
  constructor(code: number) {
    super(`exit ${code}`)
    this.code = code
  }
}

/** Runs the program in this process up to its end by `process.exit`. test/process/stdio.test.ts does the same with real processes. */
async function run(args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const written = { stdout: '', stderr: '' }
  const collect = (name: keyof typeof written) => ({
    write: (text: string) => {
      written[name] += text
    },
  })
  const stand: NodeJS.Process = Object.create(process, {
    argv: { value: ['node', 'inbox-mcp', ...args] },
    stdout: { value: collect('stdout') },
    stderr: { value: collect('stderr') },
    exit: {
      value: (code: number) => {
        throw new Exit(code)
      },
    },
  })
  const end = await main(stand).then(
    () => null,
    (error: unknown) => error,
  )
  if (!(end instanceof Exit)) throw new Error('did not exit', { cause: end })
  return { code: end.code, ...written }
}

describe('the program refuses to start in one line with exit code 2', () => {
  it.each([
    [['--no-such-flag']],
    [['--smtp-port', 'http']],
    [['--smtp-port', '65536']],
    [['--toolsets', 'everything']],
    [['--log-level', 'loud']],
    [['--data-dir', '/proc/inbox-mcp']],
    [['--data-dir', '/dev/null']],
    [['--domain', 'not a domain']],
    [['--tls-cert', '/nowhere.pem']],
    [['serve-me']],
  ])('%j', async (args) => {
    const { code, stdout, stderr } = await run(args)
    expect(code).toBe(2)
    expect(stderr).toMatch(/^inbox-mcp: [^\n]+\n$/)
    expect(stdout).toBe('')
  })
})
