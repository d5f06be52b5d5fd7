import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { startBouncingRelay } from '../../src/demo/bouncing-relay.ts'
import { readLines } from '../../src/demo/lines.ts'

type Relay = { errors: string[]; close: () => Promise<void>; socket: Socket; talk: (...lines: string[]) => Promise<string> }

/** A relay whose reports go to `reportUrl`, and a client that has read its greeting. */
async function startRelay(reportUrl: string): Promise<Relay> {
  const errors: string[] = []
  const { url, close } = await startBouncingRelay(
    () => reportUrl,
    (error) => errors.push(error.message),
  )
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port) })
  onTestFinished(() => {
    socket.destroy()
  })
  const lines = readLines(socket)
  const read = async () => String((await lines.next()).value)
  await read()
  const talk = async (...said: string[]) => {
    let answer = ''
    for (const line of said) {
      socket.write(`${line}\r\n`)
      answer = await read()
    }
    return answer
  }
  return { errors, close, socket, talk }
}

const MESSAGE = ['EHLO a', 'MAIL FROM:<ada@a.example>', 'RCPT TO:<nobody@b.example>', 'DATA']

test('a client that resets its connection after its message was taken breaks nothing', async () => {
  // The report goes to a second relay of the demo, which takes it as a server would.
  const other = await startRelay('smtp://127.0.0.1:1')
  const { errors, close, socket, talk } = await startRelay(`smtp://127.0.0.1:${other.socket.remotePort}`)
  await talk(...MESSAGE)
  expect(await talk('.', 'NOOP')).toMatch(/^250/)
  socket.resetAndDestroy()
  await close()
  expect(errors).toEqual([])
})

test.each([
  ['before a message', ['EHLO a'], []],
  ['in a message', MESSAGE, ['read ECONNRESET']],
])('a connection that breaks %s is told only if a message was lost', async (_when, said, told) => {
  const { errors, close, socket, talk } = await startRelay('smtp://127.0.0.1:1')
  await talk(...said)
  socket.resetAndDestroy()
  await close()
  expect(errors).toEqual(told)
})

test('a report that cannot be delivered is told, and the relay still ends', async () => {
  const { errors, close, socket, talk } = await startRelay('smtp://127.0.0.1:1')
  await talk(...MESSAGE, '.')
  await once(socket, 'close')
  await close()
  expect(errors).toEqual([expect.stringContaining('ECONNREFUSED')])
})
