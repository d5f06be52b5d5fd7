import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { makeNewFile } from '../../src/owner/new-file.ts'

function makeDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'inbox-mcp-new-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

const fill = (words: string) => async (part: string) => writeFileSync(part, words)

test('A new file appears when it is whole, for its owner only', async () => {
  const dir = makeDir()
  const path = join(dir, 'a')
  await makeNewFile(path, async (part) => {
    expect(readdirSync(dir)).toHaveLength(1)
    expect(readdirSync(dir)).not.toContain('a')
    await fill('whole')(part)
  })
  expect(readdirSync(dir)).toEqual(['a'])
  expect(readFileSync(path, 'utf8')).toBe('whole')
  if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('It takes the place of nothing: no file, no directory, no link, not even one that came meanwhile', async () => {
  const dir = makeDir()
  writeFileSync(join(dir, 'file'), 'mine')
  mkdirSync(join(dir, 'dir'))
  symlinkSync(join(dir, 'nowhere'), join(dir, 'link'))
  for (const name of ['file', 'dir', 'link']) {
    await expect(makeNewFile(join(dir, name), fill('x')), name).rejects.toThrow(/it exists already/)
  }
  const late = makeNewFile(join(dir, 'late'), async () => writeFileSync(join(dir, 'late'), 'mine'))
  await expect(late).rejects.toThrow(/it exists already/)
  expect([readFileSync(join(dir, 'file'), 'utf8'), readFileSync(join(dir, 'late'), 'utf8')]).toEqual(['mine', 'mine'])
  expect(readdirSync(dir).sort()).toEqual(['dir', 'file', 'late', 'link'])
})

test('Nothing is left when it cannot be filled, or made', async () => {
  const dir = makeDir()
  await expect(makeNewFile(join(dir, 'a'), () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  await expect(makeNewFile(join(dir, 'missing', 'a'), fill('x'))).rejects.toThrow(/its directory does not exist/)
  expect(readdirSync(dir)).toEqual([])
})
