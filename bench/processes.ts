/** What Linux tells about a process that is measured: proc(5). */

import { readFileSync, writeFileSync } from 'node:fs'

/** USER_HZ, in which times are told: the same on every machine that runs Node. */
const TICK_MS = 10
const KB_PER_MB = 1_024

/** Processor time that a process used so far, all of its threads, in user mode and in the kernel. @throws Error where there is no /proc */
export function readCpuMs(pid: number | null | undefined): number {
  const [, after = ''] = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')
  // Counted from the state, the third of all fields.
  const [utime, stime] = after.split(' ').slice(11, 13).map(Number)
  return ((utime ?? Number.NaN) + (stime ?? Number.NaN)) * TICK_MS
}

/** Memory that a process holds just now (VmRSS), in megabytes. @throws Error where there is no /proc */
export function readRssMb(pid: number | undefined): number {
  return readStatusMb(pid, 'VmRSS')
}

/** The most that it held since the last {@link forgetPeak} (VmHWM), in megabytes. */
export function readPeakMb(pid: number | undefined): number {
  return readStatusMb(pid, 'VmHWM')
}

/** The peak begins anew at what is held now: see /proc/pid/clear_refs in proc(5). */
export function forgetPeak(pid: number | undefined): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
}

function readStatusMb(pid: number | undefined, field: string): number {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1')
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) / KB_PER_MB
}
