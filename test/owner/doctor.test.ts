import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { MailError } from '../../src/errors.ts'
import { checkDirectory, checkFsync, checkSpace, judgeFsync } from '../../src/owner/disk.ts'
import {
  checkClock,
  checkFlags,
  checkNode,
  checkPort,
  checkRelay,
  checkStore,
  type DoctorFacts,
  type DoctorProbes,
  diagnose,
  type StoreInspection,
} from '../../src/owner/doctor.ts'
import { renderFinding, renderSum } from '../../src/owner/findings.ts'
import { makeTerminal } from '../support/terminal.ts'

const NOW = Date.UTC(2026, 10, 24, 12)
const STORE: StoreInspection = {
  state: 'open',
  storeId: 'x',
  schemaVersion: 3,
  isReadable: true,
  damage: [],
  sizeBytes: 3_000_000,
  mode: 0o600,
  uid: 1_000,
  newestAt: NOW - 1_000,
}

function makeDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'inbox-mcp-doctor-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  chmodSync(dir, 0o700)
  return dir
}

function makeFacts(change: Partial<DoctorFacts> = {}): DoctorFacts {
  let elapsed = 0
  return {
    nodeVersion: 'v24.21.0',
    nodeFlags: [],
    uid: null,
    dataDir: makeDir(),
    smtpPort: '127.0.0.1:2525',
    relay: 'configured',
    now: NOW,
    elapsedMs: () => elapsed++,
    ...change,
  }
}

function makeProbes(change: Partial<DoctorProbes> = {}): DoctorProbes {
  return {
    inspectStore: () => ({ ...STORE, uid: null }),
    findNetworkFileSystem: () => null,
    inspectPort: async () => ({ state: 'ours' }),
    inspectRelay: async () => ({ isReady: true, isSignedIn: true, isEncrypted: true }),
    asksDns: async () => true,
    ...change,
  }
}

describe('the doctor', () => {
  test('says of everything in one line each that it is well, without a colour in a pipe', async () => {
    const terminal = makeTerminal()
    expect(await diagnose(makeFacts(), makeProbes(), terminal)).toBe(true)
    const lines = terminal.text().split('\n')
    const found = lines.filter((line) => line.startsWith('ok ')).map((line) => line.slice(9, 24).trim())
    expect(found).toEqual([
      'Node',
      'Node flags',
      'data directory',
      'space',
      'fsync',
      'store',
      'clock',
      'SMTP port',
      'DNS',
      'relay',
    ])
    expect(terminal.text()).not.toMatch(/(?!\n)\p{Cc}/u)
  })

  test('goes on after a problem, names it at the end, and does not end well', async () => {
    const terminal = makeTerminal()
    const probes = makeProbes({ inspectStore: () => ({ state: 'refused', why: 'broken' }), asksDns: async () => false })
    expect(await diagnose(makeFacts(), probes, terminal)).toBe(false)
    expect(terminal.text()).toMatch(/^problem {2}store +broken -> restore a backup/m)
    expect(terminal.text()).toMatch(/^warning +DNS .*\nok +relay .*\n1 problem, 1 warning\.\n$/m)
  })

  test('leaves nothing behind in the data directory', async () => {
    const facts = makeFacts()
    await diagnose(facts, makeProbes(), makeTerminal())
    expect(readdirSync(facts.dataDir)).toEqual([])
  })
})

describe('a finding', () => {
  test('has its colour on a terminal', () => {
    expect(renderFinding({ what: 'x', level: 'problem', text: 'y', fix: 'z' }, true)).toBe(
      '\u001b[31mproblem\u001b[0m  x               y -> z\n',
    )
  })

  test('cannot be made to move the cursor or end its line', () => {
    const line = renderFinding({ what: 'x', level: 'ok', text: 'a\u001b[2J\r\nb\u202ec\u009b', fix: null }, false)
    expect(line).toBe('ok       x               a?[2J??b?c?\n')
  })

  test.each([
    [['ok'], 'All is well.\n'],
    [['ok', 'warning', 'warning'], 'no problem, 2 warnings.\n'],
    [['problem', 'problem', 'ok'], '2 problems.\n'],
  ] as const)('%j sum up to %j', (levels, sum) => {
    expect(renderSum(levels.map((level) => ({ what: '', level, text: '', fix: null })))).toBe(sum)
  })
})

describe('Node', () => {
  test('is told by its version', () => {
    expect(checkNode('v24.1.0')).toMatchObject({ level: 'ok', text: 'v24.1.0' })
  })

  test.each([
    [[], 'ok'],
    [['--enable-source-maps'], 'ok'],
    [['--max-old-space-size=4096'], 'ok'],
    [['--max_old_space_size=64'], 'warning'],
    [['--inspect=0.0.0.0:9229'], 'warning'],
    [['--no-addons'], 'problem'],
    [['--permission', '--allow-fs-read=*'], 'problem'],
  ])('with flags %j is %s', (flags, level) => {
    expect(checkFlags(flags).level).toBe(level)
  })
})

