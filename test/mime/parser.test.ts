import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { BroadcastChannel, Worker } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { MAX_PARSE_TRIES, PARSE_DEADLINE_MS, PARSE_START_DEADLINE_MS } from '../../src/limits.ts'
import { createLog } from '../../src/log.ts'
import { MAX_COPIED_TEXT_CHARS, readText } from '../../src/mail-text.ts'
import { parseMail } from '../../src/mime/parse.ts'
import { createParser, type ParserOptions } from '../../src/mime/parser.ts'
import type { Parser } from '../../src/parser.ts'
import { TEST_WORKERS } from '../support/workers.ts'
import { mailWith, multipart, textPart } from './mail.ts'

const lines: string[] = []
const parsers: Parser[] = []

function open(options: Omit<ParserOptions, 'log'> = {}): Parser {
  const log = createLog(
    'debug',
    () => 0,
    (line) => lines.push(line),
  )
  const parser = createParser({ log, workerUrl: TEST_WORKERS.parser, ...options })
  parsers.push(parser)
  return parser
}

/** Where a scripted worker says what it is about to do, in words that go past the parser. */
const SIGNALS = 'test/mime/parser.test.ts'

/** A worker that does to a message what its subject says, and answers any other. */
const MISBEHAVING = scriptUrl(`
  import { writeFileSync } from 'node:fs'
  import { parentPort, workerData, BroadcastChannel } from 'node:worker_threads'
  const signals = new BroadcastChannel(${JSON.stringify(SIGNALS)})
  signals.unref()
  const show = (progress) => Atomics.store(workerData.progress, 0, progress)
  const does = {
    hang: () => { signals.postMessage('hangs'); for (;;); },
    exit: () => process.exit(3),
    throw: (text) => { throw new Error(text) },
    // Of so many messages Node delivers a thousand, and looks at other things before it goes on.
    flood: () => { for (let count = 0; count < 1_100; count++) parentPort.postMessage({ kind: 'ready' }) },
    // Node posts the news of the end, and then leaves; here it stays until it is made to go.
    end: (text) => {
      process.exit = () => {
        writeFileSync(text.split('\\r\\n\\r\\n')[1], '')
        for (;;);
      }
      throw new Error('the end')
    },
    fill: () => { const kept = []; for (;;) kept.push(new Array(10_000).fill(kept.length)) },
    fail: () => parentPort.postMessage({ kind: 'failed', fault: 'TypeError' }),
    print: () => { console.log('printed by a library'); console.error('printed by a library') },
    // Answers, and dies of what it left behind.
    leave: () => {
      process.on('exit', () => signals.postMessage('ends'))
      queueMicrotask(() => { throw new Error('left behind') })
    },
  }
  parentPort.on('message', ({ kind, raw, number }) => {
    show(number)
    const text = new TextDecoder().decode(raw)
    const verb = /Subject: (\\w+)/.exec(text)?.[1]
    does[verb]?.(text)
    const mail = { fromAddress: '', subject: 'by the worker', problems: [] }
    if (verb !== 'fail') parentPort.postMessage(kind === 'parse' ? { kind: 'parsed', mail } : { kind: 'attachment', file: { bytes: raw } })
    show(-1)
  })
  show(-1)
  parentPort.postMessage({ kind: 'ready' })
`)

function scriptUrl(script: string): URL {
  return new URL(`data:text/javascript,${encodeURIComponent(script)}`)
}

/** Resolves when a scripted worker says this. */
function heard(signal: string): Promise<void> {
  const channel = new BroadcastChannel(SIGNALS)
  return new Promise((resolve) => {
    channel.onmessage = ({ data }) => {
      if (data !== signal) return
      channel.close()
      resolve()
    }
  })
}

/** Holds this thread until a scripted worker leaves this file at its end, so that its answers and the news of its end wait here together. */
function blockUntilEnd(lastWords: string): void {
  const never = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  while (!existsSync(lastWords)) Atomics.wait(never, 0, 0, 1)
}

// A deadline passes when a test says so, never because the machine is slow.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})

afterEach(async () => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  await Promise.all(parsers.splice(0).map((parser) => parser.close()))
  lines.length = 0
})

