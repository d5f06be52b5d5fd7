import { generateKeyPairSync } from 'node:crypto'
import { Resolver } from 'node:dns/promises'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { type Config, ConfigError, readConfig } from '../src/config.ts'
import { createSettings, nameEnvironment } from '../src/settings.ts'
import { renderHelp, renderSettingsTable } from '../src/usage.ts'
import { CERTIFICATE, CERTIFICATE_KEY } from './support/certificate.ts'

const DEFAULTS = { dataDir: '/data/of/user', homeDir: '/home/user' }
const scratch = mkdtempSync(join(tmpdir(), 'inbox-mcp-config-'))
afterAll(() => rmSync(scratch, { recursive: true }))

function read(argv: string[], env: Record<string, string | undefined> = {}): Config {
  const invocation = readConfig(argv, env, DEFAULTS)
  if (invocation.command !== 'stdio') throw new Error(`expected a server, got ${invocation.command}`)
  return invocation.config
}

/** The message of the refusal, which must be one line. */
function refusal(argv: string[], env: Record<string, string | undefined> = {}): string {
  try {
    readConfig(argv, env, DEFAULTS)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    expect(error.message).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
    expect(error.message.length).toBeLessThan(300)
    return error.message
  }
  throw new Error(`${argv.join(' ')} was accepted`)
}

describe('defaults', () => {
  test('are those of the design', () => {
    expect(read([])).toEqual({
      dataDir: '/data/of/user',
      domain: 'agents.localhost',
      mxHost: 'agents.localhost',
      dnsServers: null,
      agent: 'default',
      smtpHost: '127.0.0.1',
      smtpPort: 2525,
      tls: null,
      dailySendLimit: 500,
      maxMessageBytes: 26_214_400,
      keepDays: 0,
      keepMb: 0,
      relayUrl: null,
      trustRelay: null,
      dryRun: false,
      sendPolicy: { kind: 'anyone' },
      readOnly: false,
      downloadDir: join('/data/of/user', 'downloads', 'default'),
      toolsets: ['inboxes', 'messages', 'sending'],
      logLevel: 'info',
    })
  })

  test('pass the checks that a given value must pass', () => {
    for (const setting of Object.values(createSettings(DEFAULTS))) {
      if (setting.fallback === null) continue
      const text = setting.flag === '--send-to' ? 'anyone' : String(setting.fallback)
      expect(setting.check(text), setting.flag).toEqual({ ok: true, value: setting.fallback })
    }
  })

  test('come out frozen', () => {
    const config = read([])
    expect(Object.isFrozen(config)).toBe(true)
    expect(Object.isFrozen(config.toolsets)).toBe(true)
  })
})

describe('order of strength', () => {
  test('a flag beats the environment, which beats the default', () => {
    expect(read([], { INBOX_MCP_AGENT: 'env' }).agent).toBe('env')
    expect(read(['--agent', 'flag'], { INBOX_MCP_AGENT: 'env' }).agent).toBe('flag')
  })

  test('a flag beats even an environment variable that is wrong', () => {
    expect(read(['--agent', 'flag'], { INBOX_MCP_AGENT: 'NOT GOOD' }).agent).toBe('flag')
  })

  test('an empty environment variable is not set', () => {
    expect(read([], { INBOX_MCP_AGENT: '', INBOX_MCP_TLS_CERT: '' })).toMatchObject({ agent: 'default', tls: null })
  })

  test('both spellings of a flag mean the same', () => {
    expect(read(['--smtp-port=0']).smtpPort).toBe(0)
    expect(read(['--smtp-port', '0']).smtpPort).toBe(0)
    expect(read(['--data-dir=/a=b']).dataDir).toBe(resolve('/a=b'))
  })

  test('every setting has an environment variable that follows from its flag', () => {
    const names = Object.values(createSettings(DEFAULTS)).map((setting) => nameEnvironment(setting.flag))
    expect(names).toContain('INBOX_MCP_MAX_MESSAGE_BYTES')
    expect(new Set(names).size).toBe(names.length)
    for (const name of names) expect(name).toMatch(/^INBOX_MCP_[A-Z]+(_[A-Z]+)*$/)
  })

  test('an environment variable that is none of ours is reported, not refused', () => {
    const env = { INBOX_MCP_DATADIR: '/x', INBOX_MCP_AGENT: 'a', PATH: '/bin' }
    expect(readConfig([], env, DEFAULTS)).toMatchObject({ command: 'stdio', unknownEnvironment: ['INBOX_MCP_DATADIR'] })
  })
})

