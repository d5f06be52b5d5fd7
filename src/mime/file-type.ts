/** What the first bytes of a file say it is, beside what its sender calls it. */

/** A type by the bytes, and whether the declared one says something else. */
export type SniffedType = { readonly sniffedType: string | null; readonly typesDisagree: boolean }

/** Names of one thing: those that mail uses, and the one that the bytes are given. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['image/jpg', 'image/jpeg'],
  ['image/pjpeg', 'image/jpeg'],
  ['image/x-png', 'image/png'],
  ['image/x-ms-bmp', 'image/bmp'],
  ['image/vnd.microsoft.icon', 'image/x-icon'],
  ['audio/mp3', 'audio/mpeg'],
  ['audio/x-wav', 'audio/wav'],
  ['application/x-pdf', 'application/pdf'],
  ['application/x-zip', 'application/zip'],
  ['application/x-zip-compressed', 'application/zip'],
  ['application/x-gzip', 'application/gzip'],
  ['application/x-rar', 'application/x-rar-compressed'],
  ['application/vnd.rar', 'application/x-rar-compressed'],
  ['text/rtf', 'application/rtf'],
  ['text/x-vcard', 'text/vcard'],
  ['text/xml', 'application/xml'],
])

/** Containers whose bytes do not always show what is in them. */
const CONTAINERS: readonly (readonly [sniffed: string, declared: RegExp])[] = [
  ['application/zip', /\bzip\b|officedocument|opendocument|java-archive|epub|vnd\.(?:ms-|apple\.|android\.)/],
  ['application/x-cfb', /ms-?(?:word|excel|powerpoint|outlook|office|project|visio)|vnd\.ms-|vnd\.visio|msi\b/],
  ['application/xml', /\bxml\b|html|svg/],
  ['application/gzip', /tar|tgz|compress/],
  ['video/mp4', /^(?:video|audio)\//],
  ['application/ogg', /ogg|^(?:audio|video)\//],
]

/** Said of what nobody looked at. */
const SAYS_NOTHING = new Set([
  'application/octet-stream',
  'application/x-download',
  'application/force-download',
  'binary/octet-stream',
])

/** Looks at the bytes. What the library cannot make sense of is no type, never a failure. */
export async function sniffType(bytes: Uint8Array, declaredType: string): Promise<SniffedType> {
  // Few mails are looked at so, and it is no part of reading them.
  const { fileTypeFromBuffer, supportedMimeTypes } = await import('file-type')
  const sniffed = await fileTypeFromBuffer(bytes).catch(() => undefined)
  const declared = canonical(declaredType)
  if (sniffed === undefined) {
    // What is known by its bytes and does not show them is something else; text has none to show.
    const program = sniffProgram(bytes)
    if (program !== null)
      return { sniffedType: program.type, typesDisagree: !SAYS_NOTHING.has(declared) && !program.declared.test(declared) }
    return { sniffedType: null, typesDisagree: supportedMimeTypes.has(declared) && !/^text\/|xml|rtf/.test(declared) }
  }
  const sniffedType = sniffed.mime.split(';')[0] ?? sniffed.mime
  return { sniffedType, typesDisagree: !SAYS_NOTHING.has(declared) && !areAlike(canonical(sniffedType), declared) }
}

/** Texts that are run, or rendered, by what opens them. Said to be `text/plain` they are something else than a text to read. */
const PROGRAMS = [
  { type: 'text/html', start: /^\s*<(?:!doctype\s+html|html|head|body|script)(?=[\s>/])/i, declared: /html|xml/ },
  { type: 'text/x-shellscript', start: /^#! ?\//, declared: /script|shell|x-(?:sh|csh|perl|python|ruby|php)\b/ },
] as const
/** Of a text, what stands further down decides nothing. */
const LOOKED_AT_BYTES = 256

function sniffProgram(bytes: Uint8Array): (typeof PROGRAMS)[number] | null {
  const start = new TextDecoder().decode(bytes.subarray(0, LOOKED_AT_BYTES))
  return PROGRAMS.find((program) => program.start.test(start)) ?? null
}

function canonical(type: string): string {
  return ALIASES.get(type) ?? type
}

function areAlike(sniffed: string, declared: string): boolean {
  return sniffed === declared || CONTAINERS.some(([container, inside]) => container === sniffed && inside.test(declared))
}
