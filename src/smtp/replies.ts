/**
 * Every reply of ours, whole, with its enhanced status code (RFC 3463) and without its line end. None carries anything that a client
 * said, so none can be split or forged. Codes are those of RFC 5321 section 4.2.3 and the IANA registry of enhanced codes.
 */

/** By what they are for; 421 ends the session. */
export const REPLIES = {
  senderOk: '250 2.1.0 Sender ok',
  recipientOk: '250 2.1.5 Recipient ok',
  sendData: '354 End data with <CR><LF>.<CR><LF>',

  badSender: '501 5.1.7 Bad sender address syntax',
  senderRefused: '553 5.1.7 Sender address not allowed',
  badRecipient: '501 5.1.3 Bad recipient address syntax',
  badParameter: '501 5.5.4 Bad parameter',
  unknownParameter: '555 5.5.4 Parameter not supported',
  noArgument: '501 5.5.4 This command takes no argument',

  nestedMail: '503 5.5.1 Sender already given',
  needMail: '503 5.5.1 Give the sender with MAIL first',
  needRecipient: '503 5.5.1 Give a recipient with RCPT first',
  noRecipients: '554 5.5.1 No valid recipients',
  noRecipientsNow: '451 4.3.0 No recipient could be taken now, try again later',

  unknownRecipient: '550 5.1.1 No such inbox here',
  suspendedRecipient: '550 5.2.1 This inbox is suspended',
  tooManyRecipients: '452 4.5.3 Too many recipients',
  failure: '451 4.3.0 Temporary failure here, try again later',
  noRoom: '452 4.3.1 Too much mail at once, try again later',
  tooLarge: '552 5.3.4 Message too large',
  mailLoop: '554 5.4.6 Too many Received headers, this is a mail loop',

  tooManyConnections: '421 4.3.2 Too many connections, try again later',
  tooManyFromAddress: '421 4.7.0 Too many connections from your address',
  makeRoom: '421 4.3.2 Idle or too slow while others wait',
  tooManyIdleCommands: '421 4.7.0 Too many commands without a message',
  tooManyRefused: '421 4.7.0 Too many unknown recipients',
  tooManyExcess: '421 4.5.3 Too many recipients, send them in messages of their own',
  lineTooLong: '421 4.7.0 Command line too long',
  idleTooLong: '421 4.4.2 Idle for too long',
  sessionTooLong: '421 4.4.2 This session has lasted too long',
  dataTooSlow: '421 4.4.2 The message took too long',
  shuttingDown: '421 4.3.2 Shutting down, try again later',
} as const

/** A message is durable; only now may this be said. `id` is ours. */
export function replyAccepted(id: string): string {
  return `250 2.6.0 Accepted as ${id}`
}
