import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createLog } from '../../src/log.ts'
import { createParser, type ParserOptions } from '../../src/mime/parser.ts'
import type { Parser } from '../../src/parser.ts'
import { mailWith, multipart, textPart } from './mail.ts'

const lines: string[] = []
const parsers: Parser[] = []

function open(options: Omit<ParserOptions, 'log'> = {}): Parser {
  const log = createLog(
    'debug',
    () => 0,
    (line) => lines.push(line),
  )
  const parser = createParser({ log, ...options })
  parsers.push(parser)
  return parser
}

/** A worker that does to a message what its subject says, and answers any other. */
const MISBEHAVING = scriptUrl(`
  import { parentPort } from 'node:worker_threads'
  const does = {
    hang: () => { for (;;); },
    exit: () => process.exit(3),
    throw: (text) => { throw new Error(text) },
    fill: () => { const kept = []; for (;;) kept.push(new Array(10_000).fill(kept.length)) },
    fail: () => parentPort.postMessage({ kind: 'failed', fault: 'TypeError' }),
    print: () => { console.log('printed by a library'); console.error('printed by a library') },
  }
  parentPort.on('message', ({ kind, raw }) => {
    const text = new TextDecoder().decode(raw)
    const verb = /Subject: (\\w+)/.exec(text)?.[1]
    does[verb]?.(text)
    if (verb === 'fail') return
    const mail = { fromAddress: '', subject: 'by the worker', problems: [] }
    parentPort.postMessage(kind === 'parse' ? { kind: 'parsed', mail } : { kind: 'attachment', bytes: raw })
  })
  parentPort.postMessage({ kind: 'ready' })
`)

function scriptUrl(script: string): URL {
  return new URL(`data:text/javascript,${encodeURIComponent(script)}`)
}

afterEach(async () => {
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

  it('answers an attachment in the size that was listed, and null for what is none', async () => {
    const parser = open()
    const raw = multipart('mixed', textPart('a'), [
      'Content-Type: image/gif',
      'Content-Transfer-Encoding: base64',
      '',
      'R0lGODlh',
    ])
    const { attachments } = await parser.parse(raw)
    const bytes = await parser.attachment(raw, '1')
    expect(Buffer.from(bytes ?? []).toString()).toBe('GIF89a')
    expect(bytes).toHaveLength(attachments[0]?.size ?? -1)
    expect(await parser.attachment(raw, '2')).toBeNull()
  })

  it.each([
    ['hangs', 'hang', 'The message took too long to read; only its header was read.', { loss: 'deadline' }],
    ['ends its thread', 'exit', 'The message could not be read; only its header was.', { loss: 'crash' }],
    ['throws', 'throw', 'The message could not be read; only its header was.', { loss: 'crash', cause: 'Error' }],
    ['fills the memory', 'fill', 'The message needs too much memory to be read; only its header was.', { loss: 'memory' }],
  ])('answers a message that %s from its header, and reads the next in a fresh worker', async (_, verb, problem, entry) => {
    // Short only where the deadline is what ends it: a slow machine must not change why.
    const parser = open({ workerUrl: MISBEHAVING, heapMb: 32, ...(verb === 'hang' ? { deadlineMs: 1_500 } : {}) })
    const raw = mailWith([`Subject: ${verb}`, 'To: bob@x.test'], 'secret')
    const [before, lost, next, attachment] = await Promise.all([
      parser.parse(mailWith([])),
      parser.parse(raw),
      parser.parse(mailWith([])),
      parser.attachment(mailWith([], 'bytes'), '1'),
    ])
    expect(before.subject).toBe('by the worker')
    expect(lost).toMatchObject({
      fromAddress: 'ann@example.com',
      subject: verb,
      toAddresses: ['bob@x.test'],
      problems: [problem],
    })
    expect(lost).toMatchObject({ bodyText: '', bodyHtml: null, attachments: [] })
    expect(next.subject).toBe('by the worker')
    expect(Buffer.from(attachment ?? []).toString()).toContain('bytes')
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ event: 'parse_lost', ...entry, bytes: raw.length }),
    ])
    expect(lines.join('')).not.toContain('secret')
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

  it('holds the process while a call is pending and no longer', async () => {
    const module = JSON.stringify(new URL('../../src/mime/parser.ts', import.meta.url).href)
    const log = JSON.stringify(new URL('../../src/log.ts', import.meta.url).href)
    const script = `
      import { createParser } from ${module}
      import { SILENT_LOG } from ${log}
      const parser = createParser({ log: SILENT_LOG })
      parser.parse(Buffer.from('Subject: s\\n\\nfirst')).then(async ({ bodyText }) => {
        console.log(bodyText)
        console.log((await parser.parse(Buffer.from('Subject: s\\n\\nsecond'))).bodyText)
      })
    `
    // The test ends only when the process does by itself; a text comes from the worker only.
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      timeout: 20_000,
    })
    expect(stdout).toBe('first\nsecond\n')
  })
})
