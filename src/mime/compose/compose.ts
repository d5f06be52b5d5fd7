/** A draft becomes the bytes of a message, by nodemailer's composer and, where a key is given, its DKIM signer. */

import { createHash } from 'node:crypto'
import type { MailComposerAttachment, MailComposerOptions } from 'nodemailer/lib/mail-composer'
import type { Composer, DkimKey, Draft, DraftAttachment } from '../../composer.ts'
import { cleanFilename, cleanName, cleanSubject, cleanType, keepIds, toCrlf } from './fields.ts'
import { signMessage } from './signature.ts'

/** A composer; nodemailer is loaded when the first message is written. */
export function createComposer(): Composer {
  return { compose }
}

async function compose(draft: Draft, dkimKey: DkimKey | null): Promise<Uint8Array> {
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer')
  const message = new MailComposer(await describeMail(draft)).compile()
  // Set here, not in `headers`: an object there may carry `prepared: true`, which goes out as it stands.
  if (draft.autoSubmitted !== null) message.setHeader('Auto-Submitted', draft.autoSubmitted)
  const raw = await message.build()
  return dkimKey === null ? raw : signMessage(raw, dkimKey)
}

async function describeMail(draft: Draft): Promise<MailComposerOptions> {
  const references = keepIds(draft.references)
  const [inReplyTo] = keepIds(draft.inReplyTo === null ? [] : [draft.inReplyTo])
  return {
    from: toMailbox(draft.from.address, draft.from.name),
    to: draft.toAddresses.map((address) => toMailbox(address, null)),
    cc: draft.ccAddresses.map((address) => toMailbox(address, null)),
    subject: await cleanSubject(draft.subject),
    // An empty text would leave the part out, and an HTML reader or an attachment would be all there is.
    text: draft.text === '' ? '\r\n' : toCrlf(draft.text),
    ...(draft.html === null ? {} : { html: toCrlf(draft.html) }),
    messageId: draft.messageIdHeader,
    date: new Date(draft.sentAt),
    ...(inReplyTo === undefined ? {} : { inReplyTo }),
    ...(references.length === 0 ? {} : { references }),
    attachments: draft.attachments.map(toAttachment),
    baseBoundary: chooseBoundary(draft),
    // Neither quoted-printable nor base64 can hold it (RFC 2045 section 6.7).
    boundaryPrefix: '=_',
    newline: 'win',
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

/** An object, so that nodemailer has nothing to parse and no way to see two addresses in one. */
function toMailbox(address: string, name: string | null) {
  return { address, name: name === null ? '' : cleanName(name) }
}

/** Base64 whatever the type: the bytes arrive as they are, and nothing in them can look like a line of ours. */
function toAttachment({ filename, contentType, bytes }: DraftAttachment): MailComposerAttachment {
  return {
    filename: cleanFilename(filename),
    contentType: cleanType(contentType),
    content: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    contentDisposition: 'attachment',
    contentTransferEncoding: 'base64',
  }
}

/** The same draft is the same message, byte for byte; and a text cannot hold a boundary that is made from it. */
function chooseBoundary({ messageIdHeader, text, html }: Draft): string {
  return createHash('sha256')
    .update(JSON.stringify([messageIdHeader, text, html]))
    .digest('hex')
    .slice(0, 32)
}
