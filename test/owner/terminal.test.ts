import { PassThrough, Writable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { createTerminal, type TerminalStream } from '../../src/owner/terminal.ts'

function makeStream(isTTY: boolean): TerminalStream & { text: () => string } {
  const stream = new PassThrough()
  const chunks: Buffer[] = []
  stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  return Object.assign(stream, { isTTY, columns: 20, text: () => Buffer.concat(chunks).toString() })
}

function make({ isTTY = true, noColour = false } = {}) {
  let now = 0
  const [stdout, stderr] = [makeStream(isTTY), makeStream(isTTY)]
  const { signal } = new AbortController()
  const terminal = createTerminal({ stdout, stderr, noColour, signal, elapsedMs: () => now })
  const pass = (ms: number) => {
    now += ms
  }
  return { terminal, stdout, stderr, pass }
}

describe('progress', () => {
  test('is one line of the terminal, not longer than it is wide, and changes ten times a second', () => {
    const { terminal, stderr, pass } = make()
    terminal.progress('one')
    terminal.progress('two')
    pass(100)
    terminal.progress(`three${'x'.repeat(100)}`)
    expect(stderr.text()).toBe(`\r\u001b[2Kone\r\u001b[2Kthree${'x'.repeat(14)}`)
  })

  test('makes room for what is said', async () => {
    const { terminal, stderr } = make()
    terminal.progress('one')
    await terminal.write('done\n')
    terminal.complain('oh')
    expect(stderr.text()).toBe('\r\u001b[2Kone\r\u001b[2Koh\n')
  })

  test('goes when it is over, and does not flicker while something is written elsewhere', async () => {
    const [stdout, stderr] = [makeStream(false), makeStream(true)]
    const { signal } = new AbortController()
    const terminal = createTerminal({ stdout, stderr, noColour: false, signal, elapsedMs: () => 0 })
    for (const count of [1, 2, 3]) {
      terminal.progress(`${count}`)
      await terminal.write('piece')
    }
    terminal.clear()
    expect(stderr.text()).toBe('\r\u001b[2K1\r\u001b[2K')
  })

  test('is nothing in a pipe', () => {
    const { terminal, stderr } = make({ isTTY: false })
    terminal.progress('one')
    expect(stderr.text()).toBe('')
  })
})

describe('stdout', () => {
  test('has colours on a terminal, unless NO_COLOR says otherwise', () => {
    expect([make().terminal.colours, make({ noColour: true }).terminal.colours, make({ isTTY: false }).terminal.colours]).toEqual(
      [true, false, false],
    )
  })

  test('that nobody reads any more ends the writing', async () => {
    const broken = new Writable({ write: (_chunk, _encoding, done) => done(new Error('EPIPE')) })
    const { signal } = new AbortController()
    const terminal = createTerminal({ stdout: broken, stderr: makeStream(false), noColour: true, signal, elapsedMs: () => 0 })
    const writing = async () => {
      for (let line = 0; line < 10; line += 1) await terminal.write('x'.repeat(100_000))
    }
    await expect(writing()).rejects.toThrow('EPIPE')
  })
})
