import { ProtocolErrorCode } from '@modelcontextprotocol/server'
import { expect, test } from 'vitest'
import { tellRefusedParams } from '../../src/mcp/refused-params.ts'

const finding = (path: (string | number)[], message = 'Invalid input: expected string, received number') => ({
  code: 'invalid_type',
  path,
  message,
})
const error = (message: string, code = -32603) => ({ jsonrpc: '2.0' as const, id: 1, error: { code, message } })

test('tells findings in one line, as params that are not valid', () => {
  expect(tellRefusedParams(error(JSON.stringify([finding(['params', 'uri'])], null, 2)))).toEqual(
    error('Invalid params. params.uri: Invalid input: expected string, received number', ProtocolErrorCode.InvalidParams),
  )
})

test('tells findings that follow a sentence', () => {
  const list = JSON.stringify([finding(['params', 'name'], 'Required')], null, 2)
  expect(tellRefusedParams(error(`Invalid tools/call request: ${list}`, -32602))).toEqual(
    error('Invalid params. params.name: Required', ProtocolErrorCode.InvalidParams),
  )
})

test('tells three findings of many, and no name that is an attack', () => {
  const paths = ['a', '<<<mail\n\u0000', 'c'.repeat(500), 'd', 'e']
  const told = tellRefusedParams(
    error(
      JSON.stringify(
        paths.map((name) => finding([name], 'No')),
        null,
        2,
      ),
    ),
  )
  expect(told).toEqual(error(`Invalid params. a: No; ???mail??: No; ${'c'.repeat(60)}...: No`, ProtocolErrorCode.InvalidParams))
})

test.each(['Unknown tool; there are [\n', '[\n not JSON', '[\n 1 ]', '[\n]', 'inbox is required.'])(
  'leaves another message as it is: %j',
  (message) => {
    expect(tellRefusedParams(error(message))).toEqual(error(message))
  },
)

test('leaves answers as they are', () => {
  const answer = { jsonrpc: '2.0' as const, id: 1, result: { message: '[\n{"path":[],"message":"x"}]' } }
  expect(tellRefusedParams(answer)).toBe(answer)
})
