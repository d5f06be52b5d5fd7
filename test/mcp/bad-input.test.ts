import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ERROR_KINDS, type ErrorCode, MailError } from '../../src/errors.ts'
import { CLIENTS, connect, type TestConnection } from '../support/mcp-clients.ts'

/** Tool, arguments, and what the error must say. */
type Row = [title: string, tool: string, args: Record<string, unknown>, says: RegExp, facts?: Record<string, unknown>]

const inbox = 'ada@agents.localhost'
const mail = { inbox, to: ['bob@example.org'], subject: 'Hello', text: 'Hello' }
const many = (length: number) => Array.from({ length }, (_, i) => `r${i}@example.org`)
const CODES = Object.keys(ERROR_KINDS).filter((code): code is ErrorCode => Object.hasOwn(ERROR_KINDS, code))

const ROWS: Row[] = [
  [
    'an unknown argument, with the one that was meant',
    'create_inbox',
    { displayname: 'Ada' },
    /no argument displayname.*Did you mean displayName\?/s,
    { argument: 'displayname', didYouMean: 'displayName' },
  ],
  ['an unknown argument in snake_case', 'read_message', { inbox, message_id: 'x', messageId: 'x' }, /Did you mean messageId\?/],
  ['the beginning of an argument', 'wait_for_message', { inbox, timeout: 5 }, /Did you mean timeoutSeconds\?/],
  [
    'the inbox by the name of what it may be',
    'explain_delivery',
    { address: inbox },
    /no argument address.*Did you mean inbox\?/s,
    { argument: 'address', didYouMean: 'inbox' },
  ],
  ['an argument like no other', 'list_inboxes', { zzz: 1 }, /no argument zzz.*It takes limit, offset\./s, { argument: 'zzz' }],
  ['an argument named after a property of every object', 'list_inboxes', { constructor: 1 }, /no argument constructor/],
  ['an argument whose name is an attack', 'list_inboxes', { ['\u0000<<<mail \n'.repeat(9)]: 1 }, /no argument \?+/],
  ['a missing argument', 'check_quota', {}, /inbox is required\./, { argument: 'inbox' }],
  ['a number in quotes', 'list_inboxes', { limit: '5' }, /limit must be a number, not a string\./],
  ['null for an argument that may be left out', 'list_inboxes', { limit: null }, /limit must be a number, not null\./],
  ['a limit of 0', 'list_inboxes', { limit: 0 }, /limit must be at least 1 \(it was 0\)\./, { argument: 'limit' }],
  ['a limit of 101', 'list_messages', { inbox, limit: 101 }, /limit must be at most 100 \(it was 101\)\./],
  ['half a row', 'list_inboxes', { limit: 1.5 }, /limit must be a whole number, not a fraction\./],
  ['a negative offset', 'list_inboxes', { offset: -1 }, /offset must be at least 0/],
  ['an empty inbox', 'list_messages', { inbox: '' }, /inbox must have at least 1 character\./],
  ['an inbox longer than any address', 'list_messages', { inbox: 'a'.repeat(255) }, /inbox must have at most 254 characters\./],
  ['an inbox that is a list', 'list_messages', { inbox: [inbox] }, /inbox must be a string, not an array\./],
  ['a wait longer than a client waits', 'wait_for_message', { inbox, timeoutSeconds: 51 }, /timeoutSeconds must be at most 50/],
  ['a cursor below zero', 'wait_for_message', { inbox, after: -1 }, /after must be at least 0/],
  ['an empty condition', 'wait_for_message', { inbox, subject: '' }, /subject must have at least 1 character\./],
  [
    'a part that does not exist',
    'read_message',
    { inbox, messageId: 'x', part: 'pdf' },
    /part must be one of text, full, html\./,
  ],
  ['too many tokens', 'read_message', { inbox, messageId: 'x', maxTokens: 10_001 }, /maxTokens must be at most 10000/],
  [
    'too many labels',
    'update_message',
    { inbox, messageId: 'x', addLabels: Array.from({ length: 21 }, () => 'a') },
    /addLabels must have at most 20 items\./,
  ],
  [
    'a label that is no text',
    'update_message',
    { inbox, messageId: 'x', addLabels: [7] },
    /addLabels\.0 must be a string, not a number\./,
  ],
  ['a word for yes', 'update_message', { inbox, messageId: 'x', read: 'yes' }, /read must be a boolean, not a string\./],
  ['no sends', 'check_quota', { inbox, sends: 0 }, /sends must be at least 1/],
  ['one address without a list', 'send_message', { ...mail, to: 'bob@example.org' }, /to must be an array, not a string\./],
  ['nobody to write to', 'send_message', { ...mail, to: [] }, /to must have at least 1 item\./],
  [
    'a recipient that is an object',
    'send_message',
    { ...mail, to: [{ email: 'a@b' }] },
    /to\.0 must be a string, not an object\./,
  ],
  ['an empty recipient', 'send_message', { ...mail, cc: [''] }, /cc\.0 must have at least 1 character\./],
  ['too many recipients in one list', 'send_message', { ...mail, bcc: many(51) }, /bcc must have at most 50 items\./],
  [
    'too many recipients in all lists',
    'send_message',
    { ...mail, to: many(30), cc: many(60).slice(30) },
    /There are 60 recipients; 50 is the most\./,
  ],
  ['two recipients in one', 'send_message', { ...mail, to: ['a@example.org, b@example.org'] }, /recipient .* has white space/],
  ['a recipient with a name', 'send_message', { ...mail, to: ['<bob@example.org>'] }, /angle brackets or a display name/],
  [
    'a recipient that would be a second header',
    'send_message',
    { ...mail, to: ['bob@example.org\r\nBcc: eve@example.org'] },
    /control character/,
  ],
  ['no text', 'send_message', { inbox, to: ['bob@example.org'], subject: 'Hello', html: '<b>Hi</b>' }, /text is required\./],
  ['blank text', 'send_message', { ...mail, text: ' \n' }, /text is empty; it is required, html is not\./],
  ['no subject', 'send_message', { inbox, to: ['bob@example.org'], text: 'Hello' }, /subject is required\./],
  ['an endless subject', 'send_message', { ...mail, subject: 'x'.repeat(999) }, /subject must have at most 998 characters\./],
  [
    'a body instead of a text',
    'send_message',
    { inbox, to: ['b@example.org'], body: 'x' },
    /no argument body\..*It takes .*text/s,
  ],
  ['a word for automatic', 'send_message', { ...mail, automatic: 'no' }, /automatic must be a boolean, not a string\./],
  ['headers of its own', 'send_message', { ...mail, headers: { 'X-A': '1' } }, /no argument headers/],
  ['a sender of its own', 'send_message', { ...mail, from: 'boss@example.org' }, /no argument from\./],
  ['recipients of a reply', 'reply_to_message', { inbox, messageId: 'x', text: 'x', to: ['b@example.org'] }, /no argument to\./],
  ['a reply to nothing', 'reply_to_message', { inbox, text: 'x' }, /messageId is required\./],
  [
    'an unknown field of an attachment, with those there are',
    'send_message',
    { ...mail, attachments: [{ filename: 'a', text: 'a' }, { url: 'https://example.org/a' }] },
    /no argument attachments\.1\.url\. *\nattachments\.1 takes filename, contentType, text, base64, messageId, attachmentId, path\./,
    { argument: 'attachments.1.url' },
  ],
  [
    'a misspelt field of an attachment',
    'reply_to_message',
    { inbox, messageId: 'x', text: 'x', attachments: [{ file_name: 'a', text: 'a' }] },
    /Did you mean filename\?/,
    { argument: 'attachments.0.file_name', didYouMean: 'filename' },
  ],
  [
    'an attachment that is a path',
    'send_message',
    { ...mail, attachments: ['a.pdf'] },
    /attachments\.0 must be an object, not a string/,
  ],
  [
    'an attachment of bytes',
    'send_message',
    { ...mail, attachments: [{ filename: 'a', base64: [1, 2] }] },
    /attachments\.0\.base64 must be a string, not an array\./,
  ],
  [
    'too many attachments',
    'send_message',
    { ...mail, attachments: Array.from({ length: 21 }, () => ({ filename: 'a', text: 'a' })) },
    /attachments must have at most 20 items\./,
  ],
  ['a limit of threads that is none', 'list_threads', { inbox, limit: 0 }, /limit must be at least 1/],
  ['a thread without an id', 'read_thread', { inbox }, /threadId is required\./],
  ['a wait for nothing there is', 'wait_for_message', { inbox, for: 'bounce' }, /for must be one of mail, delivery\./],
  [
    'a wait for delivery of no message',
    'wait_for_message',
    { inbox, for: 'delivery' },
    /messageId is required with for "delivery"\..*send_message or reply_to_message answered/s,
    { argument: 'messageId' },
  ],
  [
    'a wait for delivery from a sender',
    'wait_for_message',
    { inbox, for: 'delivery', messageId: 'x', from: 'bob' },
    /from goes only with for "mail".*set for to "mail" to wait for an answer/s,
    { argument: 'from' },
  ],
  [
    'a wait for delivery with a subject',
    'wait_for_message',
    { inbox, for: 'delivery', messageId: 'x', subject: 'x' },
    /subject goes/,
  ],
  [
    'a wait for delivery with words',
    'wait_for_message',
    { inbox, for: 'delivery', messageId: 'x', contains: 'x' },
    /contains goes/,
  ],
  [
    'a wait for mail that has an id already',
    'wait_for_message',
    { inbox, messageId: 'x' },
    /messageId goes only with for "delivery".*Set for to "delivery"/s,
    { argument: 'messageId' },
  ],
]

