/** What an address of an SMTP client can say: SPF is published for addresses of the internet, and for no others. */

import { BlockList, isIP } from 'node:net'

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8)
LOOPBACK.addAddress('::1', 'ipv6')

/** Loopback, private use, shared by carriers, link-local, unspecified (RFC 6890). */
const LOCAL = new BlockList()
LOCAL.addSubnet('0.0.0.0', 8)
LOCAL.addSubnet('10.0.0.0', 8)
LOCAL.addSubnet('100.64.0.0', 10)
LOCAL.addSubnet('127.0.0.0', 8)
LOCAL.addSubnet('169.254.0.0', 16)
LOCAL.addSubnet('172.16.0.0', 12)
LOCAL.addSubnet('192.168.0.0', 16)
LOCAL.addSubnet('::', 127, 'ipv6')
LOCAL.addSubnet('fc00::', 7, 'ipv6')
LOCAL.addSubnet('fe80::', 10, 'ipv6')
LOCAL.addSubnet('fec0::', 10, 'ipv6')

/** Whether an address is one of the internet: for any other, SPF would answer for somebody else. IPv4 mapped into IPv6 counts as IPv4. */
export function isPublicAddress(address: string): boolean {
  const bare = withoutZone(address)
  return isIP(bare) !== 0 && !has(LOCAL, bare)
}

/** Whether the client runs on this machine. */
export function isLoopback(address: string): boolean {
  const bare = withoutZone(address)
  return isIP(bare) !== 0 && has(LOOPBACK, bare)
}

/** Whether two texts name the same address: IPv6 has many spellings. */
export function isSameAddress(one: string, other: string): boolean {
  const [first, second] = [withoutZone(one), withoutZone(other)]
  if (isIP(first) === 0 || isIP(second) === 0) return false
  const list = new BlockList()
  list.addAddress(first, family(first))
  return has(list, second)
}

function withoutZone(address: string): string {
  return address.split('%', 1)[0] ?? ''
}

function has(list: BlockList, address: string): boolean {
  return list.check(address, family(address))
}

function family(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4'
}