describe('commands', () => {
  test.each([
    [['--help'], 'help'],
    [['-h'], 'help'],
    [['--version'], 'version'],
    [['-v'], 'version'],
    [['demo'], 'demo'],
    // Whoever asks for help is not told first that something else is wrong.
    [['--domian', 'x', '--help'], 'help'],
  ])('%j is %s', (argv, command) => {
    expect(readConfig(argv, {}, DEFAULTS)).toEqual({ command })
  })

  test('help and demo work whatever the environment says', () => {
    const env = { INBOX_MCP_SMTP_PORT: 'no' }
    expect(readConfig(['--help'], env, DEFAULTS)).toEqual({ command: 'help' })
    expect(readConfig(['demo'], env, DEFAULTS)).toEqual({ command: 'demo' })
  })

  test('the demo refuses flags rather than to ignore them', () => {
    expect(refusal(['demo', '--smtp-port', '1'])).toMatch(/^demo takes no flags/)
  })
})

describe('switches', () => {
  test.each([
    [['--dry-run'], {}, true],
    [['--dry-run', '--read-only'], {}, true],
    [['--dry-run=off'], { INBOX_MCP_DRY_RUN: 'on' }, false],
    [[], { INBOX_MCP_DRY_RUN: 'true' }, true],
    [[], { INBOX_MCP_DRY_RUN: '0' }, false],
  ])('%j with %j', (argv, env, dryRun) => {
    expect(read(argv, env).dryRun).toBe(dryRun)
  })

  test('take no other word', () => {
    expect(refusal(['--read-only=maybe'])).toBe('--read-only must be on or off, not "maybe"')
    for (const value of ['yes', 'on', 'OFF', '0'])
      expect(refusal(['--read-only', value])).toBe(
        `--read-only takes no value behind a space; write --read-only or --read-only=${value.toLowerCase()}`,
      )
  })
})

describe('--send-to', () => {
  test('is a word or a list of addresses and domains', () => {
    expect(read(['--send-to', 'correspondents']).sendPolicy).toEqual({ kind: 'correspondents' })
    expect(read(['--send-to', 'A@Example.org, bücher.example']).sendPolicy).toEqual({
      kind: 'list',
      addresses: new Set(['a@example.org']),
      domains: new Set(['xn--bcher-kva.example']),
    })
  })

  test.each(['nobody at all', 'a@', '@', 'a@b@c', ',', 'a,', '<a@example.org>', '*'])('%j is refused', (text) => {
    expect(refusal(['--send-to', text])).toMatch(/^--send-to must be anyone, correspondents, or a comma-separated list/)
  })
})

