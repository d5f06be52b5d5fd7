/** One table of settings: a flag, an environment variable, a default, a check. A flag beats the environment, which beats the default. */

import { ConfigError, readArguments, show } from './command-line.ts'
import {
  belongTogether,
  type Check,
  certificateFile,
  directory,
  hostName,
  listenHost,
  oneOf,
  plainName,
  privateKeyFile,
  someOf,
  wholeNumber,
} from './config-checks.ts'
import {
  DEFAULT_DAILY_SEND_LIMIT,
  DEFAULT_MAX_MESSAGE_BYTES,
  LEAST_MAX_MESSAGE_BYTES,
  MAX_AGENT_CHARS,
  MAX_DAILY_SEND_LIMIT,
  MAX_DOMAIN_BYTES,
  MOST_MAX_MESSAGE_BYTES,
} from './limits.ts'
import { LOG_LEVELS, type LogLevel } from './log.ts'

/** Sets of tools that can be offered or left out. */
export const TOOLSETS = ['inboxes', 'messages'] as const
/** One of {@link TOOLSETS}. */
export type Toolset = (typeof TOOLSETS)[number]

/** What the caller knows of the machine and this module does not look up by itself. */
export type ConfigDefaults = {
  /** Where the data of this user's programs belongs on this system. */
  readonly dataDir: string
  readonly homeDir: string
}

/** One row of the table. `flag` is spelled with its dashes; the environment variable follows from it. */
export type Setting<Value> = {
  readonly flag: `--${string}`
  /** What stands for the value in the help, such as `<port>`. */
  readonly placeholder: string
  /** What it does, in a few words of plain English. */
  readonly help: string
  readonly check: Check<Value>
  readonly fallback: Value
  /** The fallback in the README's words, where its text is not it. */
  readonly fallbackText?: string
}

/** Every setting there is, in the order of the help. */
export function createSettings(defaults: ConfigDefaults) {
  return {
    dataDir: setting({
      flag: '--data-dir',
      placeholder: '<directory>',
      help: 'where mail is kept',
      check: directory(defaults.homeDir),
      fallback: defaults.dataDir,
      fallbackText: "the system's data directory of the user",
    }),
    domain: setting({
      flag: '--domain',
      placeholder: '<name>',
      help: 'the domain of new addresses',
      check: hostName(MAX_DOMAIN_BYTES),
      fallback: 'agents.localhost',
    }),
    agent: setting({
      flag: '--agent',
      placeholder: '<name>',
      help: 'whose inboxes these are; agents see nothing of each other',
      check: plainName(MAX_AGENT_CHARS),
      fallback: 'default',
    }),
    smtpHost: setting({
      flag: '--smtp-host',
      placeholder: '<address>',
      help: 'address on which mail is received',
      check: listenHost,
      fallback: '127.0.0.1',
    }),
    smtpPort: setting({
      flag: '--smtp-port',
      placeholder: '<port>',
      help: 'port on which mail is received; 0 takes any free one',
      check: wholeNumber(0, 65_535),
      fallback: 2525,
    }),
    tlsCert: setting<string | null>({
      flag: '--tls-cert',
      placeholder: '<file>',
      help: 'PEM certificate; offers STARTTLS, with --tls-key',
      check: certificateFile,
      fallback: null,
      fallbackText: 'none',
    }),
    tlsKey: setting<string | null>({
      flag: '--tls-key',
      placeholder: '<file>',
      help: 'PEM private key of the certificate',
      check: privateKeyFile,
      fallback: null,
      fallbackText: 'none',
    }),
    dailySendLimit: setting({
      flag: '--daily-send-limit',
      placeholder: '<messages>',
      help: 'messages a new inbox may send a day (UTC)',
      check: wholeNumber(0, MAX_DAILY_SEND_LIMIT),
      fallback: DEFAULT_DAILY_SEND_LIMIT,
    }),
    maxMessageBytes: setting({
      flag: '--max-message-bytes',
      placeholder: '<bytes>',
      help: 'largest message that is received',
      check: wholeNumber(LEAST_MAX_MESSAGE_BYTES, MOST_MAX_MESSAGE_BYTES),
      fallback: DEFAULT_MAX_MESSAGE_BYTES,
    }),
    toolsets: setting<readonly Toolset[]>({
      flag: '--toolsets',
      placeholder: '<list>',
      help: `sets of tools to offer: ${TOOLSETS.join(', ')}`,
      check: someOf(TOOLSETS),
      fallback: TOOLSETS,
    }),
    logLevel: setting<LogLevel>({
      flag: '--log-level',
      placeholder: '<level>',
      help: `least important event logged: ${LOG_LEVELS.join(', ')}`,
      check: oneOf(LOG_LEVELS),
      fallback: 'info',
    }),
  }
}

