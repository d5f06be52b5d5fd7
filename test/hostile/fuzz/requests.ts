/** Requests of MCP as a client sends them, and as none should. */

import type { Dice } from '../../support/dice.ts'
import { ENVELOPE } from '../../support/mcp-raw.ts'
import { BYTE_MUTATORS, mutate, rollFew, toBytes } from './bytes.ts'
import { MAIL_TOKENS, UNICODE_NASTIES } from './dictionary.ts'
import { mutateText } from './text.ts'

/** What requests may name: of the agent itself, of another agent, of nobody. */
export type Names = {
  readonly inboxes: readonly string[]
  readonly messages: readonly string[]
  readonly threads: readonly string[]
  /** An inbox that may be deleted. */
  readonly spare: string
  /** Files that must not be read. */
  readonly paths: readonly string[]
}

type Json = null | boolean | number | string | Json[] | { [name: string]: Json }
type Fields = { [name: string]: Json }

/** Written into the text of a request where no value of ours could make it. */
const PLACEHOLDERS: Readonly<Record<string, (dice: Dice) => string>> = {
  '@deep-array@': (dice) => nestText('[', ']', dice),
  '@deep-object@': (dice) => nestText('{"a":', '}', dice, '1'),
  '@huge-number@': (dice) => '9'.repeat(rollFew(dice, 2_000)),
  '@huge-exponent@': () => '1e999999',
  '@tiny@': () => '-0.0000000000000000000000000000001e-400',
  '@long@': (dice) => JSON.stringify('x'.repeat(rollFew(dice, 200_000))),
  '@twice@': () => '1,"inbox":2,"inbox":3',
  '@prototype@': () => '{"__proto__":{"isAdmin":true},"constructor":{"prototype":{"x":1}},"toString":1}',
}
const MARKS = Object.keys(PLACEHOLDERS)

/** Of these in one request; any more is more of the same. */
const MAX_FILLED = 4
/** Far below MAX_REQUEST_BYTES, at which the connection ends as it should. */
const MAX_WRITTEN_BYTES = 2_000_000

function nestText(open: string, close: string, dice: Dice, within = ''): string {
  const depth = dice.roll(20) === 0 ? 20_000 : rollFew(dice, 500)
  return open.repeat(depth) + within + close.repeat(depth)
}

const SCALARS: readonly Json[] = [
  ...[
    null,
    true,
    false,
    0,
    -1,
    1,
    1.5,
    50,
    1e21,
    -1e308,
    2 ** 53,
    2 ** 31,
    4_294_967_296,
    '',
    ' ',
    '0',
    '-1',
    'true',
    'null',
    'NaN',
    [],
    {},
    [[]],
    [null],
    [''],
  ],
  ...[
    'default',
    '*',
    '%',
    '../..',
    '__proto__',
    'constructor',
    '\ud800',
    '\u0000',
    'a'.repeat(300),
    'é'.repeat(100),
    '{{x}}',
    "' OR 1=1 --",
    'inbox:///status',
    '2026-07-28',
  ],
]

function listCalls({ inboxes, messages, threads, spare, paths }: Names, dice: Dice): readonly (readonly [string, Fields])[] {
  const inbox = dice.pick(inboxes)
  const messageId = dice.pick(messages)
  const to = ['ada@agents.localhost', 'bob@example.org']
  return [
    ['create_inbox', { localPart: `fuzz-${dice.roll(1_000_000)}`, displayName: 'Fuzz', idempotencyKey: `k${dice.roll(1_000)}` }],
    ['list_inboxes', { limit: 5, offset: 0 }],
    ['delete_inbox', { inbox: spare, confirm: spare }],
    ['check_quota', { inbox, sends: 3 }],
    ['list_messages', { inbox, query: 'from:ada code -x', after: 0, limit: 5, offset: 0 }],
    ['read_message', { inbox, messageId, part: dice.pick(['text', 'full', 'html']), maxTokens: 200, offset: dice.roll(2) * 10 }],
    ['read_message', { inbox, messageId, attachmentId: '1', maxTokens: 100 }],
    ['wait_for_message', { inbox, after: 0, from: 'ada', subject: 'code', contains: 'x', timeoutSeconds: 0 }],
    ['wait_for_message', { inbox, for: 'delivery', messageId, timeoutSeconds: 0 }],
    ['save_attachment', { inbox, messageId, attachmentId: '1', filename: 'a.txt' }],
    ['list_threads', { inbox, limit: 5 }],
    ['read_thread', { inbox, threadId: dice.pick(threads), limit: 5 }],
    ['update_message', { inbox, messageId, read: true, addLabels: ['a', 'b'], removeLabels: ['c'] }],
    ['delete_message', { inbox, messageId: 'none' }],
    ['explain_delivery', { inbox }],
    [
      'send_message',
      {
        inbox,
        to,
        cc: [],
        subject: 'Hello',
        text: 'Hello',
        html: '<p>Hello</p>',
        attachments: [
          { filename: 'a.txt', text: 'a' },
          { filename: 'b', base64: 'AAAA' },
        ],
      },
    ],
    [
      'send_message',
      { inbox, to, subject: 'File', text: 'File', attachments: [{ path: dice.pick(paths) }, { messageId, attachmentId: '1' }] },
    ],
    ['reply_to_message', { inbox, messageId, text: 'Thanks', replyAll: true, idempotencyKey: 'r' }],
  ]
}

