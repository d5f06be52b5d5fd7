/** The languages whose words stand together, beside the lists that are ordered by meaning. */

import { LANGUAGES_OF_ASIA_AND_AFRICA } from './languages/asia-and-africa.ts'
import { LANGUAGES_OF_EUROPE } from './languages/europe.ts'
import type { Language } from './languages/language.ts'
import type { Phrases } from './lexicon.ts'

const LANGUAGES: readonly Language[] = [...LANGUAGES_OF_EUROPE, ...LANGUAGES_OF_ASIA_AND_AFRICA]

/** The phrases of one meaning, with those of the languages. */
export function inAllLanguages(phrases: Phrases, meaning: keyof Language): Phrases {
  return { ...phrases, spaced: [...phrases.spaced, ...LANGUAGES.flatMap((language) => language[meaning] ?? [])] }
}
