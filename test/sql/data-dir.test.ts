import { chmodSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkDataDir, type FileSystemProbe } from '../../src/sql/data-dir.ts'
import { makeDir } from './place.ts'

const EXT4 = 0xef53
const FUSE = 0x65735546
const MOUNTS = `22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 22 0:30 / /tmp rw - tmpfs tmpfs rw`

function probe(fields: Partial<FileSystemProbe>): FileSystemProbe {
  return { platform: 'linux', typeOf: () => EXT4, readMounts: () => MOUNTS, ...fields }
}

describe('The data directory', () => {
  it('is made for its owner only, with those above it', () => {
    const above = join(makeDir(), 'a')
    const dir = join(above, 'b')
    checkDataDir(dir)
    for (const made of [above, dir]) expect(statSync(made).mode & 0o777).toBe(0o700)
    expect(() => checkDataDir(dir)).not.toThrow()
  })

  it('keeps the mode that it has', () => {
    const dir = makeDir()
    chmodSync(dir, 0o755)
    checkDataDir(dir)
    expect(statSync(dir).mode & 0o777).toBe(0o755)
  })

  it('is refused in one line when it cannot be made or is no directory', () => {
    const file = join(makeDir(), 'file')
    writeFileSync(file, '')
    for (const dir of [file, '/dev/null', join(file, 'below'), '/proc/no such directory', `${file}\0`]) {
      expect(() => checkDataDir(dir)).toThrow(/^The data directory [^\n]* cannot be used: [^\n]+$/)
    }
  })

  it.each([
    ['NFS', 0x6969],
    ['SMB', 0xfe534d42],
    ['SMB', 0xfe534d42 | 0],
    ['CIFS', 0xff534d42],
  ])('is refused on %s (%d)', (name, type) => {
    expect(() => checkDataDir(makeDir(), probe({ typeOf: () => type }))).toThrow(`is on a network file system (${name})`)
  })

  it('is refused on a network file system in user space, also through a link', () => {
    const dir = makeDir()
    const mounted = join(dir, 'far away')
    mkdirSync(mounted)
    symlinkSync(mounted, join(dir, 'near'))
    const mounts = `${MOUNTS}\n40 22 0:40 / ${mounted.replaceAll(' ', '\\040')} rw - fuse.sshfs me@host: rw`
    const far = probe({ typeOf: () => FUSE, readMounts: () => mounts })
    for (const inside of [mounted, join(mounted, 'below'), join(dir, 'near'), join(dir, 'near', 'below')]) {
      expect(() => checkDataDir(inside, far)).toThrow('is on a network file system (fuse.sshfs)')
    }
    expect(readdirSync(mounted)).toEqual([])
    expect(() => checkDataDir(join(dir, 'far away from that'), far)).not.toThrow()
  })

  it('is taken on what containers and local programs mount', () => {
    const local = `${MOUNTS}\n41 22 0:41 / ${makeDir()} rw - fuse.bindfs /x rw`
    for (const type of [EXT4, FUSE, 0x01021997, 0x794c7630, 0x01021994]) {
      expect(() => checkDataDir(makeDir(), probe({ typeOf: () => type, readMounts: () => local }))).not.toThrow()
    }
  })

  it('is not asked about where the answer would mean something else', () => {
    const elsewhere = probe({ platform: 'darwin', typeOf: () => 0x6969 })
    expect(() => checkDataDir(makeDir(), elsewhere)).not.toThrow()
  })
})
