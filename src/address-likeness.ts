/** Whether an address was probably meant to be another one: what people and programs mistype, and nothing that merely begins alike. */

import { isWithinDistance } from './edit-distance.ts'

/** Letters of a local part that may differ, by its length: of a short one, every other word is near. */
const LOCAL_DISTANCES: readonly { upTo: number; most: number }[] = [
  { upTo: 4, most: 1 },
  { upTo: 8, most: 2 },
  { upTo: 64, most: 3 },
]
/** Letters of a domain that may differ, where no label says more. */
const MAX_DOMAIN_DISTANCE = 2

/**
 * Whether two addresses, lower case and without tags, are different and look alike: the local part but for a few letters or its separators, and the
 * domain but for a few letters, a label in front or another ending. Costs no more than a few times their length.
 */
export function looksAlike(one: string, other: string): boolean {
  if (one === other) return false
  const [a, b] = [split(one), split(other)]
  return isNearDomain(a.domain, b.domain) && isNearLocal(a.local, b.local)
}

function split(address: string): { local: string; domain: string } {
  const at = address.lastIndexOf('@')
  return { local: address.slice(0, at), domain: address.slice(at + 1) }
}

function isNearLocal(one: string, other: string): boolean {
  if (one === other) return true
  const length = Math.min(one.length, other.length)
  const most = LOCAL_DISTANCES.find(({ upTo }) => length <= upTo)?.most ?? 0
  return isWithinDistance(one, other, most) || withoutSeparators(one) === withoutSeparators(other)
}

function withoutSeparators(local: string): string {
  return local.replaceAll(/[._-]/g, '')
}

/** `agents.localhost` and `agents.local`, `mail.agents.localhost`, `agents.localhost.example`, `agent.localhost`. */
function isNearDomain(one: string, other: string): boolean {
  if (one === other) return true
  if (one.endsWith(`.${other}`) || other.endsWith(`.${one}`)) return true
  if (one.startsWith(`${other}.`) || other.startsWith(`${one}.`)) return true
  if (one.split('.', 1)[0] === other.split('.', 1)[0]) return true
  return isWithinDistance(one, other, MAX_DOMAIN_DISTANCE)
}