describe('what the owner asks', () => {
  test.each([
    [['doctor'], { kind: 'diagnose' }],
    [['status'], { kind: 'show-status', json: false }],
    [['status', '--json'], { kind: 'show-status', json: true }],
    [['backup', 'x'], { kind: 'back-up', file: 'x' }],
    [['import', 'x', '--inbox', 'a@b'], { kind: 'import-mail', source: 'x', inbox: 'a@b' }],
    [['import', '--inbox=a@b', 'x'], { kind: 'import-mail', source: 'x', inbox: 'a@b' }],
    [['export', 'a@b'], { kind: 'export-mail', inbox: 'a@b', file: null }],
    [['export', 'a@b', 'x'], { kind: 'export-mail', inbox: 'a@b', file: 'x' }],
    [['suppressions', 'list'], { kind: 'list-suppressions', address: null }],
    [['suppressions', 'list', 'a@b'], { kind: 'list-suppressions', address: 'a@b' }],
    [['suppressions', 'remove', 'a@b', 'c@d'], { kind: 'remove-suppression', address: 'a@b', recipient: 'c@d' }],
    [['inboxes', 'suspended'], { kind: 'list-suspended' }],
    [['inboxes', 'resume', 'a@b'], { kind: 'resume-inbox', address: 'a@b' }],
    [['outbox', 'unknown'], { kind: 'list-unknown' }],
    [['outbox', 'retry', 'x'], { kind: 'retry-delivery', deliveryId: 'x' }],
  ])('%j', (argv, request) => {
    expect(readConfig([...argv, '--data-dir', '/x'], {}, DEFAULTS)).toMatchObject({
      command: 'owner',
      request,
      config: { dataDir: '/x' },
    })
  })

  test.each([
    [['supressions'], 'unknown command "supressions"; did you mean suppressions?'],
    [['doctor', 'x'], 'the command is: inbox-mcp doctor'],
    [['doctor', '--json'], 'the command is: inbox-mcp doctor'],
    [['import', 'x'], 'the command is: inbox-mcp import SOURCE --inbox ADDRESS'],
    [['import', '--inbox', 'x'], 'the command is: inbox-mcp import SOURCE --inbox ADDRESS'],
    [['import', 'x', 'y', '--inbox', 'a@b'], 'the command is: inbox-mcp import SOURCE --inbox ADDRESS'],
    [['import', 'x', '--inbox', 'a@b', '--json'], 'the command is: inbox-mcp import SOURCE --inbox ADDRESS'],
    [['backup', ''], 'the command is: inbox-mcp backup FILE'],
    [['--inbox', 'a@b'], '--inbox belongs to a command: inbox-mcp import SOURCE --inbox ADDRESS'],
    [['statsu'], 'unknown command "statsu"; did you mean status?'],
    [['inboxes', 'resume'], 'the command is: inbox-mcp inboxes resume ADDRESS'],
    [['inboxes', 'resume', 'a', 'b'], 'the command is: inbox-mcp inboxes resume ADDRESS'],
    [['outbox'], 'outbox needs another word; there is: inbox-mcp outbox unknown, inbox-mcp outbox retry DELIVERY'],
    [['outbox', 'rm'], 'outbox does not know "rm"; there is: inbox-mcp outbox unknown, inbox-mcp outbox retry DELIVERY'],
  ])('%j is refused', (argv, message) => {
    expect(refusal(argv)).toBe(message)
  })
})

describe('a wrong command line is refused in one line', () => {
  test.each([
    [['--domian', 'x'], 'unknown flag "--domian"; did you mean --domain?'],
    [['--dataDir=/x'], 'unknown flag "--dataDir"; did you mean --data-dir?'],
    [['-domain', 'x'], 'unknown flag "-domain"; did you mean --domain?'],
    [['--tls_key', 'x'], 'unknown flag "--tls_key"; did you mean --tls-key?'],
    [['--frobnicate'], 'unknown flag "--frobnicate"; inbox-mcp --help lists what there is'],
    [['--'], 'unknown flag "--"; inbox-mcp --help lists what there is'],
    [['-'], 'unknown flag "-"; inbox-mcp --help lists what there is'],
    [['dmeo'], 'unknown command "dmeo"; did you mean demo?'],
    [['x', 'y'], 'unknown command "x"; inbox-mcp --help lists what there is'],
    [[''], 'unknown command ""; inbox-mcp --help lists what there is'],
    [['--agent'], '--agent needs a value'],
    [['--agent='], '--agent needs a value'],
    [['--agent', ''], '--agent needs a value'],
    [['--agent', '--domain', 'x.org'], '--agent needs a value'],
    [['--agent', 'a', '--agent=b'], '--agent is given twice'],
  ])('%j', (argv, message) => {
    expect(refusal(argv)).toBe(message)
  })

  test.each(['--download-dir', '--data-dir'])('for %s a file', (flag) => {
    const file = fileURLToPath(import.meta.url)
    expect(refusal([flag, file]).startsWith(`${flag} must be a directory, not "`)).toBe(true)
  })

  test('with what was written made harmless', () => {
    expect(refusal(['--x\u001b[2J\n\u202e\u009b'])).toMatch(/^unknown flag/)
    expect(refusal(['--agent', `evil\r\n${'x'.repeat(10_000)}`])).toMatch(/^--agent must be/)
    expect(refusal([`--${'y'.repeat(100_000)}`])).toMatch(/^unknown flag/)
  })

  test('with the name under which the value was given', () => {
    expect(refusal([], { INBOX_MCP_SMTP_PORT: 'tcp://10.0.0.1:25' })).toBe(
      'INBOX_MCP_SMTP_PORT must be a whole number from 0 to 65535, not "tcp://10.0.0.1:25"',
    )
  })
})

