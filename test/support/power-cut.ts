/**
 * A disk under a recording of what was done to it (fault-recorder.c): what may be on it when power fails at a moment. Only what was synced is sure to be there. Of
 * what was written since, any part may be, in units that the disk writes whole; a file has some length that it had since, and a name is there or not.
 */

import type { Dice } from './dice.ts'

/** One thing that was done, in the order of all processes. */
export type Operation =
  | { kind: 'open'; inode: bigint; name: string }
  | { kind: 'write'; inode: bigint; offset: number; bytes: Buffer }
  | { kind: 'truncate'; inode: bigint; length: number }
  | { kind: 'sync'; inode: bigint }
  | { kind: 'unlink'; name: string }
  /** A message was going to be answered with 250; the id is the server's. */
  | { kind: 'accepted'; id: string }

const HEADER_BYTES = 21
const DIRECTORY = 1n
/** Shared memory of the processes, in a file for its name only: nobody expects it to survive. */
const SHARED_MEMORY = /-shm$/

/** What a recorder wrote. */
export function parseRecording(recording: Buffer): Operation[] {
  const operations: Operation[] = []
  for (let at = 0; at < recording.length; ) {
    const kind = recording.toString('latin1', at, at + 1)
    const inode = recording.readBigUInt64LE(at + 1)
    const offset = Number(recording.readBigUInt64LE(at + 9))
    const length = recording.readUInt32LE(at + 17)
    const bytes = recording.subarray(at + HEADER_BYTES, at + HEADER_BYTES + length)
    at += HEADER_BYTES + length
    const text = () => bytes.toString()
    if (kind === 'O') operations.push({ kind: 'open', inode, name: text() })
    else if (kind === 'W') operations.push({ kind: 'write', inode, offset, bytes })
    else if (kind === 'T') operations.push({ kind: 'truncate', inode, length: offset })
    else if (kind === 'S') operations.push({ kind: 'sync', inode })
    else if (kind === 'U') operations.push({ kind: 'unlink', name: text() })
    else if (kind === 'A') operations.push({ kind: 'accepted', id: text() })
    else throw new Error(`not a recording: ${kind} at ${at}`)
  }
  return operations
}

/** How much of what was not synced survives a cut, and in what units. */
export type Cut = { dice: Dice; survivingPercent: number; unitBytes: number }

type Change = { kind: 'write'; offset: number; bytes: Buffer } | { kind: 'truncate'; length: number }

/** Bytes that grow. What was never written is 0. */
class Contents {
  #buffer: Buffer
  #length: number

  constructor(bytes: Uint8Array = Buffer.alloc(0)) {
    this.#buffer = Buffer.from(bytes)
    this.#length = bytes.length
  }

  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length)
  }

  resize(length: number): void {
    if (length > this.#buffer.length) this.#buffer = Buffer.concat([this.bytes, Buffer.alloc(2 * length - this.#length)])
    else if (length < this.#length) this.#buffer.fill(0, length, this.#length)
    this.#length = length
  }

  /** Makes a change, or as many units of it as survive. */
  apply(change: Change, unitBytes = Number.MAX_SAFE_INTEGER, survives: () => boolean = () => true): void {
    if (change.kind === 'truncate') {
      if (survives()) this.resize(change.length)
      return
    }
    const end = change.offset + change.bytes.length
    if (end > this.#length) this.resize(end)
    for (let at = change.offset; at < end; ) {
      const next = Math.min(end, (Math.floor(at / unitBytes) + 1) * unitBytes)
      if (survives()) change.bytes.copy(this.#buffer, at, at - change.offset, next - change.offset)
      at = next
    }
  }
}

/** One file: what is on the disk, and changes that may be there already. */
class DiskFile {
  readonly #durable = new Contents()
  #pending: Change[] = []

  change(change: Change): void {
    this.#pending.push(change)
  }

  sync(): void {
    for (const change of this.#pending.splice(0)) this.#durable.apply(change)
  }

  /**
   * Units are written in any order, which comes to the same as some part of them: where two of them cover the same place, the earlier one may stay when the later
   * one is lost, and is gone when it is not.
   */
  cut({ dice, survivingPercent, unitBytes }: Cut): Buffer {
    const contents = new Contents(this.#durable.bytes)
    const lengths = [contents.bytes.length]
    for (const change of this.#pending) {
      const before = lengths.at(-1) ?? 0
      lengths.push(change.kind === 'truncate' ? change.length : Math.max(before, change.offset + change.bytes.length))
      contents.apply(change, unitBytes, () => dice.roll(100) < survivingPercent)
    }
    contents.resize(survivingPercent === 100 ? (lengths.at(-1) ?? 0) : dice.pick(lengths))
    return contents.bytes
  }
}

/** The files of one directory. */
export class PowerCutDisk {
  /** Without, syncing does nothing: for showing that a loss would be found. */
  readonly #syncs: boolean
  readonly #files = new Map<bigint, DiskFile>()
  readonly #durableNames = new Map<string, DiskFile>()
  /** What each name meant after each change since the directory was synced. */
  readonly #pendingNames = new Map<string, (DiskFile | null)[]>()

  constructor({ syncs = true }: { syncs?: boolean } = {}) {
    this.#syncs = syncs
  }

  apply(operation: Operation): void {
    if (operation.kind === 'open') this.#open(operation.name, operation.inode)
    else if (operation.kind === 'unlink') this.#rename(operation.name, null)
    else if (operation.kind === 'write' || operation.kind === 'truncate') this.#files.get(operation.inode)?.change(operation)
    else if (operation.kind === 'sync' && this.#syncs) this.#sync(operation.inode)
  }

  /** The files that are there after power has failed now. */
  cut(cut: Cut): Map<string, Buffer> {
    const names = new Map(this.#durableNames)
    for (const [name, meanings] of this.#pendingNames) {
      const meaning = cut.dice.pick([names.get(name) ?? null, ...meanings])
      if (meaning === null) names.delete(name)
      else names.set(name, meaning)
    }
    return new Map([...names].map(([name, file]) => [name, file.cut(cut)]))
  }

  #open(name: string, inode: bigint): void {
    if (SHARED_MEMORY.test(name)) return
    const meanings = this.#pendingNames.get(name)
    // Removed since the directory was synced is not what it was before: the number of a file that is gone may be given again at once.
    const before = (meanings === undefined ? this.#durableNames.get(name) : meanings.at(-1)) ?? null
    if (before !== null && before === this.#files.get(inode)) return
    const file = new DiskFile()
    this.#files.set(inode, file)
    this.#rename(name, file)
  }

  #rename(name: string, file: DiskFile | null): void {
    if (SHARED_MEMORY.test(name)) return
    this.#pendingNames.set(name, [...(this.#pendingNames.get(name) ?? []), file])
  }

  #sync(inode: bigint): void {
    this.#files.get(inode)?.sync()
    if (inode !== DIRECTORY) return
    for (const [name, meanings] of this.#pendingNames) {
      const meaning = meanings.at(-1) ?? null
      if (meaning === null) this.#durableNames.delete(name)
      else this.#durableNames.set(name, meaning)
    }
    this.#pendingNames.clear()
  }
}
