import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, renameSync, symlinkSync } from 'node:fs'
import {
  chmod,
  lstat,
  lutimes,
  mkdir,
  mkdtemp,
  readFile,
  readlink,
  rename,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { namePart, PART_KEPT_MS } from '../../src/post-office/part-files.ts'
import { saveBelow } from '../../src/post-office/saving.ts'
import { makeSafeFilename } from '../../src/safe-filename.ts'
import { listHostileNames } from '../support/hostile-names.ts'

let root: string
let downloads: string
let randoms = 0
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'inbox-mcp-saving-'))
  downloads = join(root, 'a', 'downloads')
})
afterEach(async () => {
  await chmod(downloads, 0o700).catch(() => {})
  await rm(root, { recursive: true, force: true })
})

function save(safeName: string, content: string | Uint8Array = 'content', dir = downloads) {
  const bytes = Buffer.from(content)
  randoms += 1
  return saveBelow(
    dir,
    { safeName, bytes, sha256: createHash('sha256').update(bytes).digest('hex') },
    { random: `r${randoms}`, nowMs: Date.now() },
  )
}

/** Everything below a directory, with what shows that it was changed. */
function listTree(dir: string): Record<string, string> {
  const entries = readdirSync(dir, { recursive: true, withFileTypes: true }).map((entry) => join(entry.parentPath, entry.name))
  return Object.fromEntries(
    entries.map((path) => {
      const { mode, size, ino, mtimeMs } = lstatSync(path)
      return [relative(dir, path), `${mode} ${ino} ${lstatSync(path).isDirectory() ? '' : `${size} ${mtimeMs}`}`]
    }),
  )
}

describe('a file', () => {
  it('is its owner’s only, in a directory that is its owner’s only', async () => {
    const { path, existed } = await save('a.txt')
    expect({ path, existed }).toEqual({ path: join(downloads, 'a.txt'), existed: false })
    expect((await lstat(path)).mode & 0o7777).toBe(0o600)
    expect((await lstat(downloads)).mode & 0o7777).toBe(0o700)
    expect(await readFile(path, 'utf8')).toBe('content')
    expect(readdirSync(downloads)).toEqual(['a.txt'])
  })

  it('is written once, however often it is saved', async () => {
    const first = await save('a.txt')
    const before = listTree(root)
    expect(await save('a.txt')).toEqual({ path: first.path, existed: true })
    expect(listTree(root)).toEqual(before)
  })

  it('is written once, however often it is saved at the same time', async () => {
    const content = Buffer.alloc(300_000, 7)
    const saved = await Promise.all(Array.from({ length: 10 }, () => save('a.bin', content)))
    expect(new Set(saved.map(({ path }) => path))).toEqual(new Set([join(downloads, 'a.bin')]))
    expect(saved.filter(({ existed }) => !existed)).toHaveLength(1)
    expect(readdirSync(downloads)).toEqual(['a.bin'])
  })

  it('of other bytes and the same name gets a name of its own, the same each time', async () => {
    await save('a.txt', 'one')
    const two = await save('a.txt', 'two')
    expect(two.path).toMatch(/a-[0-9a-f]{8}\.txt$/)
    expect(await save('a.txt', 'two')).toEqual({ ...two, existed: true })
    expect((await save('a.txt', 'one')).path).toBe(join(downloads, 'a.txt'))
    expect(await readFile(two.path, 'utf8')).toBe('two')
  })

  it('is whole when several of other bytes are saved at the same time', async () => {
    const contents = Array.from({ length: 12 }, (_, index) => String(index).repeat(100_000))
    const saved = await Promise.all(contents.map((content) => save('a.txt', content)))
    expect(new Set(saved.map(({ path }) => path)).size).toBe(12)
    for (const [index, { path }] of saved.entries()) expect(await readFile(path, 'utf8')).toBe(contents[index])
    expect(readdirSync(downloads)).toHaveLength(12)
  })

  it('of no bytes is one too', async () => {
    expect(await readFile((await save('a.txt', '')).path, 'utf8')).toBe('')
  })
})

