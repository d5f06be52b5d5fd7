/**
 * Finds the end of a message and takes the transparency dots out (RFC 5321 sections 4.1.1.4 and 4.5.2). A line ends with CR LF and with
 * nothing else: a bare LF or CR is content and is kept, so `LF . LF` and its kin end nothing (SMTP smuggling, CVE-2023-51764) and
 * `LF . .` keeps both dots. How the bytes were cut into chunks makes no difference.
 */

const CR = 0x0d
const LF = 0x0a
const DOT = 0x2e
const LONE_CR = Buffer.from([CR])

/** Where the decoder stands, by what the last bytes were. */
const IN_LINE = 0
const AFTER_CR = 1
const AT_LINE_START = 2
/** The dot that began a line is withheld: either the message ends here, or the dot goes. */
const AFTER_DOT = 3
/** The CR after that dot is withheld too. */
const AFTER_DOT_CR = 4

/** Takes the content of a message, piece by piece; the bytes are valid only during the call. */
export interface DataSink {
  take(chunk: Buffer, start: number, end: number): void
}

/** Decodes one message; make a new one, or {@link DotDecoder.restart}, for the next. */
export class DotDecoder {
  readonly #sink: DataSink
  #state = AT_LINE_START

  constructor(sink: DataSink) {
    this.#sink = sink
  }

  /** Begins another message. */
  restart(): void {
    this.#state = AT_LINE_START
  }

  /** Reads `chunk` from `from`; answers where the bytes after the message begin, or -1 when the message goes on. */
  feed(chunk: Buffer, from: number): number {
    const length = chunk.length
    if (from >= length) return -1
    let state = this.#state
    let kept = from
    let at = from
    while (at < length) {
      if (state === IN_LINE) {
        const dot = findLineDot(chunk, at)
        if (dot < 0) {
          state = stateAtEnd(chunk, at)
          break
        }
        at = dot
        state = AT_LINE_START
        continue
      }
      const byte = chunk[at]
      if (state === AFTER_DOT_CR) {
        if (byte === LF) return at + 1
        if (at === from) this.#sink.take(LONE_CR, 0, 1)
        state = AFTER_CR
      } else if (state === AFTER_DOT) {
        state = byte === CR ? AFTER_DOT_CR : IN_LINE
        if (byte === CR) at += 1
      } else if (state === AFTER_CR) {
        state = byte === LF ? AT_LINE_START : byte === CR ? AFTER_CR : IN_LINE
        if (state !== IN_LINE) at += 1
      } else if (byte === DOT) {
        if (at > kept) this.#sink.take(chunk, kept, at)
        at += 1
        kept = at
        state = AFTER_DOT
      } else {
        state = IN_LINE
      }
    }
    const end = state === AFTER_DOT_CR ? length - 1 : length
    if (end > kept) this.#sink.take(chunk, kept, end)
    this.#state = state
    return -1
  }
}

/** The first dot that begins a line after a CR LF within `chunk` from `from`; -1 without one. */
function findLineDot(chunk: Buffer, from: number): number {
  // Searching for the one byte is a memchr; base64, which is most of the bytes of large mail, has no dot at all.
  for (let dot = chunk.indexOf(DOT, from + 2); dot >= 0; dot = chunk.indexOf(DOT, dot + 1)) {
    if (chunk[dot - 1] === LF && chunk[dot - 2] === CR) return dot
  }
  return -1
}

function stateAtEnd(chunk: Buffer, from: number): number {
  const last = chunk.length - 1
  if (chunk[last] === CR) return AFTER_CR
  return last > from && chunk[last] === LF && chunk[last - 1] === CR ? AT_LINE_START : IN_LINE
}
