/**
 * Files that say what agents see. They change on purpose only: run the tests with UPDATE_GOLDEN=1, format, read the
 * difference, commit it.
 */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'

const DIRECTORY = new URL('../mcp/golden/', import.meta.url)

/** Fails unless the file says exactly this. */
export function expectGolden(name: string, text: string): void {
  expect(text, `what an agent sees has changed: ${name}`).toBe(readGolden(name, text))
}

/** Fails unless the file holds exactly this, in this order; how it is laid out is the formatter's. */
export function expectGoldenJson(name: string, value: object): void {
  const text = readGolden(name, `${JSON.stringify(value, null, 2)}\n`)
  const kept = JSON.stringify(JSON.parse(text), null, 2)
  expect(JSON.stringify(value, null, 2), `what an agent sees has changed: ${name}`).toBe(kept)
}

function readGolden(name: string, text: string): string {
  const path = fileURLToPath(new URL(name, DIRECTORY))
  if (process.env.UPDATE_GOLDEN === '1') {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
  expect(existsSync(path), `${name} is missing: run with UPDATE_GOLDEN=1 and look at it`).toBe(true)
  return readFileSync(path, 'utf8')
}
