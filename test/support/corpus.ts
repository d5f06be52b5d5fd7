/** Real mail that lies beside the repository, never in it. */

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const CORPUS = fileURLToPath(new URL('../../../shared/corpus', import.meta.url))

export type CorpusFolder = 'mail' | 'bounces' | 'complaints'

/** Whether the mail is there; tests of it are skipped where it is not. */
export const HAS_CORPUS = existsSync(CORPUS)

/** What to say in the name of a suite that may be skipped. */
export const CORPUS_NOTE = HAS_CORPUS ? '' : ' (skipped: ../shared/corpus is not there)'

/** Every message below a folder, or one in `step`, with CRLF line ends, in a fixed order. */
export function readCorpus(folder: CorpusFolder, { step = 1 } = {}): { name: string; raw: Buffer }[] {
  return listFiles(join(CORPUS, folder))
    .filter((_, index) => index % step === 0)
    .map((path) => ({ name: path.slice(CORPUS.length + 1), raw: toCrlf(readFileSync(path)) }))
}

function listFiles(folder: string): string[] {
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name))
    .flatMap((path) => (statSync(path).isDirectory() ? listFiles(path) : [path]))
    .filter((path) => !/\.(json|md)$/.test(path))
}

/** As a client must send it (RFC 5321 section 2.3.8); bytes that are no line end stay as they are. */
function toCrlf(raw: Buffer): Buffer {
  const text = raw.toString('latin1').replaceAll(/\r\n|\n/g, '\r\n')
  return Buffer.from(text.endsWith('\r\n') ? text : `${text}\r\n`, 'latin1')
}