function listMethods({ inboxes, messages }: Names, dice: Dice): readonly (readonly [string, Fields])[] {
  const uri = `inbox:///${dice.pick(inboxes)}/messages/${dice.pick(messages)}`
  return [
    ['ping', {}],
    ['initialize', { protocolVersion: '2025-11-25', capabilities: { elicitation: {} }, clientInfo: { name: 'x', version: '1' } }],
    ['server/discover', { _meta: ENVELOPE }],
    ['tools/list', { cursor: 'x' }],
    ['resources/list', { cursor: 'x' }],
    ['resources/templates/list', {}],
    [
      'resources/read',
      { uri: dice.pick([uri, `${uri}/raw`, `${uri}/attachments/1`, 'inbox:///status', 'file:///etc/passwd', 'inbox:///%00/..']) },
    ],
    ['resources/subscribe', { uri }],
    ['resources/unsubscribe', { uri }],
    ['prompts/list', {}],
    [
      'prompts/get',
      {
        name: dice.pick(['reply_in_thread', 'triage_inbox', 'sign_up']),
        arguments: { inbox: dice.pick(inboxes), site: 'x.test' },
      },
    ],
    ['completion/complete', { ref: { type: 'ref/resource', uri: 'inbox:///{id}' }, argument: { name: 'id', value: 'a' } }],
    ['tasks/get', { taskId: 'x' }],
    ['tasks/cancel', { taskId: 'x' }],
    ['tasks/list', {}],
    ['logging/setLevel', { level: 'debug' }],
    ['notifications/cancelled', { requestId: dice.roll(100), reason: 'x' }],
    ['notifications/initialized', {}],
    ['notifications/progress', { progressToken: 1, progress: 1e9 }],
    ['sampling/createMessage', { messages: [] }],
  ]
}

/** Ids that answers of good requests never have. */
const pickId = (dice: Dice): Json =>
  dice.pick<Json>([dice.roll(1_000), dice.roll(1_000), `f${dice.roll(1_000)}`, null, 0, -1, 1.5, '', '1', 2 ** 60, true, [1], {}])

/** One or several lines, with or without the last line end; hardly ever what a client should send. */
export function writeRequest(dice: Dice, names: Names, meta: Fields | null): Buffer {
  const message = changeMessage(makeMessage(dice, names, meta), dice)
  const several = dice.roll(25) === 0 ? Array.from({ length: rollFew(dice, 20) }, () => makeMessage(dice, names, meta)) : null
  const text = fillIn(JSON.stringify(several ?? message), dice)
  return breakLine(text, dice)
}

function makeMessage(dice: Dice, names: Names, meta: Fields | null): Fields {
  const isTool = dice.roll(4) > 0
  const [name, fields] = dice.pick(isTool ? listCalls(names, dice) : listMethods(names, dice))
  const params: Fields = isTool ? { name, arguments: fields } : fields
  const method = isTool ? 'tools/call' : name
  const isNotification = method.startsWith('notifications/')
  return {
    jsonrpc: '2.0',
    ...(!isNotification && { id: dice.roll(20) === 0 ? pickId(dice) : dice.roll(1_000_000) }),
    method,
    params: { ...params, ...(meta && { _meta: meta }) },
  }
}

