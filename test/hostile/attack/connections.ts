/** Floods of connections: none of them sends mail. */

import { type Flood, repeat, waitUntil } from './flood.ts'
import { Peer } from './peer.ts'

/** Open and close at full speed. */
export const connectAndClose: Flood = async (target, bounds) => {
  const connections = await repeat(50, bounds, async () => {
    const peer = new Peer(target)
    await peer.reply()
    peer.destroy()
    await peer.closed
  })
  return { connections }
}

/** A thousand that want in and stay; whoever is thrown out comes again. */
export const connectAndHold: Flood = async (target, bounds) => {
  let greeted = 0
  const connections = await repeat(1_000, bounds, async () => {
    const peer = new Peer(target)
    if ((await peer.reply()).startsWith('220')) greeted += 1
    await waitUntil(bounds.untilMs, peer.closed)
    peer.destroy()
  })
  return { connections, greeted }
}

/** Gone with a reset: at once, after the greeting, in the middle of a message. */
export const reset: Flood = async (target, bounds) => {
  const connections = await repeat(50, bounds, async (index) => {
    const peer = new Peer(target)
    if (index % 3 > 0) await peer.reply()
    if (index % 3 > 1) {
      peer.socket.write(`EHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<${target.to[0]}>\r\nDATA\r\nSubject: half\r\n`)
      await peer.reply()
    }
    peer.socket.resetAndDestroy()
    await peer.closed
  })
  return { connections }
}

const SLOW_CLIENTS = 500
/** So that every one of them is slow, and all together are not many bytes. */
const BYTE_EVERY_MS = 500

/** A byte now and then, half of them in commands, half in a message. */
export const slowClients: Flood = async (target, bounds) => {
  let bytes = 0
  const connections = await repeat(SLOW_CLIENTS, { ...bounds, count: Number.POSITIVE_INFINITY }, async (index) => {
    const peer = new Peer(target)
    const isMail = index % 2 === 0 && (await peer.begin(target.to[index % target.to.length] ?? ''))
    const timer = setInterval(() => {
      bytes += 1
      peer.socket.write(isMail ? 'x' : 'N')
    }, BYTE_EVERY_MS)
    await waitUntil(bounds.untilMs, peer.closed)
    clearInterval(timer)
    peer.destroy()
  })
  return { connections, bytes }
}
