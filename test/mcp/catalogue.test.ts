import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { offerTools, selectTools, TOOLSETS } from '../../src/mcp/catalogue.ts'
import { listTool } from '../../src/mcp/tool.ts'
import { createSettings } from '../../src/settings.ts'
import { expectGoldenJson } from '../support/mcp-golden.ts'

/** What all 15 tools may weigh; the bound that was promised is 16,000. */
const BUDGET_BYTES = 15_000

const tools = selectTools(['inboxes', 'messages', 'sending'])
const listed = tools.map((tool) => listTool(tool))
const all = selectTools(Object.keys(TOOLSETS))
const allListed = all.map((tool) => listTool(tool))

/** Every object in a schema, with its path. */
function walk(value: unknown, path: string): { path: string; node: Record<string, unknown> }[] {
  if (typeof value !== 'object' || value === null) return []
  const node: Record<string, unknown> = { ...value }
  return [{ path, node }, ...Object.entries(node).flatMap(([key, child]) => walk(child, `${path}.${key}`))]
}

describe('what a model sees of each tool', () => {
  test.each(allListed)('$name is as agreed', (tool) => {
    expectGoldenJson(`tools/${tool.name}.json`, tool)
  })

  test('no golden file is left of a tool that is gone', () => {
    const files = readdirSync(new URL('golden/tools/', import.meta.url)).sort()
    expect(files).toEqual(allListed.map(({ name }) => `${name}.json`).sort())
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
      'save_attachment',
      'list_threads',
      'read_thread',
      'update_message',
      'delete_message',
      'explain_delivery',
      'send_message',
      'reply_to_message',
    ])
    expect(selectTools(['messages', 'inboxes'])).toEqual(selectTools(['inboxes', 'messages']))
    expect(all.slice(listed.length).map(({ name }) => name)).toEqual([
      'add_domain',
      'list_domains',
      'verify_domain',
      'delete_domain',
    ])
  })

  test('knows the sets by name and refuses any other', () => {
    expect(Object.keys(TOOLSETS)).toEqual(['inboxes', 'messages', 'sending', 'domains'])
    expect(selectTools([])).toEqual([])
    expect(selectTools(['sending']).map(({ name }) => name)).toEqual(['send_message', 'reply_to_message'])
    expect(() => selectTools(['inboxes', 'mail'])).toThrow('Unknown tool set mail')
    expect(() => selectTools(['constructor'])).toThrow('Unknown tool set constructor')
  })

  test('keeps back what changes something where the server is read-only', () => {
    expect(offerTools(all, false)).toEqual(all)
    const kept = all.filter((tool) => !offerTools(all, true).includes(tool)).map(({ name }) => name)
    expect(kept).toEqual([
      'create_inbox',
      'delete_inbox',
      'save_attachment',
      'update_message',
      'delete_message',
      'send_message',
      'reply_to_message',
      'add_domain',
      'verify_domain',
      'delete_domain',
    ])
  })

  test('says of no tool that changes something that it only reads', () => {
    for (const { name, changes, hints } of all) expect(changes && hints.readOnlyHint, name).toBe(false)
  })

  test('offers no set of its own accord but the three that every agent needs', () => {
    expect(createSettings({ dataDir: '', homeDir: '' }).toolsets.fallback).toEqual(['inboxes', 'messages', 'sending'])
  })

  test('costs a conversation little', () => {
    expect(Buffer.byteLength(JSON.stringify({ tools: listed }))).toBeLessThan(BUDGET_BYTES)
  })

  test('read_message names what comes next: the rest of it, or an answer', () => {
    const { description } = { description: '', ...listed.find(({ name }) => name === 'read_message') }
    expect(description).toMatch(/Next: .*nextOffset.*reply_to_message\.$/)
  })

  test('names tools in snake_case as verb and noun, none twice', () => {
    for (const { name } of allListed) expect(name).toMatch(/^[a-z]+(?:_[a-z]+)+$/)
    expect(new Set(allListed.map(({ name }) => name)).size).toBe(allListed.length)
  })
})

describe.each(allListed)('$name', ({ title, description, annotations, inputSchema }) => {
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
      if (node.type === 'string' && node.enum === undefined) {
        expect(node, path).toMatchObject({ maxLength: expect.any(Number) })
        // Only the bytes of a file may be none.
        if (!/attachments\.items\.properties\.(?:text|base64)$/.test(path)) expect(node, path).toMatchObject({ minLength: 1 })
      }
      // An empty list that may be left out is as good as none: agents pass it.
      if (node.type === 'array') expect(node, path).toMatchObject({ maxItems: expect.any(Number) })
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

test('a tool that sends says so: it changes something, for strangers, and again at every call', () => {
  for (const { hints, changes } of selectTools(['sending'])) {
    expect(hints).toEqual({ readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true })
    expect(changes).toBe(true)
  }
})

test('of recipients, only the first list must name somebody', () => {
  const { properties } = { properties: {}, ...listed.find(({ name }) => name === 'send_message')?.inputSchema }
  expect(properties).toMatchObject({ to: { minItems: 1, maxItems: 50 }, cc: { maxItems: 50 }, bcc: { maxItems: 50 } })
  expect(JSON.stringify(properties).match(/minItems/g)).toHaveLength(1)
})