describe('the data directory', () => {
  test('is well when it is there for one user, and when it is still to be made', () => {
    const dir = makeDir()
    expect(checkDirectory(dir, process.getuid?.() ?? null, () => null).level).toBe('ok')
    expect(checkDirectory(join(dir, 'a', 'b'), null, () => null)).toMatchObject({
      level: 'ok',
      text: expect.stringMatching(/not there yet/),
    })
    expect(readdirSync(dir)).toEqual([])
  })

  test.runIf(process.platform !== 'win32')('is worth a word when others may look into it, or it is theirs', () => {
    const dir = makeDir()
    chmodSync(dir, 0o755)
    expect(checkDirectory(dir, null, () => null)).toMatchObject({ level: 'warning', fix: `chmod 700 ${dir}` })
    expect(checkDirectory(dir, 12_345, () => null)).toMatchObject({
      level: 'warning',
      text: expect.stringMatching(/another user/),
    })
  })

  test('is a problem on a network file system, as a file, and where nobody can tell', () => {
    const dir = makeDir()
    expect(checkDirectory(dir, null, () => 'NFS')).toMatchObject({
      level: 'problem',
      text: expect.stringMatching(/network file system \(NFS\)/),
    })
    expect(checkDirectory(import.meta.filename, null, () => null).level).toBe('problem')
    const fail = () => {
      throw new Error('no')
    }
    expect(checkDirectory(dir, null, fail)).toMatchObject({ level: 'problem', text: expect.stringMatching(/Error: no/) })
  })

  test('has room, as much as is said', () => {
    expect(checkSpace(makeDir())?.text).toMatch(/^[0-9.]+ [KMGT]?B are free$/)
  })

  test.runIf(process.platform === 'linux')('is worth a word in memory', () => {
    expect(checkFsync('/dev/shm', () => 0)).toMatchObject({
      level: 'warning',
      text: expect.stringMatching(/in memory \(tmpfs\)/),
    })
  })

  test('is a problem where nothing can be written', () => {
    expect(checkFsync('/proc', () => 0)?.level ?? 'problem').toBe('problem')
    expect(checkFsync(join(makeDir(), 'missing'), () => 0)).toBe(null)
  })

  test.each([
    [0.001, 'warning'],
    [0.02, 'ok'],
    [8, 'ok'],
    [250, 'warning'],
  ])('with writes of %d ms is %s', (medianMs, level) => {
    expect(judgeFsync(medianMs).level).toBe(level)
  })
})

describe('the store', () => {
  test.each<[Partial<StoreInspection>, string, RegExp]>([
    [{}, 'ok', /^whole, 2\.9 MB, schema 3$/],
    [{ state: 'missing' }, 'ok', /none yet/],
    [{ isReadable: false }, 'problem', /newer version/],
    [{ damage: ['Page 3 is never used', 'x', 'y'] }, 'problem', /^damaged: Page 3 is never used and 2 more$/],
    [{ uid: 7 }, 'problem', /another user/],
    [{ mode: 0o644 }, 'warning', /others may read it \(mode 644\)/],
  ])('%j is %s', (change, level, text) => {
    const store = { ...STORE, ...change } as StoreInspection
    expect(checkStore(store, 1_000)).toMatchObject({ level, text: expect.stringMatching(text) })
  })
})

describe('the clock', () => {
  test.each([
    [NOW, null, 'ok'],
    [NOW, NOW + 4_000, 'ok'],
    [NOW, NOW + 7_200_000, 'warning'],
    [0, null, 'problem'],
  ])('at %d with newest mail of %j is %s', (now, newestAt, level) => {
    expect(checkClock(now, newestAt).level).toBe(level)
  })

  test('is told how far it is behind', () => {
    expect(checkClock(NOW, NOW + 7_200_000).text).toContain('2 hours before the newest mail')
  })
})

describe('the port', () => {
  const ask = (found: Awaited<ReturnType<DoctorProbes['inspectPort']>>) =>
    checkPort('127.0.0.1:2525', null, { inspectPort: async () => found })

  test('says who greets there, in bounded words', async () => {
    expect(await ask({ state: 'other_program', greeting: '220 mail ESMTP Postfix\r\n' })).toMatchObject({
      level: 'problem',
      text: '127.0.0.1:2525 belongs to another program, "220 mail ESMTP Postfix"',
    })
    expect((await ask({ state: 'other_program', greeting: 'x'.repeat(1_000) })).text.length).toBeLessThan(130)
    expect((await ask({ state: 'other_program', greeting: '' })).text).toMatch(/which says nothing$/)
  })

  test.each([
    [{ state: 'ours' }, 'ok'],
    [{ state: 'free' }, 'ok'],
    [{ state: 'silent' }, 'problem'],
    [{ state: 'other_store', greeting: '220 x' }, 'problem'],
    [{ state: 'unusable', why: 'may not be used' }, 'problem'],
  ] as const)('%j is %s', async (found, level) => {
    expect((await ask(found)).level).toBe(level)
  })

  test('is well when any will do', async () => {
    const ask = async () => {
      throw new Error('asked')
    }
    expect((await checkPort(null, null, { inspectPort: ask })).level).toBe('ok')
  })
})

describe('the relay', () => {
  test('is well when it is ready, or none is set, and then nobody is asked', async () => {
    const ready = async () => ({ isReady: true, isSignedIn: true, isEncrypted: true }) as const
    expect(await checkRelay('configured', { inspectRelay: ready })).toMatchObject({
      level: 'ok',
      text: 'ready: encrypted, signed in',
    })
    expect((await checkRelay('dry-run', { inspectRelay: ready })).text).toMatch(/nothing is sent to it$/)
    const never = () => Promise.reject(new Error('asked'))
    expect((await checkRelay('none', { inspectRelay: never })).level).toBe('ok')
  })

  test('is a problem when it refuses, or its URL is none', async () => {
    const refused = async () => ({ isReady: false, why: 'the relay did not let us sign in' }) as const
    expect(await checkRelay('configured', { inspectRelay: refused })).toMatchObject({
      level: 'problem',
      text: expect.stringMatching(/sign in$/),
    })
    const bad = () => Promise.reject(new MailError('invalid_argument', '--relay-url has no host.'))
    expect(await checkRelay('configured', { inspectRelay: bad })).toMatchObject({
      level: 'problem',
      text: '--relay-url has no host',
    })
  })
})
