/**
 * The name under which a file of a mail is written. What a sender calls it is a label: of it stays what no file system, shell, terminal or program takes
 * for anything else than a name.
 */

import { removeInvisible } from './invisible.ts'
import { MAX_FILENAME_CHARS } from './limits.ts'

/** Longest name written, in bytes of UTF-8: 255 less what a number adds, and file systems that encrypt names allow 143. */
export const MAX_SAFE_NAME_BYTES = 120
/** Longest ending kept, without its dot: what a file is stands there. */
const MAX_ENDING_CHARS = 16
/** Of a file that has no name of its own. */
const NAMELESS = 'attachment'
/** Before a name that means something where it lies. */
const PREFIX = 'mail-'

/** All but letters with their marks, numbers, dot, hyphen and underscore: path and stream separators, shell signs, spaces, pictures, controls. */
const UNSAFE = /[^\p{L}\p{M}\p{N}._-]+/gu
/** Dots hide a file or lead out of a directory, hyphens make an option of it, a mark would be drawn over what stands before. */
const BAD_START = /^[^\p{L}\p{N}]+/u
/** Windows drops dots and spaces at the end, and finds another file. */
const BAD_END = /[^\p{L}\p{M}\p{N}]+$/u
/** Devices of Windows, whatever their ending. */
const DEVICE = /^(?:con|prn|aux|nul|conin|conout|clock|com[0-9]|lpt[0-9])(?:[._-]|$)/iu
/** What programs, and agents, read and obey when they find it in the directory they work in, whatever their endings. */
const OBEYED_STEMS = [
  'claude agents? gemini qwen crush warp codex cursor windsurf copilot copilot-instructions skill memory rules system prompts? readme contributing',
  'makefile gnumakefile bsdmakefile justfile rakefile gemfile procfile vagrantfile jenkinsfile dockerfile containerfile taskfile brewfile pipfile podfile',
  'fastfile guardfile berksfile snakefile earthfile tiltfile dangerfile compose docker-compose docker-bake cmakelists cmakepresets meson wscript sconstruct',
  'build workspace module flake default shell devenv package package-lock npm-shrinkwrap tsconfig jsconfig deno bunfig composer cargo rust-toolchain pom',
  'gradlew? settings init go mix rebar project stack pyproject setup conftest sitecustomize usercustomize manage noxfile fabfile tasks dodo requirements',
  'tox pytest mcp opencode devcontainer lefthook renovate turbo nx lerna vercel netlify fly wrangler serverless gulpfile gruntfile autorun desktop thumbs',
  'web crontab authorized_keys known_hosts id_[a-z0-9]+',
].flatMap((line) => line.split(' '))
const OBEYED = new RegExp(`^(?:${OBEYED_STEMS.join('|')})(?:\\.[a-z0-9-]{1,16}){0,2}$`, 'iu')
/** `vite.config.js` and the like; tools load it as a program. */
const CONFIGURATION = /[._-](?:config|conf|rc|workspace)(?:\.[a-z0-9]{1,8})?$/iu
/** `NAME.md`, in capitals: what is written so speaks of the directory, and every agent has a name of its own for its orders. */
const CAPITALS = /^[A-Z0-9_-]+(?:\.local)?\.(?:md|mdc|txt)$/u

/** A name of at most MAX_SAFE_NAME_BYTES for a file called so, or not at all (null). The same for the same name. */
export function makeSafeFilename(name: string | null): string {
  const base = cleanName((name ?? '').slice(0, 4 * MAX_FILENAME_CHARS))
  if (base === '') return NAMELESS
  return cutBytes(isTakenForMore(base) ? `${PREFIX}${base}` : base, MAX_SAFE_NAME_BYTES)
}

function isTakenForMore(name: string): boolean {
  return [DEVICE, OBEYED, CONFIGURATION, CAPITALS].some((pattern) => pattern.test(name))
}

/** The same name with a word before its ending: `a.tar.gz` and `x` make `a.tar-x.gz`. */
export function extendFilename(safeName: string, word: string): string {
  const { stem, ending } = splitEnding(safeName)
  return `${stem}-${word}${ending}`
}

function cleanName(name: string): string {
  // Compatibility forms first: full-width dots and slashes are dots and slashes to some.
  const plain = removeInvisible(name.toWellFormed()).normalize('NFKC')
  const last = plain.split(/[\\/]/u).findLast((segment) => /[\p{L}\p{N}]/u.test(segment)) ?? ''
  return last
    .replace(UNSAFE, '_')
    .replace(/\.{2,}/gu, '.')
    .replace(BAD_START, '')
    .replace(BAD_END, '')
}

function cutBytes(name: string, maxBytes: number): string {
  if (Buffer.byteLength(name) <= maxBytes) return name
  const { stem, ending } = splitEnding(name)
  const room = maxBytes - Buffer.byteLength(ending)
  let [kept, bytes] = ['', 0]
  for (const character of stem) {
    bytes += Buffer.byteLength(character)
    if (bytes > room) break
    kept += character
  }
  return `${kept.replace(BAD_END, '') || NAMELESS}${ending}`
}

function splitEnding(name: string): { stem: string; ending: string } {
  const ending = new RegExp(`\\.[A-Za-z0-9]{1,${MAX_ENDING_CHARS}}$`).exec(name)?.[0] ?? ''
  return { stem: name.slice(0, name.length - ending.length), ending }
}
