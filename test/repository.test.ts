import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import manifest from '../package.json' with { type: 'json' }
import { renderLimitsTable } from '../scripts/limits-table.ts'
import { replaceSection } from '../scripts/sections.ts'
import { selectTools } from '../src/mcp/catalogue.ts'
import { DeliveryState } from '../src/model.ts'
import { explainOldNode, LEAST_NODE } from '../src/node-version.ts'
import { COMMAND_FLAGS, OWNER_FORMS } from '../src/owner-request.ts'
import { createSettings, nameEnvironment, TOOLSETS } from '../src/settings.ts'
import { renderSettingsTable } from '../src/usage.ts'
import { VERSION } from '../src/version.ts'
import { FIRST_SUITE, LONGEST_FAULTS, longestFirst, SECOND_SUITE, THIRD_SUITE } from './support/suites.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const SET_UP_LINES = ['npm ci && npm run demo', 'npm ci && npm test']
const readme = read('README.md')

describe('README.md', () => {
  test('opens with what this is, and then the two lines that set everything up', () => {
    expect(readme).toMatch(/^# inbox-mcp\n\n[^#`|]+\n\n[^#`|]+\n\n```sh\n/)
    expect(/```sh\n([\s\S]*?)\n```/.exec(readme)?.[1]?.split('\n')).toEqual(SET_UP_LINES)
  })

  test('shows the settings and limits that the sources have', () => {
    expect(replaceSection(readme, 'settings', renderSettingsTable())).toBe(readme)
    expect(replaceSection(readme, 'limits', renderLimitsTable())).toBe(readme)
  })

  test('names every tool that is offered, in order, and no other', () => {
    const named = [...readme.matchAll(/^\| `([a-z]+_[a-z_]+)` \|/gm)].map((match) => match[1])
    expect(named).toEqual(selectTools(TOOLSETS).map((tool) => tool.name))
  })

  test('says of every state of a delivery what it means, in the order of the model', () => {
    const rows = /\| state \| what it means \|\n.*\n((?:\|.*\n)+)/.exec(readme)?.[1] ?? ''
    expect([...rows.matchAll(/^\| `([a-z]+)` \| \S/gm)].map((match) => match[1])).toEqual(DeliveryState.options)
  })

  test('shows every command of the owner, as the program takes it', () => {
    const shown = [...readme.matchAll(/\n```\n((?:inbox-mcp .*\n)+)```\n/g)].flatMap(
      (block) => block[1]?.trimEnd().split('\n') ?? [],
    )
    expect(shown.toSorted()).toEqual(OWNER_FORMS.map(({ words }) => `inbox-mcp ${words}`).toSorted())
  })

  test('names flags that exist, and only such', () => {
    const table = renderSettingsTable()
    const flags = new Set(readme.match(/(?<=[`\s])--[a-z][a-z-]+(?=[`\s])/g))
    const others = ['--from', '--to', '--server', '--mail-from', '--mail-rcpt', '--upload-file', '--help', '--', ...COMMAND_FLAGS]
    expect([...flags].filter((flag) => !table.includes(`\`${flag}\``) && !others.includes(flag))).toEqual([])
  })

  test('has examples that are valid JSON, start the program alike and set what can be set', () => {
    const examples = [...readme.matchAll(/```json\n([\s\S]*?)```/g)].map((match) => JSON.parse(match[1] ?? ''))
    const servers = [...examples, JSON.parse(read('mcp.json.example'))].map(
      (example) => (example.mcpServers ?? example.servers).inbox,
    )
    expect(servers.length).toBeGreaterThanOrEqual(4)
    const settings = Object.values(createSettings({ dataDir: '', homeDir: '' })).map(({ flag }) => nameEnvironment(flag))
    for (const { command, args, env = {} } of servers) {
      expect([command, ...args]).toEqual(['npx', '-y', manifest.name])
      expect(settings).toEqual(expect.arrayContaining(Object.keys(env)))
    }
  })

  test.each(['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', 'bench/README.md'])(
    '%s links only to files and headings that exist',
    (path) => {
      const text = read(path)
      for (const [, target = ''] of text.matchAll(/\]\((?!https?:)([^)]+)\)/g)) {
        const [file = '', heading] = target.split('#')
        const linked = file === '' ? text : statSync(join(ROOT, path, '..', file)).isFile() ? read(join(path, '..', file)) : ''
        const headings = [...linked.matchAll(/^#+ (.+)$/gm)].map((match) => match[1]?.toLowerCase().replaceAll(' ', '-'))
        if (heading !== undefined) expect(headings, target).toContain(heading)
      }
    },
  )
})

describe('package.json', () => {
  test('has better-sqlite3 as the one runtime dependency, and every version exact', () => {
    expect(Object.keys(manifest.dependencies)).toEqual(['better-sqlite3'])
    for (const version of Object.values({ ...manifest.dependencies, ...manifest.devDependencies })) {
      expect(version).toMatch(/^\d+\.\d+\.\d+$/)
    }
  })

  test('asks for the Node that the program asks for', () => {
    expect(manifest.engines.node).toBe(`>=${LEAST_NODE.join('.')}`)
  })

  test('lets only the package node run a script at installation', () => {
    expect(Object.entries(manifest.allowScripts).filter(([, allowed]) => allowed)).toEqual([['node', true]])
    expect(read('.npmrc')).toMatch(/^strict-allow-scripts=true$/m)
  })

  test('has the version that the program says and the changelog knows', () => {
    expect(VERSION).toBe(manifest.version)
    expect(read('CHANGELOG.md')).toContain(`## [${VERSION}]`)
  })
})

describe('.ci/run', () => {
  const script = read('.ci/run')

  test('runs the test command of the README, word for word', () => {
    expect(script.split('\n')).toContain('npm ci && npm test')
  })

  test('runs and counts the first two suites and all of the third but its floods; together they have every test file', () => {
    for (const command of ['npm ci && npm test', 'npm run test:faults', 'npm run test:hostile -- fuzz smuggling oddities']) {
      expect(script).toContain(`\n${command}\ncount '${command}' $? "$TEST_REPORT_FILE"\n`)
    }
    const find = ({ include, exclude }: { include: string[]; exclude?: string[] }) =>
      globSync(include, { cwd: ROOT, exclude: exclude ?? [] })
    const inSuites = [FIRST_SUITE, SECOND_SUITE, THIRD_SUITE].flatMap((suite) => find(suite))
    expect(new Set(inSuites)).toEqual(new Set(find({ include: ['test/**/*.test.ts'] })))
    const byHand = find(THIRD_SUITE).filter((path) => !/fuzz|smuggling|oddities/.test(path))
    expect(byHand.sort()).toEqual(['test/hostile/floods.test.ts', 'test/hostile/mcp-flood.test.ts'])
    expect(find(FIRST_SUITE)).toContain('test/program.test.ts')
    const files = find(SECOND_SUITE).map((path) => ({ moduleId: join(ROOT, path) }))
    // By name, so that none that is renamed comes last.
    expect(
      longestFirst(files)
        .slice(0, 6)
        .map(({ moduleId }) => basename(moduleId, '.test.ts')),
    ).toEqual(LONGEST_FAULTS)
  })

  test('can be run', () => {
    expect(statSync(join(ROOT, '.ci/run')).mode & 0o111).toBe(0o111)
    expect(script.startsWith('#!/usr/bin/env bash\n')).toBe(true)
  })
})

describe('docs/decisions', () => {
  const names = readdirSync(join(ROOT, 'docs/decisions')).sort()

  test('are numbered without a gap', () => {
    expect(names.map((name) => name.slice(0, 5))).toEqual(names.map((_, index) => `${String(index + 1).padStart(4, '0')}-`))
  })

  test.each(names)('%s says context, decision and consequence', (name) => {
    const text = read(join('docs/decisions', name))
    expect(text.match(/^#+ .*$/gm)).toEqual([
      expect.stringMatching(new RegExp(`^# ${Number(name.slice(0, 4))}\\. `)),
      '## Context',
      '## Decision',
      '## Consequence',
    ])
  })
})

describe('on an older Node', () => {
  test.each([
    ['v18.20.4', true],
    ['v20.20.2', true],
    ['v22.18.0', true],
    ['v22.19.0', false],
    ['v22.19.0-nightly', false],
    ['v23.0.0', false],
    ['v24.21.0', false],
    ['v26.0.0', false],
    ['v100.1.0', false],
    ['nonsense', true],
  ])('%s is too old: %s', (version, tooOld) => {
    expect(explainOldNode(version) !== '').toBe(tooOld)
  })

  test('the program says so in one line and exits with 2, with nothing else loaded', async () => {
    const pretend = `data:text/javascript,Object.defineProperty(process,'version',{value:'v20.1.0'})`
    const { code, stdout, stderr } = await runCli(['--import', pretend], ['--version'])
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^inbox-mcp needs Node 22\.19 or newer, this is v20\.1\.0\.[^\n]*\n$/)
  })

  test('the built program parses there: no static import, no syntax of later years', () => {
    const cli = read('dist/cli.js')
    expect(cli.startsWith('#!/usr/bin/env node\n')).toBe(true)
    expect(cli).not.toMatch(/^import[^(]/m)
    expect(cli).not.toMatch(/\?\?|\?\.|\|\|=|&&=|^\s*await |#[a-z]\w* *[=(]/m)
    expect(statSync(join(ROOT, 'dist/cli.js')).mode & 0o111).toBe(0o111)
  })
})

describe('the built program', () => {
  test('answers --version and --help on stdout', async () => {
    expect(await runCli([], ['--version'])).toEqual({ code: 0, stdout: `${VERSION}\n`, stderr: '' })
    expect(await runCli([], ['--help'])).toMatchObject({ code: 0, stdout: expect.stringContaining('--data-dir'), stderr: '' })
  })

  test('ends with one line and 2 when a setting is wrong', async () => {
    const { code, stdout, stderr } = await runCli([], ['--smtp-prot', '25'])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toBe('inbox-mcp: unknown flag "--smtp-prot"; did you mean --smtp-port?\n')
  })

  test('brings the licences of what is bundled', () => {
    const licenses = read('dist/THIRD-PARTY-LICENSES.txt')
    for (const name of ['@modelcontextprotocol/server', 'zod', 'smtp-server', 'mailparser', 'nodemailer', 'htmlparser2']) {
      expect(licenses).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(`, 'm'))
    }
    expect(licenses).not.toContain('better-sqlite3 ')
  })

  test('loads what a start does not need only when it is used', () => {
    const main = read('dist/main.js')
    const atStart = new Set(findStatic(main))
    for (const name of atStart) for (const next of findStatic(read(join('dist', name)))) atStart.add(next)
    const code = [main, ...[...atStart].map((name) => read(join('dist', name)))].join('\n')
    const everything = readdirSync(join(ROOT, 'dist'))
      .map((name) => read(join('dist', name)))
      .join('\n')
    for (const name of ['SMTPServer', 'SMTPConnection', 'MailParser', 'MailComposer', 'StdioClientTransport']) {
      const definition = new RegExp(`\\bclass ${name}\\b|\\b${name} = class\\b`)
      expect(everything, `${name} is bundled`).toMatch(definition)
      expect(code, `${name} is loaded at the start`).not.toMatch(definition)
    }
  })
})

/** Files beside this one that it imports before it runs. */
function findStatic(code: string): string[] {
  return [...code.matchAll(/^(?:import|export)\b[^;"]*?"\.\/([^"]+\.js)"/gm)].map((match) => match[1] ?? '')
}

async function runCli(nodeArgs: readonly string[], args: readonly string[]) {
  const child = spawn(process.execPath, [...nodeArgs, join(ROOT, 'dist/cli.js'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (piece) => {
    stdout += piece
  })
  child.stderr.on('data', (piece) => {
    stderr += piece
  })
  const [code] = await once(child, 'close')
  return { code, stdout, stderr }
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}