describe('what is there already', () => {
  it.each([
    ['a file', (path: string) => writeFile(path, 'of somebody else')],
    ['a link to a file outside', (path: string) => symlink(join(root, 'outside.txt'), path)],
    ['a link to nothing outside', (path: string) => symlink(join(root, 'made-by-us.txt'), path)],
    ['a link to itself', (path: string) => symlink(path, path)],
    ['a directory', (path: string) => mkdir(path)],
  ])('%s, stays as it is', async (_name, plant) => {
    await mkdir(downloads, { recursive: true })
    await writeFile(join(root, 'outside.txt'), 'content')
    await plant(join(downloads, 'a.txt'))
    const before = listTree(root)
    const { path, existed } = await save('a.txt')
    expect(existed).toBe(false)
    expect(path).toMatch(/a-[0-9a-f]{8}\.txt$/)
    const { [relative(root, path)]: _new, ...after } = listTree(root)
    expect(after).toEqual(before)
  })

  it('under every name that would do, ends in an error, and no part is left', async () => {
    await mkdir(downloads, { recursive: true })
    const hash = createHash('sha256').update('content').digest('hex')
    for (const name of ['a', `a-${hash.slice(0, 8)}`, `a-${hash.slice(0, 16)}`, `a-${hash}`]) await mkdir(join(downloads, name))
    const before = listTree(root)
    await expect(save('a')).rejects.toMatchObject({
      code: 'store_unavailable',
      message: expect.stringContaining('--download-dir'),
    })
    expect(listTree(root)).toEqual(before)
  })

  it('under the name of the part, stays as it is', async () => {
    await mkdir(downloads, { recursive: true })
    await symlink(join(root, 'outside.txt'), join(downloads, namePart(`r${randoms + 1}`)))
    await expect(save('a.txt')).rejects.toMatchObject({ code: 'store_unavailable' })
    expect(await readlink(join(downloads, namePart(`r${randoms}`)))).toBe(join(root, 'outside.txt'))
    expect(readdirSync(root)).toEqual(['a'])
  })
})

describe('a part that a killed process left', () => {
  /** A file with this name, written to so long ago. */
  async function leave(name: string, ageMs: number): Promise<void> {
    await mkdir(downloads, { recursive: true })
    await writeFile(join(downloads, name), 'half')
    const at = (Date.now() - ageMs) / 1_000
    await utimes(join(downloads, name), at, at)
  }

  it('is removed with the next file that is saved, an hour later and not before', async () => {
    await leave(namePart('00ff'), PART_KEPT_MS + 60_000)
    await leave(namePart('11ff'), PART_KEPT_MS - 60_000)
    await save('a.txt')
    expect(readdirSync(downloads).sort()).toEqual([namePart('11ff'), 'a.txt'])
  })

  it('is removed by its name, and nothing else is: no file of others, no link, no directory', async () => {
    const others = [
      '.ff.part',
      'inbox-mcp-ff.part',
      '.inbox-mcp-.part',
      '.inbox-mcp-f f.part',
      '.inbox-mcp-ff.part.txt',
      'a.part',
    ]
    for (const name of others) await leave(name, 10 * PART_KEPT_MS)
    await leave('kept.txt', 10 * PART_KEPT_MS)
    await mkdir(join(downloads, namePart('aa')))
    await utimes(join(downloads, namePart('aa')), 1, 1)
    await symlink('kept.txt', join(downloads, namePart('bb')))
    await lutimes(join(downloads, namePart('bb')), 1, 1)
    const before = listTree(downloads)
    await save('a.txt')
    const { 'a.txt': _saved, ...after } = listTree(downloads)
    expect(after).toEqual(before)
  })
})

