import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { MAX_BLOB_BYTES } from '../../src/limits.ts'
import { BlobGate, MAX_HELD_BLOB_BYTES } from '../../src/mcp/blobs.ts'
import { serve } from '../support/mcp-clients.ts'
import { MemoryPostOffice } from '../support/mcp-post-office.ts'
import { ENVELOPE } from '../support/mcp-raw.ts'

/** Blobs of the largest size that are in hand at once. */
const AT_ONCE = Math.floor(MAX_HELD_BLOB_BYTES / MAX_BLOB_BYTES)
const ADA = 'ada@agents.localhost'
const READS = AT_ONCE + 2

class CountingPostOffice extends MemoryPostOffice {
  reads = 0
  override getRaw(...args: Parameters<MemoryPostOffice['getRaw']>): Promise<Uint8Array> {
    this.reads += 1
    return super.getRaw(...args)
  }
}

/** Turns of the event loop in which everything happens that does not wait for somebody. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 100; turn += 1) await setImmediate()
}

/** Without making strings of them, as readline would. */
async function* readLines(stream: Readable): AsyncGenerator<Buffer> {
  let pieces: Buffer[] = []
  for await (const chunk of stream) {
    let rest = Buffer.from(chunk)
    for (let end = rest.indexOf('\n'); end !== -1; end = rest.indexOf('\n')) {
      yield Buffer.concat([...pieces, rest.subarray(0, end)])
      pieces = []
      rest = rest.subarray(end + 1)
    }
    pieces.push(rest)
  }
}

describe.each(['legacy', 'modern'] as const)(
  'a %s agent that reads many large resources and does not take the answers',
  (era) => {
    let t: ReturnType<typeof serve>
    afterEach(async () => {
      t.toServer.end()
      await t.connection.closed
    })

    async function start(
      rawBytes: number,
    ): Promise<{ post: CountingPostOffice; ask: (id: number | string, method: string) => void }> {
      const post = new CountingPostOffice()
      await post.createInbox('default', { localPart: 'ada' })
      const { id: messageId } = post.deliver(ADA, { raw: new Uint8Array(rawBytes) })
      t = serve({ post })
      const write = (message: object) => t.toServer.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
      if (era === 'legacy') {
        const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'by hand', version: '1' } }
        write({ id: 'first', method: 'initialize', params })
      } else write({ id: 'first', method: 'server/discover', params: { _meta: ENVELOPE } })
      const [answer] = await once(t.fromServer, 'data')
      expect(String(answer)).toContain('"id":"first"')
      t.fromServer.pause()
      const uri = `inbox:///${ADA}/messages/${messageId}/raw`
      const ask = (id: number | string, method: string) =>
        write({
          id,
          method,
          params: { ...(method === 'resources/read' && { uri }), ...(era === 'modern' && { _meta: ENVELOPE }) },
        })
      return { post, ask }
    }

    test('has no more of them in hand than fit, and gets every one', async () => {
      const { post, ask } = await start(MAX_BLOB_BYTES)
      for (let id = 1; id <= READS; id += 1) ask(id, 'resources/read')
      await settle()
      expect(post.reads).toBe(AT_ONCE)
      const seen = new Set<string>()
      for await (const line of readLines(t.fromServer)) {
        expect(line.length).toBeGreaterThan(MAX_BLOB_BYTES)
        const ends = `${line.subarray(-100)}${line.subarray(0, 100)}`
        seen.add(/"id":(\d+)/.exec(ends)?.[1] ?? 'none')
        if (seen.size === READS) break
      }
      expect(post.reads).toBe(READS)
    })

    test('is never read what it gave up while that waited its turn', async () => {
      const { post, ask } = await start(MAX_BLOB_BYTES)
      for (let id = 1; id <= READS; id += 1) ask(id, 'resources/read')
      await settle()
      const cancel = (requestId: number) =>
        t.toServer.write(`${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId } })}\n`)
      for (let id = AT_ONCE + 1; id <= READS; id += 1) cancel(id)
      // Heard before the first answer makes room for the next.
      await settle()
      let answers = 0
      for await (const _line of readLines(t.fromServer)) {
        answers += 1
        if (answers === AT_ONCE) break
      }
      await settle()
      expect(post.reads).toBe(AT_ONCE)
    })

    test('does not pile up what waits for room on the pipe', async () => {
      const { ask } = await start(1_000_000)
      const errorListeners = t.fromServer.listenerCount('error')
      ask('blob', 'resources/read')
      for (let id = 1; id <= 50; id += 1) ask(id, 'tools/list')
      await settle()
      expect(t.fromServer.listenerCount('drain')).toBe(1)
      expect(t.fromServer.listenerCount('error')).toBeLessThanOrEqual(errorListeners + 1)
      const seen: string[] = []
      for await (const line of createInterface({ input: t.fromServer })) if (seen.push(line) === 51) break
      expect(seen).toHaveLength(51)
    })
  },
)

describe('the gate before blobs', () => {
  const open = () => new AbortController().signal
  const blob = (bytes: number) => ({ mimeType: 'message/rfc822', bytes: new Uint8Array(bytes) })
  const large = () => Promise.resolve(blob(MAX_BLOB_BYTES))

  async function fill(gate: BlobGate): Promise<void> {
    for (let i = 0; i < AT_ONCE; i += 1) await gate.read(`large ${i}`, open(), large)
  }

  test('lets many small ones in, each of which counts as what it is', async () => {
    const gate = new BlobGate()
    for (let i = 0; i < 1_000; i += 1) await gate.read(`${i}`, open(), async () => blob(300))
  })

  test('lets the next one in once an answer was written', async () => {
    const gate = new BlobGate()
    await fill(gate)
    const order: string[] = []
    const next = gate.read('next', open(), large).then(() => order.push('read'))
    await settle()
    order.push('written')
    gate.take('large 1')?.release()
    await next
    expect(order).toEqual(['written', 'read'])
  })

  test('frees its place when reading fails', async () => {
    const gate = new BlobGate()
    for (let i = 0; i < 2 * AT_ONCE; i += 1) {
      await expect(gate.read('x', open(), () => Promise.reject(new Error('gone')))).rejects.toThrow('gone')
    }
  })

  test('turns away who gave up, before or while it waits, and frees what it read for it', async () => {
    const gate = new BlobGate()
    await expect(gate.read('before', AbortSignal.abort(new Error('given up')), large)).rejects.toThrow('given up')
    await fill(gate)
    const waits = new AbortController()
    const waiting = gate.read('waits', waits.signal, large)
    waits.abort(new Error('given up'))
    await expect(waiting).rejects.toThrow('given up')
    gate.take('large 0')?.release()
    const reads = new AbortController()
    const reading = gate.read('reads', reads.signal, async () => {
      reads.abort(new Error('given up'))
      return large()
    })
    await expect(reading).rejects.toThrow('given up')
    const later = new AbortController()
    await gate.read('read', later.signal, large)
    later.abort()
    await gate.read('last', open(), large)
  })

  test('keeps the place of an answer that is being written when its request is given up', async () => {
    const gate = new BlobGate()
    await fill(gate)
    gate.take('large 0')?.release()
    const caller = new AbortController()
    await gate.read('written', caller.signal, large)
    const written = gate.take('written')
    caller.abort()
    let entered = false
    const next = gate.read('next', open(), large).then(() => {
      entered = true
    })
    await settle()
    expect(entered).toBe(false)
    written?.release()
    await next
  })

  test('loses no place to a client that uses one id twice', async () => {
    const gate = new BlobGate()
    for (let i = 0; i < 2 * AT_ONCE; i += 1) await gate.read('same', open(), large)
  })
})