/** Mostly in the arguments: a request that is none at all says little. */
function changeMessage(message: Fields, dice: Dice): Json {
  let changed: Json = message
  const changes = dice.roll(4)
  for (let change = 0; change < changes; change += 1) changed = changeSomewhere(changed, dice, 0)
  return changed
}

function changeSomewhere(value: Json, dice: Dice, depth: number): Json {
  const isContainer = typeof value === 'object' && value !== null
  // The outermost levels are left alone mostly, so that what is changed is looked at.
  if (!isContainer || dice.roll(depth <= 2 ? 30 : 4) === 0) return changeValue(value, dice)
  if (Array.isArray(value)) {
    if (value.length === 0) return changeValue(value, dice)
    const at = dice.roll(value.length)
    return value.with(at, changeSomewhere(value[at] ?? null, dice, depth + 1))
  }
  const entries = Object.entries(value)
  // A request whose outer names are wrong is passed over, whatever is in it.
  const inner = entries.findIndex(([name]) => name === 'params' || name === 'arguments')
  const at = inner >= 0 && dice.roll(12) > 0 ? inner : dice.roll(Math.max(1, entries.length))
  const [name = 'x', held = null] = entries[at] ?? []
  const without = Object.fromEntries(entries.filter((_, index) => index !== at))
  switch (depth < 2 ? 9 : dice.roll(10)) {
    case 0:
      return without
    case 1:
      return {
        ...without,
        [dice.pick([
          '__proto__',
          'constructor',
          `${name} `,
          name.toUpperCase(),
          '',
          'toString',
          dice.pick(UNICODE_NASTIES),
          'a'.repeat(5_000),
        ])]: held,
      }
    case 2:
      return { ...value, [dice.pick(['__proto__', 'inbox', 'extra', 'limit', '$ref', 'then', 'toJSON'])]: dice.pick(SCALARS) }
    default:
      return { ...without, [name]: changeSomewhere(held, dice, depth + 1) }
  }
}

function changeValue(value: Json, dice: Dice): Json {
  const kind = dice.roll(10)
  if (kind < 3) return dice.pick(SCALARS)
  if (kind === 3) return dice.pick(MARKS)
  if (kind === 4) return dice.roll(2) === 0 ? [value] : { value }
  if (kind === 5) return Array<Json>(rollFew(dice, 3_000)).fill(value)
  if (typeof value === 'string') return mutateText(dice, [value], MAIL_TOKENS)
  if (typeof value === 'number') return dice.pick([-value, value + 0.5, value * 1e9, String(value), value - 1])
  return dice.pick(SCALARS)
}

function fillIn(text: string, dice: Dice): string {
  let filled = 0
  return text.replaceAll(/"(@[a-z-]+@)"/g, (whole, mark: string) => {
    const write = Object.hasOwn(PLACEHOLDERS, mark) ? PLACEHOLDERS[mark] : undefined
    if (write === undefined || filled === MAX_FILLED) return whole
    filled += 1
    return write(dice)
  })
}

/** What goes wrong on the way: bytes that are no UTF-8, half lines, several in one, none at all. */
function breakLine(text: string, dice: Dice): Buffer {
  const bytes = toBytes(text).slice(0, MAX_WRITTEN_BYTES)
  switch (dice.roll(20)) {
    case 0:
      return Buffer.from(`${mutate(bytes, BYTE_MUTATORS, dice, [bytes]).slice(0, MAX_WRITTEN_BYTES)}\n`, 'latin1')
    case 1:
      return Buffer.from(bytes.slice(0, dice.roll(bytes.length)), 'latin1')
    case 2:
      return Buffer.from(
        `${dice.pick(['\r\n', '\n\n', '\xff\xfe', '\xef\xbb\xbf', '\0', ' ', 'Content-Length: 10\r\n\r\n', '[', '{'])}${bytes}${dice.pick(['\n', '\r\n', '\0\n', ']\n', bytes, ''])}`,
        'latin1',
      )
    default:
      return Buffer.from(`${bytes}\n`, 'latin1')
  }
}
