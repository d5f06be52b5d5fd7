/** A DNS server on loopback (RFC 1035), over UDP and TCP, that answers from a table: what a test has in place of the internet's. */

import { createSocket, type Socket as UdpSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'

/** Records of one name; `failure` in their place says how a question about it goes wrong. */
export type Zone = {
  TXT?: readonly string[]
  A?: readonly string[]
  AAAA?: readonly string[]
  /** Hosts, each with its preference before it or without. */
  MX?: readonly string[]
  CNAME?: string
  NS?: readonly string[]
  /** `other_type`: an address, whatever was asked for. `garbage`: records that cannot be read. */
  failure?: 'SERVFAIL' | 'REFUSED' | 'silence' | 'other_type' | 'garbage'
}

/** Names in lower case; a name that is not there does not exist, nor does one below it. */
export type Table = Record<string, Zone>

export type DnsServer = {
  /** What it answers; a test may change it. */
  zones: Table
  /** `address:port`, as the check wants it. */
  address: string
  /** What was asked, in order: `TXT example.org`; over TCP with that before it. */
  questions: string[]
  close(): Promise<void>
}

const TYPES = { A: 1, NS: 2, CNAME: 5, PTR: 12, MX: 15, TXT: 16, AAAA: 28 } as const
const CODES = { SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5 } as const
/** More than this is truncated over UDP, so that it is asked for again over TCP. */
const UDP_BYTES = 1_200
/** That the root answers is how a check knows that DNS works. */
const ROOT: Table = { '': { NS: ['a.root-servers.net'] } }

/** Answers `table` until it is closed; with `hasRoot` false it knows nothing else. */
export async function startDnsServer(table: Table, { hasRoot = true } = {}): Promise<DnsServer> {
  const questions: string[] = []
  const zones: Table = { ...(hasRoot ? ROOT : {}), ...table }
  const udp = createSocket('udp4')
  udp.on('message', (query, { port, address }) => {
    const reply = answer(query, zones, (question) => questions.push(question))
    if (!reply) return
    const bytes = reply.length > UDP_BYTES ? truncate(query) : reply
    udp.send(bytes, port, address)
  })
  const connections = new Set<Socket>()
  const tcp = createServer((socket) => {
    connections.add(socket)
    socket.on('error', () => {})
    let heard = Buffer.alloc(0)
    socket.on('data', (data) => {
      // Several questions may come at once (RFC 7766 section 6.2.1.1), and one in pieces.
      heard = Buffer.concat([heard, data])
      for (let size = sizeOf(heard); heard.length >= 2 + size; size = sizeOf(heard)) {
        const reply = answer(heard.subarray(2, 2 + size), zones, (question) => questions.push(`tcp ${question}`))
        heard = heard.subarray(2 + size)
        if (reply) socket.write(Buffer.concat([word(reply.length), reply]))
      }
    })
  })
  const port = await bindBoth(udp, tcp)
  return {
    address: `127.0.0.1:${port}`,
    zones,
    questions,
    close: async () => {
      for (const socket of connections) socket.destroy()
      udp.close()
      tcp.close()
      await Promise.all([once(udp, 'close'), once(tcp, 'close')])
    },
  }
}

/** Of the message that begins there; more than there can be while its length has not come. */
function sizeOf(heard: Buffer): number {
  return heard.length < 2 ? 65_536 : heard.readUInt16BE(0)
}

async function bindBoth(udp: UdpSocket, tcp: Server): Promise<number> {
  tcp.listen(0, '127.0.0.1')
  await once(tcp, 'listening')
  const address = tcp.address()
  const port = typeof address === 'object' && address ? address.port : 0
  udp.bind(port, '127.0.0.1')
  await once(udp, 'listening')
  return port
}

function answer(query: Buffer, zones: Table, note: (question: string) => void): Buffer | null {
  const { name, type, end } = readQuestion(query)
  const typeName = findType(type)
  note(`${typeName} ${name}`)
  const zone = zones[name]
  if (zone?.failure === 'silence') return null
  if (zone?.failure === 'other_type') return reply(query, end, [record(name, TYPES.A, Buffer.from([192, 0, 2, 1]))], 0)
  if (zone?.failure === 'garbage') return reply(query, end, [record(name, type, Buffer.from([255, 0, 9]))], 0)
  if (zone?.failure) return reply(query, end, [], CODES[zone.failure])
  if (!zone) return reply(query, end, [], CODES.NXDOMAIN)
  return reply(query, end, collect(name, typeName, zones), 0)
}

/** The records, with the chain of aliases that leads to them; as far as it goes. */
function collect(name: string, type: string, zones: Table): Buffer[] {
  const records: Buffer[] = []
  let at = name
  while (zones[at]?.CNAME && type !== 'CNAME' && records.length < 20) {
    const target = zones[at]?.CNAME ?? ''
    records.push(record(at, TYPES.CNAME, encodeName(target)))
    at = target
  }
  return [...records, ...recordsOf(at, type, zones[at] ?? {})]
}

function recordsOf(name: string, type: string, zone: Zone): Buffer[] {
  if (type === 'TXT') return (zone.TXT ?? []).map((text) => record(name, TYPES.TXT, encodeText(text)))
  if (type === 'A') return (zone.A ?? []).map((ip) => record(name, TYPES.A, Buffer.from(ip.split('.').map(Number))))
  if (type === 'AAAA') return (zone.AAAA ?? []).map((ip) => record(name, TYPES.AAAA, encodeIpv6(ip)))
  if (type === 'MX') return (zone.MX ?? []).map((text) => record(name, TYPES.MX, encodeExchange(text)))
  if (type === 'NS') return (zone.NS ?? []).map((host) => record(name, TYPES.NS, encodeName(host)))
  return []
}

function readQuestion(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = []
  let at = 12
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 }
}

