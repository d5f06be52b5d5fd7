/** Sizes and times as people say them. */

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB']

/** `1.5 MB`, in steps of 1,024. */
export function formatBytes(sizeBytes: number): string {
  const step = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, sizeBytes)) / 10)))
  const value = sizeBytes / 1_024 ** step
  return `${step === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[step]}`
}

/** `3 days`, `20 seconds`: the largest unit that fits, rounded down. */
export function formatAge(ms: number): string {
  const seconds = Math.floor(ms / 1_000)
  const steps: [number, string][] = [
    [86_400, 'day'],
    [3_600, 'hour'],
    [60, 'minute'],
  ]
  const [size, noun] = steps.find(([step]) => seconds >= step) ?? [1, 'second']
  return formatCount(Math.floor(seconds / size), noun)
}

/** `1 message`, `2,000 messages`. */
export function formatCount(count: number, noun: string, nouns = `${noun}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? noun : nouns}`
}
