import { expect, test } from 'vitest'
import { editDistance, isWithinDistance } from '../src/edit-distance.ts'

test.each([
  ['', '', 0],
  ['abc', 'abc', 0],
  ['', 'abc', 3],
  ['abc', '', 3],
  ['kitten', 'sitting', 3],
  ['--domian', '--domain', 2],
  ['messageid', 'messagesid', 1],
  ['aB', 'ab', 1],
])('from %j to %j it is %i letters', (from, to, distance) => {
  expect(editDistance(from, to)).toBe(distance)
  expect(editDistance(to, from)).toBe(distance)
})

test('is within a bound where the whole table says so, and nowhere else', () => {
  const words = ['', 'a', 'b', 'ab', 'ba', 'abc', 'acb', 'cab', 'abcd', 'bcda', 'dcba', 'aabbcc', 'abcabc', 'abcabcabc', 'xyz']
  for (const from of words) {
    for (const to of words) {
      for (const most of [0, 1, 2, 3]) {
        expect(isWithinDistance(from, to, most), `${from} ${to} ${most}`).toBe(editDistance(from, to) <= most)
      }
    }
  }
})
