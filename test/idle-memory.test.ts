import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createLargeRelease, createReadRelease, releaseWhenIdle, type Thoroughness, type ThreadView } from '../src/idle-memory.ts'

const MB = 1_048_576

const COLLECTED = { young: 'collected what is young', all: 'collected', thorough: 'collected thoroughly' }

/** A thread whose time passes when the test says so. */
class FakeThread implements ThreadView {
  readonly did: string[] = []
  now = 0
  worked = 0
  /** What a collection takes of its time. */
  collectionMs = 0
  #look: (() => void) | null = null
  #lookEveryMs = 0
  readonly #soon: (() => void)[] = []

  readonly elapsedMs = () => this.now
  readonly workMs = () => this.worked
  readonly every = (intervalMs: number, callback: () => void) => {
    this.#lookEveryMs = intervalMs
    this.#look = callback
    return () => {
      this.#look = null
    }
  }
  readonly soon = (callback: () => void) => {
    this.#soon.push(callback)
  }
  readonly collect = (how: Thoroughness) => {
    this.did.push(COLLECTED[how])
    this.worked += this.collectionMs
  }

  /** Lets so many looks come, before each of which the thread worked so long. */
  pass(looks: number, workMs: number): void {
    for (let look = 0; look < looks; look += 1) {
      this.now += this.#lookEveryMs
      this.worked += workMs
      this.#look?.()
    }
  }

  /** Runs what was put off to another turn. */
  turn(): void {
    for (const callback of this.#soon.splice(0)) callback()
  }
}

describe('A thread that has become idle', () => {
  it('gives back what it took, once for each stretch of work', () => {
    const thread = new FakeThread()
    releaseWhenIdle(() => thread.did.push('released'), thread)
    thread.pass(3, 500)
    expect(thread.did).toEqual([])
    thread.pass(1, 1)
    expect(thread.did).toEqual(['released', 'collected thoroughly'])
    thread.pass(10, 1)
    expect(thread.did).toHaveLength(2)
    thread.pass(1, 500)
    thread.pass(1, 1)
    expect(thread.did).toHaveLength(4)
  })

  it('does not take what giving back costs for work that leaves something behind', () => {
    const thread = new FakeThread()
    thread.collectionMs = 200
    releaseWhenIdle(undefined, thread)
    thread.pass(1, 500)
    thread.pass(20, 1)
    expect(thread.did).toEqual(['collected thoroughly'])
  })

  it('gives nothing back for the little that timers do in a short time, and something for what they do in a long one', () => {
    const thread = new FakeThread()
    releaseWhenIdle(undefined, thread)
    thread.pass(4, 10)
    expect(thread.did).toEqual([])
    thread.pass(1, 10)
    expect(thread.did).toEqual(['collected thoroughly'])
  })

  it('does so no more often than every 15 s, however often work comes and goes', () => {
    const thread = new FakeThread()
    releaseWhenIdle(undefined, thread)
    for (let time = 0; time < 10; time += 1) {
      thread.pass(1, 500)
      thread.pass(1, 1)
    }
    // 60 s.
    expect(thread.did.length).toBeGreaterThan(2)
    expect(thread.did.length).toBeLessThanOrEqual(4)
  })

  it('looks no more when it was told to end', () => {
    const thread = new FakeThread()
    const stop = releaseWhenIdle(undefined, thread)
    thread.pass(1, 500)
    stop()
    thread.pass(1, 1)
    expect(thread.did).toEqual([])
  })
})

describe('A thread that is done with large mail', () => {
  it('collects in another turn, once for all that came in this one', () => {
    const thread = new FakeThread()
    const release = createLargeRelease(thread)
    release(25 * MB)
    release(25 * MB)
    expect(thread.did).toEqual([])
    thread.turn()
    thread.turn()
    expect(thread.did).toEqual(['collected'])
    release(25 * MB)
    thread.turn()
    expect(thread.did).toHaveLength(2)
  })

  it('does nothing for small mail', () => {
    const thread = new FakeThread()
    createLargeRelease(thread)(20_000)
    thread.turn()
    expect(thread.did).toEqual([])
  })
})

it('A thread that reads much collects what is young every few megabytes', () => {
  const thread = new FakeThread()
  const release = createReadRelease(thread)
  for (let read = 0; read < 100; read += 1) release(MB / 8)
  expect(thread.did).toEqual(Array(3).fill('collected what is young'))
})

it('No source sets a flag of V8 but the first one that runs: flags belong to all threads, and those that read them at that moment crash', () => {
  const root = new URL('../src/', import.meta.url)
  const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
  expect(sources.length).toBeGreaterThan(100)
  const setters = sources.filter((name) => readFileSync(new URL(name, root), 'utf8').includes('setFlagsFromString('))
  expect(setters).toEqual(['cli.ts'])
})