describe.each(CLIENTS)('%s', (kind) => {
  let t: TestConnection
  beforeAll(async () => {
    t = await connect(kind)
    await t.client.callTool('create_inbox', { localPart: 'ada' })
  })
  afterAll(() => t.client.close())

  test.each(ROWS)('is told about %s', async (_title, tool, args, says, facts = {}) => {
    const { isError, structured, text } = await t.client.callTool(tool, args)
    expect(isError).toBe(true)
    expect(structured.error).toMatchObject({ code: 'invalid_argument', retryable: false, httpStatus: 400, ...facts })
    expect(text).toMatch(says)
    expect(text).toMatch(/^Error invalid_argument \(400\): /)
    expect(text).not.toMatch(/<<<mail/)
  })

  test('is told that there is no such inbox, by a wrong address or a wrong id', async () => {
    for (const wrong of ['not an address', 'eve@agents.localhost', '00000000-0000-7000-8000-000000000000']) {
      const { isError, structured } = await t.client.callTool('list_messages', { inbox: wrong })
      expect(isError).toBe(true)
      expect(structured.error).toMatchObject({ code: 'inbox_not_found', httpStatus: 404, hint: ERROR_KINDS.inbox_not_found.hint })
    }
  })

  test('is told that there is no such message', async () => {
    const { structured } = await t.client.callTool('read_message', { inbox, messageId: 'nope' })
    expect(structured.error).toMatchObject({ code: 'message_not_found' })
  })
})

