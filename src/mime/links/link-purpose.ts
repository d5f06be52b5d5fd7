/** What links are for: the one that the mail wants to be followed, and the one that ends such mail. */

import { foldText, leadsToAction, leadsToHelp, leadsToUnsubscribe, saysAction, saysUnsubscribe } from './link-words.ts'

/** A link to be judged: its text on one line, and where it leads; null where that is no URL. */
export type JudgedLink = { readonly text: string; readonly url: string; readonly parsed: URL | null }

/** Most places of one mail that are called what it wants to be followed: a newsletter with a hundred buttons wants nothing in particular. */
export const MAX_ACTION_TARGETS = 3

/** Longer texts are sentences or headlines; a button has few words. */
const MAX_BUTTON_CHARS = 80
/** So much is looked at of a text, and of a path with its query, in UTF-16 units. */
const MAX_TEXT_LOOKED_AT_CHARS = 200
const MAX_PATH_LOOKED_AT_CHARS = 1_000
/** A part of a path or query that long, with letters and digits, was drawn for this reader. */
const LEAST_TOKEN_CHARS = 16
/** Parameters that carry what proves who follows the link. */
const TOKEN_NAME = /^(?:.*[_-])?(?:token|code|key|otp|ticket|oobcode|secret|nonce|hash|sig|signature|jwt|t|k)$/
const LEAST_NAMED_TOKEN_CHARS = 4
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i

const SAYS_IT = 2
const LEADS_THERE = 2
const CARRIES_TOKEN = 2
const EXPLAINS = -2
const LEAST_SCORE = 2

/** Whether it ends mail like this. */
export function isUnsubscribe({ text, url, parsed }: JudgedLink): boolean {
  return saysUnsubscribe(foldText(text.slice(0, MAX_TEXT_LOOKED_AT_CHARS))) || leadsToUnsubscribe(pathOf(url, parsed))
}

/** The URLs that the mail wants to be followed, the likeliest only; at most MAX_ACTION_TARGETS. */
export function chooseActions(links: readonly JudgedLink[]): ReadonlySet<string> {
  const scores = new Map<string, number>()
  for (const link of links) {
    if (!isWeb(link.parsed)) continue
    scores.set(link.url, isUnsubscribe(link) ? -Infinity : Math.max(scoreAction(link), scores.get(link.url) ?? -Infinity))
  }
  const best = [...scores.values()].reduce((most, score) => Math.max(most, score), LEAST_SCORE)
  const likeliest = [...scores].filter(([, score]) => score === best).map(([url]) => url)
  return new Set(likeliest.slice(0, MAX_ACTION_TARGETS))
}

function scoreAction({ text, url, parsed }: JudgedLink): number {
  const path = pathOf(url, parsed)
  // A URL that stands in the text by itself says nothing beside its path.
  const says = text.length <= MAX_BUTTON_CHARS && !text.includes('://') && saysAction(foldText(text))
  const leads = leadsToAction(path)
  if (!says && !leads) return 0
  const wants = (says ? SAYS_IT : 0) + (leads ? LEADS_THERE : 0)
  return wants + (carriesToken(parsed) ? CARRIES_TOKEN : 0) + (leadsToHelp(path) ? EXPLAINS : 0)
}

function pathOf(url: string, parsed: URL | null): string {
  const path = parsed === null ? url : `${parsed.pathname}${parsed.search}${parsed.hash}`
  return path.slice(0, MAX_PATH_LOOKED_AT_CHARS).toLowerCase()
}

function isWeb(parsed: URL | null): boolean {
  return parsed?.protocol === 'https:' || parsed?.protocol === 'http:'
}

function carriesToken(parsed: URL | null): boolean {
  if (parsed === null) return false
  const parameters = `${parsed.search.slice(1)}&${parsed.hash.slice(1)}`.split('&').map((parameter) => parameter.split('='))
  const isNamed = parameters.some(
    ([name = '', value = '']) =>
      value.length >= LEAST_NAMED_TOKEN_CHARS && name.length < 64 && TOKEN_NAME.test(name.toLowerCase()),
  )
  return isNamed || [...parsed.pathname.split('/'), ...parameters.map(([, value = '']) => value)].some(isToken)
}

/** Words with hyphens between them are a title. */
function isToken(part: string): boolean {
  if (part.length < LEAST_TOKEN_CHARS || !/\d/.test(part) || !/[a-z]/i.test(part)) return false
  return UUID.test(part) || part.split('-').length <= 3
}