function setting<Value>(row: Setting<Value>): Setting<Value> {
  return Object.freeze(row)
}

/** The environment variable of a flag: `--data-dir` is `INBOX_MCP_DATA_DIR`. */
export function nameEnvironment(flag: string): string {
  return `${ENVIRONMENT_PREFIX}${flag.slice(2).toUpperCase().replaceAll('-', '_')}`
}

const ENVIRONMENT_PREFIX = 'INBOX_MCP_'

/** How a server runs. Paths are absolute, names lower case, every value within its bounds. */
export type Config = {
  readonly dataDir: string
  readonly domain: string
  readonly agent: string
  readonly smtpHost: string
  readonly smtpPort: number
  /** The PEM texts, read and found to belong together; null without a certificate of the user's. */
  readonly tls: { readonly cert: string; readonly key: string } | null
  readonly dailySendLimit: number
  readonly maxMessageBytes: number
  readonly toolsets: readonly Toolset[]
  readonly logLevel: LogLevel
}

export { ConfigError }

/** What the command line asks for. */
export type Invocation =
  | {
      command: 'stdio'
      config: Config
      /** Environment variables that look like settings and are none; worth a warning. */
      unknownEnvironment: readonly string[]
    }
  | { command: 'demo' }
  | { command: 'help' }
  | { command: 'version' }

/**
 * Reads the arguments (without node and script) and the environment. An empty environment variable counts as not set, because
 * clients pass one for a field left blank.
 * @throws ConfigError
 */
export function readConfig(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  defaults: ConfigDefaults,
): Invocation {
  if (argv.includes('--help') || argv.includes('-h')) return { command: 'help' }
  if (argv.includes('--version') || argv.includes('-v')) return { command: 'version' }
  const settings = createSettings(defaults)
  const flags = Object.values(settings).map((row) => row.flag)
  const { given, command } = readArguments(argv, flags)
  if (command === 'demo') {
    if (given.size > 0) throw new ConfigError(`demo takes no flags, not even ${[...given.keys()][0]}; it makes its own settings`)
    return { command }
  }
  const value = <Value>(row: Setting<Value>): Value => readValue(row, given, env)
  const config: Config = Object.freeze({
    dataDir: value(settings.dataDir),
    domain: value(settings.domain),
    agent: value(settings.agent),
    smtpHost: value(settings.smtpHost),
    smtpPort: value(settings.smtpPort),
    tls: pairTls(value(settings.tlsCert), value(settings.tlsKey)),
    dailySendLimit: value(settings.dailySendLimit),
    maxMessageBytes: value(settings.maxMessageBytes),
    toolsets: Object.freeze([...value(settings.toolsets)]),
    logLevel: value(settings.logLevel),
  })
  const known = flags.map(nameEnvironment)
  const unknownEnvironment = Object.keys(env).filter((name) => name.startsWith(ENVIRONMENT_PREFIX) && !known.includes(name))
  return { command: 'stdio', config, unknownEnvironment }
}

function readValue<Value>(
  row: Setting<Value>,
  given: ReadonlyMap<string, string>,
  env: Readonly<Record<string, string | undefined>>,
): Value {
  const flagText = given.get(row.flag)
  const text = flagText ?? (env[nameEnvironment(row.flag)] || undefined)
  if (text === undefined) return row.fallback
  const checked = row.check(text)
  if (checked.ok) return checked.value
  const name = flagText === undefined ? nameEnvironment(row.flag) : row.flag
  throw new ConfigError(`${name} must be ${checked.allowed}, not ${show(text)}`)
}

function pairTls(cert: string | null, key: string | null): Config['tls'] {
  if (cert === null && key === null) return null
  if (cert === null || key === null) throw new ConfigError('--tls-cert and --tls-key must be given together, or neither of them')
  if (!belongTogether(cert, key)) throw new ConfigError('--tls-key is not the private key of the certificate in --tls-cert')
  return Object.freeze({ cert, key })
}