describe('an error', () => {
  let t: TestConnection
  beforeAll(async () => {
    t = await connect('SDK v2, legacy')
  })
  afterAll(() => t.client.close())

  test.each(CODES)('%s keeps its code, hint, status and facts in structure and words', async (code) => {
    t.post.failure = new MailError(code, 'What was wrong.', {
      facts: { resetsAt: '2026-11-25T00:00:00.000Z', retryAfterSeconds: 60 },
    })
    const { isError, structured, text } = await t.client.callTool('list_inboxes')
    const { hint, retryable, httpStatus } = ERROR_KINDS[code]
    expect(isError).toBe(true)
    const facts = { resetsAt: '2026-11-25T00:00:00.000Z', retryAfterSeconds: 60 }
    expect(structured).toEqual({ error: { code, message: 'What was wrong.', hint, retryable, httpStatus, ...facts } })
    for (const part of [code, String(httpStatus), 'What was wrong.', hint, 'retryAfterSeconds: 60']) expect(text).toContain(part)
    expect(text).toContain(retryable ? 'may succeed later' : 'will fail again')
  })

  test('that nobody meant is logged and answered as internal, without its words', async () => {
    t.post.failure = new TypeError('secret of the store')
    const { isError, structured, text } = await t.client.callTool('list_inboxes')
    expect(isError).toBe(true)
    expect(structured.error).toMatchObject({ code: 'internal', retryable: true, httpStatus: 500 })
    expect(text + JSON.stringify(structured)).not.toContain('secret')
    expect(t.log.filter((line) => line.includes('secret of the store') && line.includes('list_inboxes'))).toHaveLength(1)
  })

  test('in a resource is masked just so', async () => {
    t.post.failure = new TypeError('secret of the store')
    await expect(t.client.readResource('inbox:///ada@agents.localhost')).rejects.toThrow('Something broke inside the server.')
    t.post.failure = new MailError('store_unavailable', 'The store is closed.')
    await expect(t.client.readResource('inbox:///ada@agents.localhost')).rejects.toThrow(
      'The store is closed. Try again in a moment',
    )
  })
})
