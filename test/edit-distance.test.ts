import { expect, test } from 'vitest'
import { editDistance } from '../src/edit-distance.ts'

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
