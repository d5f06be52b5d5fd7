/** How mail systems name themselves, open their reports, introduce a recipient and the returned message. All in lower case. */

/** Local parts that no person writes from. */
export const DAEMON_LOCAL_PARTS: ReadonlySet<string> = new Set([
  'mailer-daemon',
  'mailerdaemon',
  'mailer_daemon',
  'mail-daemon',
  'mail.delivery.system',
  'mail-delivery-system',
  'mail-delivery-subsystem',
])

/** Local parts that a person may write from: more must speak for a report. */
export const OFFICE_LOCAL_PARTS: ReadonlySet<string> = new Set([
  'postmaster',
  'post_master',
  'mailadmin',
  'mail-admin',
  'no-reply',
  'noreply',
  'bounce',
  'bounces',
])

/** Display names of mail systems. */
export const DAEMON_NAMES = /mail(?:er)?[ .-]?(?:deliver(?:y|er)? ?(?:sub)?system|delivery service|daemon)/

/** Fields with which list software signs what it sends by itself. */
export const OFFICE_FIELDS: readonly string[] = ['x-mlserver']

/** Fields of mail that a person or a list passed on: no report to us, whatever it holds. */
export const PASSED_ON_FIELDS: readonly string[] = ['resent-from', 'list-id', 'list-post']

/** What a report says of itself near its top. */
export const OPENINGS: readonly (string | RegExp)[] = [
  'could not be delivered',
  'could not be sent',
  "couldn't be delivered",
  'cannot be delivered',
  'not be able to deliver',
  'was not able to be delivered',
  "wasn't able to deliver",
  'unable to deliver',
  'unable to be delivered',
  'delivery to the following recipient',
  'delevery to the following recipient',
  'delivery has failed',
  'delivery failed',
  'delivery status notification',
  'delivery failure',
  'did not reach the following recipient',
  'was not delivered to',
  'was undeliverable',
  'undeliverable mail',
  'undeliverable message',
  'there was an error delivering your mail',
  'error occurred while trying to deliver',
  'error has occurred while attempting to deliver',
  'had permanent fatal errors',
  'had permanent delivery errors',
  'had delivery errors',
  'had delivery problems',
  'transcript of session follows',
  'failure reasons',
  'a message is delayed for more than',
  'trouble delivering your message',
  'incorrectly constructed',
  'was rejected by a remote',
  'was rejected by the recipient',
  'account is disabled',
  'invalid user address',
  'duplicated message-id in',
  'mail delivery system',
  /^unknown user: /,
  /^user mailbox exceeds allowed size/,
  /^invalid final delivery userid/,
]

/** Words of a report that nothing is lost yet. */
export const DELAYS: readonly string[] = [
  'has been delayed',
  'is delayed for more than',
  'this is a warning message only',
  'this is a warning only',
  'still being retried',
  'only a temporary failure report',
  'you do not need to resend',
  'you do not need to re-send',
  'could not send mail for past',
  'could not send message for past',
  'delivery status notification (delay)',
]

/** Where the returned message begins, when it is not a part of its own. */
export const RETURNED_MESSAGE: readonly RegExp[] = [
  /^[ >]{0,4}-{2,20} ?(?:this is a copy of|below this line is a copy|the headers? of the original message|enclosed is a copy|original message|unsent message|returned message|message text follows|undelivered message)/,
  /^[ >]{0,4}(?:original message follows|message headers follow|original message headers|below is a copy of the original message|included is a copy of the message header|original mail as follows)/,
  // Zoho begins it without a word, its fields without a space.
  /^received:from /,
]

/** Where the record of the session begins: what follows is about all recipients. */
export const TRANSCRIPT = /^ {0,8}-{2,10} ?transcript of session follows/

/** Words before an address that make it a recipient of the report. */
export const INTRODUCTIONS: readonly string[] = [
  'delivering your mail to',
  'deliver message to',
  'delivered to',
  'delivery failed',
  'did not reach the following recipient',
  'the following message to',
  'returned permanent errors',
  'returned temporary errors',
  'rejected recipient',
  'unknown user',
  'user mailbox exceeds allowed size',
  'invalid final delivery userid',
  'recipient address',
  'recipient',
  'addressed to',
  'rcpt to',
  'message-id in',
]
