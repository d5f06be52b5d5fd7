import { describe, expect, it } from 'vitest'
import { createLog, describeError, shortenAddress } from '../src/log.ts'

describe('a log line', () => {
  it('is one JSON object with time, level, event and fields', () => {
    const lines: string[] = []
    createLog(
      'info',
      () => 0,
      (line) => lines.push(line),
    ).warn('event', { count: 1 })
    expect(lines).toEqual(['{"time":"1970-01-01T00:00:00.000Z","level":"warn","event":"event","count":1}\n'])
  })

  it('is left out below the level', () => {
    const lines: string[] = []
    const log = createLog(
      'warn',
      () => 0,
      (line) => lines.push(line),
    )
    log.debug('a')
    log.info('b')
    log.error('c')
    expect(lines).toHaveLength(1)
  })

  it('stays one line whatever an error says', () => {
    const told = describeError(new Error(`two\r\nlines ${'x'.repeat(1_000)}`))
    expect(told).not.toMatch(/\p{Cc}/u)
    expect(told.length).toBeLessThanOrEqual(300)
  })

  it.each([
    ['johnny@example.org', 'j…@example.org'],
    ['@example.org', '…'],
    ['nothing', '…'],
    ['', '…'],
  ])('shows %j as %s', (address, shown) => {
    expect(shortenAddress(address)).toBe(shown)
  })
})
