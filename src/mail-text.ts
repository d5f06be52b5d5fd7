/**
 * The texts of mail on their way between threads. To copy two million characters takes a thread up to 20 ms, and so does to take the copy; the same as UTF-8
 * is handed over as it lies in memory.
 */

/** A text, as bytes of UTF-8 where it is long. Those have memory of their own: who sends them to another thread has them no longer. */
export type MailText = string | Uint8Array

/** The texts of a mail. */
type Bodies = { readonly bodyText: string; readonly bodyHtml: string | null }
type PackedBodies = { readonly bodyText: MailText; readonly bodyHtml: MailText | null }

/** A mail whose texts may be bytes: as it goes from thread to thread. One whose texts are strings is one too. */
export type Packed<Mail extends Bodies> = Omit<Mail, keyof Bodies> & PackedBodies

/** UTF-16 units up to which a text crosses as a string: for ordinary mail that costs less. */
export const MAX_COPIED_TEXT_CHARS = 65_536

/** The same mail, its long texts as bytes. What is no character (half of a surrogate pair) becomes U+FFFD. */
export function packTexts<Mail extends Bodies>(mail: Mail): Packed<Mail> {
  const { bodyText, bodyHtml } = mail
  return { ...mail, bodyText: pack(bodyText), bodyHtml: bodyHtml === null ? null : pack(bodyHtml) }
}

function pack(text: string): MailText {
  return text.length <= MAX_COPIED_TEXT_CHARS ? text : new TextEncoder().encode(text)
}

/** The text as a string: some ten milliseconds for the longest. */
export function readText(text: MailText): string {
  return typeof text === 'string' ? text : viewText(text).toString()
}

/** The text as UTF-8, without a copy where that is what it is. */
export function viewText(text: MailText): Buffer {
  return typeof text === 'string' ? Buffer.from(text) : Buffer.from(text.buffer, text.byteOffset, text.byteLength)
}

/** The memory of the texts that can be handed to another thread. */
export function listTextBuffers({ bodyText, bodyHtml }: PackedBodies): ArrayBuffer[] {
  return [bodyText, bodyHtml].flatMap((text) =>
    text instanceof Uint8Array && text.buffer instanceof ArrayBuffer ? [text.buffer] : [],
  )
}
