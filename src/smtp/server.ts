/** smtp-server, switched to what we offer and nothing else. Binding is takeover.ts's, closing is listener.ts's. */

import type { Socket } from 'node:net'
import type { TlsOptions } from 'node:tls'
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server'
import type { SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js'
import { MailError } from '../errors.ts'
import { describeError } from '../log.ts'
import { Connection } from './connection.ts'
import type { SmtpContext } from './context.ts'

/** A certificate and its key, PEM. */
export type TlsFiles = { readonly key: Buffer; readonly cert: Buffer }

/** Makes a {@link Connection} of every socket, and keeps it in sight until the socket is closed. */
export class SmtpServer extends SMTPServer {
  readonly context: SmtpContext
  readonly offersTls: boolean
  /** Every connection whose socket is not closed yet. */
  readonly alive = new Set<Connection>()

  /** @throws MailError invalid_argument when certificate and key cannot be used */
  constructor(context: SmtpContext, banner: string, tls: TlsFiles | null) {
    super(chooseOptions(context, banner, tls))
    this.context = context
    this.offersTls = tls !== null
    // A failed accept, such as too many open files; a failed bind is seen by whoever bound.
    this.on('error', (error: Error) => context.log.debug('smtp_server_error', { error: describeError(error) }))
  }

  override connect(socket: Socket, options?: SMTPConnectionOptions | null): void {
    const connection = new Connection(this, socket, options)
    this.alive.add(connection)
    connection.on('gone', () => this.alive.delete(connection))
    connection.on('error', (error: Error) => {
      this.context.log.debug('smtp_connection_error', { error: describeError(error) })
    })
    connection.init()
  }

  /** The library waits a turn here, for handlers that would look something up. */
  override onConnect(_session: SMTPServerSession, callback: (error?: Error | null) => void): void {
    callback()
  }

  /** Without a certificate there is no context at all: the library's own has a key that everybody knows. */
  override updateSecureContext(options?: TlsOptions | SMTPServerOptions | null): void {
    if (this.options.key === undefined) {
      this.secureContext = new Map()
      return
    }
    try {
      super.updateSecureContext(options)
    } catch (error) {
      throw new MailError('invalid_argument', `The TLS certificate or its key cannot be used (${describeError(error)}).`, {
        hint: 'Set --tls-cert and --tls-key to PEM files that belong together.',
      })
    }
  }
}

function chooseOptions(context: SmtpContext, banner: string, tls: TlsFiles | null): SMTPServerOptions {
  return {
    name: context.domain,
    banner,
    heloResponse: '%s greets %s',
    size: context.maxMessageBytes,
    maxCommandLength: context.bounds.maxLineBytes,
    hideENHANCEDSTATUSCODES: false,
    disableReverseLookup: true,
    logger: false,
    // A client that has said all it has to say may close its side and still hear the answers.
    allowHalfOpen: true,
    // TLS 1.0 and 1.1 are withdrawn (RFC 8996); the library allows them.
    ...(tls === null ? { hideSTARTTLS: true } : { key: tls.key, cert: tls.cert, minVersion: 'TLSv1.2' }),
  }
}