describe('a directory', () => {
  it('that is a link is refused, and nothing is written where it leads', async () => {
    await mkdir(join(root, 'elsewhere'))
    await symlink(join(root, 'elsewhere'), join(root, 'link'))
    await expect(save('a.txt', 'content', join(root, 'link'))).rejects.toMatchObject({
      code: 'store_unavailable',
      message: expect.stringContaining('symbolic link'),
    })
    expect(readdirSync(join(root, 'elsewhere'))).toEqual([])
  })

  it('that is a file is refused', async () => {
    await mkdir(join(root, 'a'))
    await writeFile(downloads, '')
    await expect(save('a.txt')).rejects.toMatchObject({ message: expect.stringContaining('it is no directory') })
  })

  it('that is replaced by a link meanwhile leads nowhere', async () => {
    await save('first.txt')
    await mkdir(join(root, 'elsewhere'))
    const swap = async () => {
      await rename(downloads, join(root, 'moved'))
      await symlink(join(root, 'elsewhere'), downloads)
    }
    // Whichever comes first, nothing lands behind the link.
    await Promise.allSettled([save('a.txt', Buffer.alloc(2_000_000)), swap()])
    expect(readdirSync(join(root, 'elsewhere'))).toEqual([])
  })

  it.each([
    ['before it is written', 2],
    ['between its writing and its name', 3],
  ])('that is replaced by a link while a file is saved, %s, ends in an error', async (_when, turn) => {
    await save('a.txt', 'of somebody else')
    await mkdir(join(root, 'elsewhere'))
    const bytes = Buffer.from('content')
    let turns = 0
    const file = {
      safeName: 'a.txt',
      sha256: createHash('sha256').update(bytes).digest('hex'),
      // Looked at for each name and for the write: 1 finds the name taken, 2 writes, 3 looks once more, 4 tries the next name.
      get bytes() {
        turns += 1
        if (turns === turn) {
          renameSync(downloads, join(root, 'moved'))
          symlinkSync(join(root, 'elsewhere'), downloads)
        }
        return bytes
      },
    }
    const reason = process.platform === 'linux' ? /it was replaced while the file was written/ : /--download-dir/
    await expect(saveBelow(downloads, file, { random: 'r', nowMs: Date.now() })).rejects.toMatchObject({
      code: 'store_unavailable',
      message: expect.stringMatching(reason),
    })
    expect(turns).toBeGreaterThanOrEqual(turn)
    expect(readdirSync(join(root, 'elsewhere'))).toEqual([])
  })

  it.skipIf(process.getuid?.() === 0)('that may not be written to is named by its setting', async () => {
    await mkdir(downloads, { recursive: true })
    await chmod(downloads, 0o500)
    await expect(save('a.txt')).rejects.toMatchObject({
      message: expect.stringMatching(/--download-dir: it may not be written to/),
    })
  })

  it.skipIf(process.platform !== 'linux')('that cannot be made is named by its setting', async () => {
    await expect(save('a.txt', 'content', '/proc/inbox-mcp')).rejects.toMatchObject({
      message: expect.stringMatching(/--download-dir: it cannot be made/),
    })
  })
})

it('writes no file of 500 hostile names anywhere else', async () => {
  await mkdir(downloads, { recursive: true })
  await writeFile(join(root, 'outside.txt'), 'outside')
  await writeFile(join(downloads, 'existing.txt'), 'existing')
  await symlink(join(root, 'outside.txt'), join(downloads, 'link.txt'))
  await symlink(join(root, 'not-there.txt'), join(downloads, 'dangling.txt'))
  await symlink('loop', join(downloads, 'loop'))
  await mkdir(join(downloads, 'directory'))
  const before = listTree(root)
  const names = listHostileNames(500)
  const { length } = names
  let index = 0
  const paths = new Set<string>()
  // Many at a time: the disk is asked for each whether it has it.
  while (names.length > 0) {
    const saves = names.splice(-60).map((name) => save(makeSafeFilename(name), `bytes of ${index++}`))
    for (const { path } of await Promise.all(saves)) paths.add(path)
  }
  expect(paths.size).toBe(length)
  const after = listTree(root)
  const isNew = (path: string) => !(path in before)
  expect(Object.fromEntries(Object.entries(after).filter(([path]) => !isNew(path)))).toEqual(before)
  expect(
    new Set(
      Object.keys(after)
        .filter(isNew)
        .map((path) => join(root, path)),
    ),
  ).toEqual(paths)
  for (const path of paths) expect(relative(downloads, path)).not.toMatch(/[\\/]/)
})