function findType(type: number): string {
  return Object.entries(TYPES).find(([, number]) => number === type)?.[0] ?? `TYPE${type}`
}

function reply(query: Buffer, questionEnd: number, records: readonly Buffer[], code: number, flags = 0x8180): Buffer {
  const header = Buffer.concat([query.subarray(0, 2), word(flags | code), word(1), word(records.length), word(0), word(0)])
  return Buffer.concat([header, query.subarray(12, questionEnd), ...records])
}

function truncate(query: Buffer): Buffer {
  return reply(query, readQuestion(query).end, [], 0, 0x8380)
}

function record(name: string, type: number, data: Buffer): Buffer {
  // Class IN, a minute to live.
  return Buffer.concat([encodeName(name), word(type), word(1), word(0), word(60), word(data.length), data])
}

function encodeName(name: string): Buffer {
  const labels = name.split('.').filter((label) => label !== '')
  return Buffer.concat([
    ...labels.map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)])),
    Buffer.from([0]),
  ])
}

function encodeExchange(text: string): Buffer {
  const [, preference = '10', host = ''] = /^(?:(\d+) )?(.*)$/.exec(text) ?? []
  return Buffer.concat([word(Number(preference)), encodeName(host)])
}

/** Strings of at most 255 bytes (RFC 1035 section 3.3.14). */
function encodeText(text: string): Buffer {
  const bytes = Buffer.from(text)
  const pieces: Buffer[] = []
  for (let at = 0; at === 0 || at < bytes.length; at += 255) {
    const piece = bytes.subarray(at, at + 255)
    pieces.push(Buffer.from([piece.length]), piece)
  }
  return Buffer.concat(pieces)
}

/** Only written out in full, or with one `::`. */
function encodeIpv6(ip: string): Buffer {
  const [head = '', tail = ''] = ip.split('::')
  const groups = (text: string) => text.split(':').filter((group) => group !== '')
  const zeros = Array.from({ length: 8 - groups(head).length - groups(tail).length }, () => '0')
  return Buffer.concat([...groups(head), ...zeros, ...groups(tail)].map((group) => word(Number.parseInt(group, 16))))
}

function word(value: number): Buffer {
  return Buffer.from([(value >> 8) & 0xff, value & 0xff])
}