describe('the parser', () => {
  it('reads mail in a worker, each call its own, and leaves the bytes to the caller', async () => {
    const parser = open()
    const raws = Array.from({ length: 30 }, (_, index) => mailWith([`Subject: number ${index}`]))
    const mails = await Promise.all(raws.map((raw) => parser.parse(raw)))
    expect(mails.map(({ subject }) => subject)).toEqual(raws.map((_, index) => `number ${index}`))
    expect(raws.every((raw) => raw.includes('Subject'))).toBe(true)
    expect(lines).toEqual([])
  })

  it('answers long texts as bytes, and short ones as strings', async () => {
    const parser = open()
    const words = '今日は '.repeat(MAX_COPIED_TEXT_CHARS)
    const raw = multipart('alternative', textPart(words), textPart(`<p>${words}`, 'text/html'))
    const whole = await parseMail(raw)
    const packed = await parser.parse(raw)
    expect([packed.bodyText, packed.bodyHtml]).toEqual([expect.any(Uint8Array), expect.any(Uint8Array)])
    expect([readText(packed.bodyText), readText(packed.bodyHtml ?? '')]).toEqual([whole.bodyText, whole.bodyHtml])
    expect(await parser.parse(multipart('mixed', textPart('a')))).toMatchObject({ bodyText: 'a', bodyHtml: null })
  })

  it('answers an attachment in the size that was listed, and null for what is none', async () => {
    const parser = open()
    const raw = multipart('mixed', textPart('a'), [
      'Content-Type: image/gif',
      'Content-Transfer-Encoding: base64',
      '',
      'R0lGODlh',
    ])
    const { attachments } = await parser.parse(raw)
    const file = await parser.attachment(raw, '1')
    expect(Buffer.from(file?.bytes ?? []).toString()).toBe('GIF89a')
    expect(file?.bytes).toHaveLength(attachments[0]?.size ?? -1)
    expect(await parser.attachment(raw, '2')).toBeNull()
  })

  it.each([
    ['hangs', 'hang', 'The message took too long to read; only its header was read.', { loss: 'deadline' }],
    ['ends its thread', 'exit', 'The message could not be read; only its header was.', { loss: 'crash' }],
    ['throws', 'throw', 'The message could not be read; only its header was.', { loss: 'crash', cause: 'Error' }],
    ['fills the memory', 'fill', 'The message needs too much memory to be read; only its header was.', { loss: 'memory' }],
  ])('answers a message that %s from its header, and reads the next in a fresh worker', async (_, verb, problem, entry) => {
    const parser = open({ workerUrl: MISBEHAVING, heapMb: 32 })
    const raw = mailWith([`Subject: ${verb}`, 'To: bob@x.test'], 'secret')
    const hangs = verb === 'hang' ? heard('hangs') : null
    const calls = [parser.parse(mailWith([])), parser.parse(raw), parser.parse(mailWith([]))]
    const attaching = parser.attachment(mailWith([], 'bytes'), '1')
    if (hangs) {
      await Promise.all([calls[0], hangs])
      vi.advanceTimersByTime(PARSE_DEADLINE_MS)
    }
    const [before, lost, next] = await Promise.all(calls)
    const attachment = await attaching
    expect(before?.subject).toBe('by the worker')
    expect(lost).toMatchObject({
      fromAddress: 'ann@example.com',
      subject: verb,
      toAddresses: ['bob@x.test'],
      problems: [problem],
    })
    expect(lost).toMatchObject({ bodyText: '', bodyHtml: null, attachments: [] })
    expect(next?.subject).toBe('by the worker')
    expect(Buffer.from(attachment?.bytes ?? []).toString()).toContain('bytes')
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ event: 'parse_lost', ...entry, bytes: raw.length }),
    ])
    expect(lines.join('')).not.toContain('secret')
  })

  it('blames the message that was being read, when the news of its end overtakes the answer before it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'inbox-mcp-parser-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const lastWords = join(folder, 'last-words')
    const parser = open({ workerUrl: MISBEHAVING })
    const first = parser.parse(mailWith([]))
    const calls = [parser.parse(mailWith(['Subject: flood'])), parser.parse(mailWith(['Subject: end'], lastWords))]
    await first
    blockUntilEnd(lastWords)
    expect((await Promise.all(calls)).map(({ subject }) => subject)).toEqual(['by the worker', 'end'])
  })

  it('blames no message for the end of a worker that was reading none, and does not try for ever', async () => {
    const parser = open({ workerUrl: MISBEHAVING })
    await parser.parse(mailWith([]))
    const ends = heard('ends')
    const left = parser.parse(mailWith(['Subject: leave']))
    const next = parser.parse(mailWith([]))
    await ends
    expect(await next).toMatchObject({ subject: 'by the worker' })
    // By the worker, or from its header once its answer was lost as often as it was tried.
    expect(['by the worker', 'leave']).toContain((await left).subject)
  })

  it('ends a worker that does not start in time', async () => {
    const parser = open({ workerUrl: scriptUrl('for (;;);') })
    const lost = parser.parse(mailWith(['Subject: s']))
    vi.advanceTimersByTime(PARSE_START_DEADLINE_MS - 1)
    await new Promise(setImmediate)
    expect(lines).toEqual([])
    vi.advanceTimersByTime(1)
    expect(await lost).toMatchObject({
      subject: 's',
      problems: ['The message took too long to read; only its header was read.'],
    })
  })

  it('answers a message from its header when every worker ends before it reads it', async () => {
    const ready = "Atomics.store(workerData.progress, 0, -1); parentPort.postMessage({ kind: 'ready' })"
    const script = `import { parentPort, workerData } from 'node:worker_threads'; ${ready}; parentPort.on('message', () => process.exit())`
    const parser = open({ workerUrl: scriptUrl(script) })
    const mails = await Promise.all([parser.parse(mailWith(['Subject: a'])), parser.parse(mailWith(['Subject: b']))])
    expect(mails.map(({ subject }) => subject)).toEqual(['a', 'b'])
    expect(lines.map((line) => JSON.parse(line).event)).toEqual(Array(MAX_PARSE_TRIES + 1).fill('parse_lost'))
  })

  it('answers null for an attachment that kills the worker', async () => {
    const parser = open({ workerUrl: MISBEHAVING })
    expect(await parser.attachment(mailWith(['Subject: exit']), '1')).toBeNull()
  })

  it('answers a message from its header when reading it was a fault of ours', async () => {
    const parser = open({ workerUrl: MISBEHAVING })
    const { subject, problems } = await parser.parse(mailWith(['Subject: fail']))
    expect({ subject, problems }).toEqual({ subject: 'fail', problems: ['The message could not be read; only its header was.'] })
    expect(await parser.parse(mailWith([]))).toMatchObject({ subject: 'by the worker' })
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ event: 'parse_failed', fault: 'TypeError' }),
    ])
  })

  it('answers every message from its header when the worker cannot start, and says why', async () => {
    const parser = open({ workerUrl: new URL('./no-such-worker.ts', import.meta.url) })
    const mails = await Promise.all([parser.parse(mailWith(['Subject: a'])), parser.parse(mailWith(['Subject: b']))])
    expect(mails.map(({ subject }) => subject)).toEqual(['a', 'b'])
    expect(lines).toHaveLength(2)
    expect(lines[0]).toContain('no-such-worker')
  })

  it('lets nothing that a library prints reach stdout or stderr', async () => {
    const written = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write'))
    const parser = open({ workerUrl: MISBEHAVING })
    await parser.parse(mailWith(['Subject: print']))
    await parser.close()
    expect(JSON.stringify(written.map(({ mock }) => mock.calls))).not.toContain('printed by a library')
  })

  it('rejects what is pending when it is closed, and every call after', async () => {
    const parser = open({ workerUrl: MISBEHAVING })
    const pending = [parser.parse(mailWith(['Subject: hang'])), parser.parse(mailWith([])), parser.attachment(mailWith([]), '1')]
    const outcomes = Promise.allSettled(pending)
    await parser.close()
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    await expect(parser.parse(mailWith([]))).rejects.toThrow('closed')
    await expect(parser.attachment(mailWith([]), '1')).rejects.toThrow('closed')
    await expect(parser.close()).resolves.toBeUndefined()
  })

  it('ends a worker that nothing is asked of, and reads the next mail in a fresh one', async () => {
    const ends = vi.spyOn(Worker.prototype, 'terminate')
    onTestFinished(() => ends.mockRestore())
    const parser = open({ idleMs: 1 })
    for (const count of [1, 2]) {
      expect((await parser.parse(mailWith([`Subject: mail ${count}`]))).subject).toBe(`mail ${count}`)
      await expect.poll(() => ends.mock.calls.length).toBe(count)
    }
  })

  it('holds the process while a call is pending and no longer', async () => {
    const module = JSON.stringify(new URL('../../src/mime/parser.ts', import.meta.url).href)
    const log = JSON.stringify(new URL('../../src/log.ts', import.meta.url).href)
    const script = `
      import { createParser } from ${module}
      import { SILENT_LOG } from ${log}
      const parser = createParser({ log: SILENT_LOG, workerUrl: new URL(${JSON.stringify(TEST_WORKERS.parser)}) })
      parser.parse(Buffer.from('Subject: s\\n\\nfirst')).then(async ({ bodyText }) => {
        console.log(bodyText)
        console.log((await parser.parse(Buffer.from('Subject: s\\n\\nsecond'))).bodyText)
      })
    `
    // The test ends only when the process does by itself; a text comes from the worker only.
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      timeout: 110_000,
    })
    expect(stdout).toBe('first\nsecond\n')
  }, 120_000)
})
