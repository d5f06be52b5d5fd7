import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { Presence } from '../../src/sql/presence.ts'
import { makeFile } from './place.ts'

function connectTo(file: string): Presence {
  const presence = new Presence(file)
  onTestFinished(() => presence.close())
  return presence
}

const list = (file: string) => readdirSync(dirname(file)).map((name) => name.replace(basename(file), 'store'))

it('An owner lives from its announcement until its connection is closed, as everybody sees', () => {
  const file = makeFile()
  const [one, other] = [connectTo(file), connectTo(file)]
  expect([one, other].map((each) => each.isAlive('a'))).toEqual([false, false])
  for (const _ of [1, 2]) one.announce('a')
  other.announce('b')
  for (const _ of [1, 2]) expect([one, other].map((each) => each.isAlive('a'))).toEqual([true, true])
  one.close()
  expect([one, other].map((each) => each.isAlive('a'))).toEqual([false, false])
  expect([one, other].map((each) => each.isAlive('b'))).toEqual([true, true])
})

it('A connection that takes the place of another takes over its owner', () => {
  const file = makeFile()
  const [one, other] = [connectTo(file), connectTo(file)]
  for (const each of [one, other]) each.announce('a')
  one.close()
  other.announce('a')
  expect(connectTo(file).isAlive('a')).toBe(true)
})

it('It leaves an empty file while it is open, for its owner only, and none afterwards', () => {
  const file = makeFile()
  const presence = connectTo(file)
  presence.announce('a')
  expect(list(file)).toEqual(['store-alive-a'])
  const { size, mode } = statSync(`${file}-alive-a`)
  expect({ size, mode: mode & 0o777 }).toEqual({ size: 0, mode: 0o600 })
  presence.close()
  expect(list(file)).toEqual([])
})

it('What a killed process left is removed by the next one, the files of the living and of others are not', () => {
  const file = makeFile()
  const living = connectTo(file)
  living.announce('living')
  for (const name of [`${file}-alive-killed`, `${file}-wal`, `${file}2-alive-x`]) writeFileSync(name, '')
  // Nobody can tell what this is; it must not keep mail out.
  mkdirSync(`${file}-alive-strange`)
  connectTo(file).announce('a')
  expect(list(file).sort()).toEqual(['store-alive-a', 'store-alive-living', 'store-alive-strange', 'store-wal', 'store2-alive-x'])
  expect(living.isAlive('strange')).toBe(true)
})
