import { describe, expect, test } from 'vitest'
import { isPublicAddress } from '../../src/auth/client-address.ts'

describe('an address', () => {
  test.each([
    ['0.0.0.0', '0.255.255.255', '1.0.0.0'],
    ['10.0.0.0', '10.255.255.255', '11.0.0.0'],
    ['100.64.0.0', '100.127.255.255', '100.128.0.0'],
    ['127.0.0.0', '127.255.255.255', '128.0.0.0'],
    ['169.254.0.0', '169.254.255.255', '169.255.0.0'],
    ['172.16.0.0', '172.31.255.255', '172.32.0.0'],
    ['192.168.0.0', '192.168.255.255', '192.169.0.0'],
    ['::', '::1', '2001:db8::1'],
    ['fc00::', 'fdff::1', '2001:db8::1'],
    ['fe80::1', 'febf::1', 'ff00::1'],
    ['fec0::', 'feff::1', 'ff00::1'],
  ])('from %s to %s is not of the internet, %s is', (first, last, next) => {
    expect([first, last, next].map(isPublicAddress)).toEqual([false, false, true])
  })

  test('just below a range is of the internet', () => {
    for (const address of ['9.255.255.255', '100.63.255.255', '126.255.255.255', '172.15.255.255', '192.167.255.255'])
      expect(isPublicAddress(address), address).toBe(true)
  })

  test('of IPv4 in IPv6 counts as the one, and a zone changes nothing', () => {
    expect(['::ffff:100.64.0.1', '::ffff:192.0.2.1', 'fe80::1%eth0', 'no address'].map(isPublicAddress)).toEqual([
      false,
      true,
      false,
      false,
    ])
  })
})
