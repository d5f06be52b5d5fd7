import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { selectTools, TOOLSETS } from '../../src/mcp/catalogue.ts'
import { listTool } from '../../src/mcp/tool.ts'
import { expectGoldenJson } from '../support/mcp-golden.ts'

/** What all 15 tools of the default sets may weigh. */
const BUDGET_BYTES = 16_000
const DEFAULT_TOOLS = 15

const tools = selectTools(['inboxes', 'messages', 'sending'])
const listed = tools.map(listTool)

/** Every object in a schema, with its path. */
function walk(value: unknown, path: string): { path: string; node: Record<string, unknown> }[] {
  if (typeof value !== 'object' || value === null) return []
  const node: Record<string, unknown> = { ...value }
  return [{ path, node }, ...Object.entries(node).flatMap(([key, child]) => walk(child, `${path}.${key}`))]
}

describe('what a model sees of each tool', () => {
  test.each(listed)('$name is as agreed', (tool) => {
    expectGoldenJson(`tools/${tool.name}.json`, tool)
  })

  test('no golden file is left of a tool that is gone', () => {
    const files = readdirSync(new URL('golden/tools/', import.meta.url)).sort()
    expect(files).toEqual(listed.map(({ name }) => `${name}.json`).sort())
  })
})

describe('the catalogue', () => {
  test('has the tools of the sets in a fixed order', () => {
    expect(listed.map(({ name }) => name)).toEqual([
      'create_inbox',
      'list_inboxes',
      'delete_inbox',
      'check_quota',
      'list_messages',
      'read_message',
      'wait_for_message',
      'update_message',
      'delete_message',
    ])
    expect(selectTools(['messages', 'inboxes'])).toEqual(selectTools(['inboxes', 'messages']))
  })

  test('knows the sets by name and refuses any other', () => {
    expect(Object.keys(TOOLSETS)).toEqual(['inboxes', 'messages', 'sending'])
    expect(selectTools([])).toEqual([])
    expect(selectTools(['sending'])).toEqual([])
    expect(() => selectTools(['inboxes', 'mail'])).toThrow('Unknown tool set mail')
    expect(() => selectTools(['constructor'])).toThrow('Unknown tool set constructor')
  })

  test('leaves every tool its share of the bytes', () => {
    const sizeBytes = Buffer.byteLength(JSON.stringify({ tools: listed }))
    expect(sizeBytes).toBeLessThan((BUDGET_BYTES * listed.length) / DEFAULT_TOOLS)
  })

  test('names tools in snake_case as verb and noun, none twice', () => {
    for (const { name } of listed) expect(name).toMatch(/^[a-z]+(?:_[a-z]+)+$/)
    expect(new Set(listed.map(({ name }) => name)).size).toBe(listed.length)
  })
})

describe.each(listed)('$name', ({ title, description, annotations, inputSchema }) => {
  test('has a title and a short description', () => {
    expect(title).toMatch(/^[A-Z][a-z ]+$/)
    expect(description.length).toBeLessThan(320)
    expect(description).toMatch(/\.$/)
  })

  test('says all four hints out loud, and never that reading destroys', () => {
    expect(Object.keys(annotations).sort()).toEqual(['destructiveHint', 'idempotentHint', 'openWorldHint', 'readOnlyHint'])
    for (const hint of Object.values(annotations)) expect(hint).toBeTypeOf('boolean')
    expect(annotations.readOnlyHint && annotations.destructiveHint).toBe(false)
  })

  test('refuses what its schema does not name', () => {
    for (const { path, node } of walk(inputSchema, 'schema')) {
      if (node.type === 'object') expect(node.additionalProperties, path).toBe(false)
    }
  })

  test('bounds every value, and by a bound that means something', () => {
    for (const { path, node } of walk(inputSchema, 'schema')) {
      if (node.type === 'string' && node.enum === undefined)
        expect(node, path).toMatchObject({ minLength: 1, maxLength: expect.any(Number) })
      if (node.type === 'array') expect(node, path).toMatchObject({ minItems: 1, maxItems: expect.any(Number) })
      if (node.type === 'integer') expect(node, path).toMatchObject({ minimum: expect.any(Number), maximum: expect.any(Number) })
      if (node.type === 'integer') expect(Number(node.maximum), path).toBeLessThanOrEqual(1_000_000_000)
      expect(node.type, path).not.toBe('number')
    }
  })

  test('spends no bytes on what is the default', () => {
    expect(JSON.stringify(inputSchema)).not.toMatch(/\$schema|9007199254740991/)
  })

  test('names its arguments in camelCase', () => {
    for (const name of Object.keys({ ...(inputSchema.properties ?? {}) })) expect(name).toMatch(/^[a-z][a-zA-Z]*$/)
  })
})