describe('values', () => {
  test.each([
    ['--smtp-port', ['-1', '65536', '1.5', '0x19', ' 25', '2 5', '1e3', 'NaN', '٢٥']],
    ['--daily-send-limit', ['-1', '1000001', 'unlimited']],
    ['--max-message-bytes', ['0', '65535', '134217729', '25MB']],
    ['--agent', ['Alice', 'a b', '..', '.', 'a/b', 'a@b', 'ä', 'x'.repeat(65), 'a\n']],
    ['--log-level', ['INFO', 'verbose', 'inf']],
    ['--toolsets', ['inboxes,', 'webhooks', 'inboxes messages', ',']],
    ['--domain', ['a b', 'a_b.org', 'example.org.', '.org', '-a.org', 'a-.org', 'a@b.org', '127.0.0.1', '1.2', '[::1]', '::1']],
    ['--domain', ['a/b.org', '%41.org', 'a.org:25', 'http://a.org', 'x'.repeat(64), `${'a.'.repeat(94)}example`, '☃.org']],
    ['--trust-relay', ['a b', '127.0.0.1', 'example.org.', 'mx.example.org:25', 'a,b', 'https://mx.example.org']],
    ['--mx-host', ['a b', '127.0.0.1', 'mx.example.org.', 'mx.example.org:25']],
    ['--dns-servers', ['dns.example.org', '1.2.3', '1.2.3.4:0', '1.2.3.4:65536', '[1.2.3.4]', '::1:53:', '1.1.1.1,', '[::1']],
    ['--dns-servers', ['fe80::%eth0', 'fe80::1%eth0', '[fe80::1%eth0]:53']],
    ['--dns-servers', ['1.1.1.1 8.8.8.8', Array.from({ length: 6 }, () => '1.1.1.1').join()]],
    ['--smtp-host', ['[::1]', 'a b', '127.0.0.1:25', '256.1.1.1', 'http://localhost', '*']],
    ['--data-dir', ['a\0b']],
  ])('%s refuses what is not one', (flag, values) => {
    for (const value of values) expect(refusal([flag, value]), value).toMatch(new RegExp(`^${flag} must be `))
  })

  test.each([
    ['0', 0],
    ['65535', 65_535],
    ['0025', 25],
  ])('--smtp-port %s is %d', (text, port) => {
    expect(read(['--smtp-port', text]).smtpPort).toBe(port)
  })

  test.each([
    ['Example.ORG', 'example.org'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['BÜCHER.example', 'xn--bcher-kva.example'],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
    ['localhost', 'localhost'],
    ['3com.example', '3com.example'],
  ])('--domain %s is %s', (text, domain) => {
    expect(read(['--domain', text]).domain).toBe(domain)
  })

  test('--mx-host is --domain unless it is given', () => {
    expect(read(['--domain', 'mail.example.org']).mxHost).toBe('mail.example.org')
    expect(read(['--domain', 'mail.example.org', '--mx-host', 'MX.example.org']).mxHost).toBe('mx.example.org')
  })

  test('--dns-servers are addresses, with ports or without', () => {
    const servers = ['192.0.2.53', '192.0.2.54:5353', '2001:db8::53', '[2001:db8::54]:53', '[::1]']
    expect(read(['--dns-servers', servers.join(', ')]).dnsServers).toEqual(servers)
    new Resolver().setServers(servers)
  })

  test('--trust-relay takes a host name, in any case', () => {
    expect(read(['--trust-relay', 'MX.Bücher.example']).trustRelay).toBe('mx.xn--bcher-kva.example')
  })

  test.each([['0.0.0.0'], ['::1'], ['::'], ['localhost'], ['mail.example.org']])('--smtp-host takes %s', (host) => {
    expect(read(['--smtp-host', host]).smtpHost).toBe(host)
  })

  test('--toolsets may name some, in any order, with spaces', () => {
    expect(read(['--toolsets', 'messages']).toolsets).toEqual(['messages'])
    expect(read(['--toolsets', 'messages, inboxes,messages']).toolsets).toEqual(['inboxes', 'messages'])
  })

  test('--data-dir is made absolute, and ~ is the home directory although no shell was there', () => {
    expect(read(['--data-dir', 'mail']).dataDir).toBe(resolve('mail'))
    expect(read([], { INBOX_MCP_DATA_DIR: '~/mail' }).dataDir).toBe(join('/home/user', 'mail'))
    expect(read(['--data-dir=~']).dataDir).toBe('/home/user')
    expect(read(['--data-dir', '~mail']).dataDir).toBe(resolve('~mail'))
  })
})

describe('the certificate', () => {
  const certificate = file('cert.pem', CERTIFICATE)
  const key = file('key.pem', CERTIFICATE_KEY)
  const otherKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const stranger = file('other.pem', String(otherKey.export({ type: 'pkcs8', format: 'pem' })))
  const locked = file(
    'locked.pem',
    String(otherKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' })),
  )

  test('is read together with its key', () => {
    expect(read(['--tls-cert', certificate, '--tls-key', key]).tls).toEqual({ cert: CERTIFICATE, key: CERTIFICATE_KEY })
    expect(read(['--tls-cert', certificate], { INBOX_MCP_TLS_KEY: key }).tls).not.toBeNull()
  })

  test.each([
    [['--tls-cert', certificate], /^--tls-cert and --tls-key must be given together/],
    [['--tls-key', key], /^--tls-cert and --tls-key must be given together/],
    [['--tls-cert', certificate, '--tls-key', stranger], /^--tls-key is not the private key of the certificate/],
    [['--tls-cert', certificate, '--tls-key', locked], /^--tls-key must be a file with a PEM private key that has no passphrase/],
    [['--tls-cert', key, '--tls-key', key], /^--tls-cert must be a file with a PEM certificate/],
    [['--tls-cert', certificate, '--tls-key', certificate], /^--tls-key must be a file with a PEM private key/],
    [['--tls-cert', join(scratch, 'none.pem'), '--tls-key', key], /^--tls-cert must be a readable file/],
    [['--tls-cert', scratch, '--tls-key', key], /^--tls-cert must be a readable file/],
  ])('is refused when it cannot work: %#', (argv, message) => {
    const text = refusal(argv)
    expect(text).toMatch(message)
    expect(text).not.toContain('BEGIN')
  })

  function file(name: string, content: string): string {
    const path = join(scratch, name)
    writeFileSync(path, content)
    return path
  }
})

describe('what a person reads', () => {
  const flags = Object.values(createSettings(DEFAULTS)).map((setting) => setting.flag)

  test('the help names every flag, its default and the data directory of this machine', () => {
    const help = renderHelp('1.2.3', '/data/of/user')
    for (const flag of flags) expect(help).toContain(`\n  ${flag} `)
    expect(help).toContain('/data/of/user')
    expect(help).toContain('inbox-mcp 1.2.3')
    expect(help).toContain('all on loopback is taken for it')
    for (const line of help.split('\n')) expect(line.length, line).toBeLessThanOrEqual(120)
  })

  test('the table of the README names every flag and nothing of this machine', () => {
    const table = renderSettingsTable()
    for (const flag of flags) expect(table).toContain(`| \`${flag}\` | \`${nameEnvironment(flag)}\` |`)
    expect(table).not.toContain(process.cwd())
    // A cell that held a bar would break the table.
    for (const line of table.trim().split('\n')) expect(line.match(/\|/g), line).toHaveLength(5)
  })
})
