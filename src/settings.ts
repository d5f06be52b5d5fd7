/** The table of settings: a flag, an environment variable, a default, a check, and what it does in a few words. */

import {
  anyText,
  type Check,
  certificateFile,
  directory,
  dnsServers,
  hostName,
  listenHost,
  oneOf,
  onOrOff,
  plainName,
  privateKeyFile,
  sendPolicy,
  someOf,
  wholeNumber,
} from './config-checks.ts'
import {
  DEFAULT_DAILY_SEND_LIMIT,
  DEFAULT_MAX_MESSAGE_BYTES,
  LEAST_MAX_MESSAGE_BYTES,
  MAX_AGENT_CHARS,
  MAX_DAILY_SEND_LIMIT,
  MAX_DNS_SERVERS,
  MAX_DOMAIN_BYTES,
  MAX_KEEP_DAYS,
  MAX_KEEP_MB,
  MOST_MAX_MESSAGE_BYTES,
} from './limits.ts'
import { LOG_LEVELS, type LogLevel } from './log.ts'
import type { SendPolicy } from './send-policy.ts'

/** Sets of tools that can be offered or left out. */
export const TOOLSETS = ['inboxes', 'messages', 'sending', 'domains'] as const
/** One of {@link TOOLSETS}. */
export type Toolset = (typeof TOOLSETS)[number]
/** Those that are offered unless `--toolsets` says otherwise: every tool costs every conversation. */
export const DEFAULT_TOOLSETS: readonly Toolset[] = ['inboxes', 'messages', 'sending']

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
  /** On when it stands alone. */
  readonly isSwitch?: true
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
    relayUrl: setting<string | null>({
      flag: '--relay-url',
      placeholder: '<url>',
      help: 'the way out: smtp(s)://user:password@host:port',
      check: anyText,
      fallback: null,
      fallbackText: 'none: mail reaches inboxes here only',
    }),
    trustRelay: setting<string | null>({
      flag: '--trust-relay',
      placeholder: '<host>',
      help: 'relay to believe; all on loopback is taken for it',
      check: hostName(MAX_DOMAIN_BYTES),
      fallback: null,
      fallbackText: 'none: all is checked here',
    }),
    dryRun: setting({
      flag: '--dry-run',
      placeholder: '',
      help: 'record and count mail to the outside, and do not send it',
      check: onOrOff,
      fallback: false,
      fallbackText: 'off',
      isSwitch: true,
    }),
    sendTo: setting<SendPolicy>({
      flag: '--send-to',
      placeholder: '<who>',
      help: 'whom agents may write to: anyone, correspondents, or addresses and domains',
      check: sendPolicy,
      fallback: { kind: 'anyone' },
      fallbackText: 'anyone',
    }),
    readOnly: setting({
      flag: '--read-only',
      placeholder: '',
      help: 'make, change, remove and send nothing; agents only read and wait',
      check: onOrOff,
      fallback: false,
      fallbackText: 'off',
      isSwitch: true,
    }),
    downloadDir: setting<string | null>({
      flag: '--download-dir',
      placeholder: '<directory>',
      help: 'where attachments are saved and taken from',
      check: directory(defaults.homeDir),
      fallback: null,
      fallbackText: 'downloads/AGENT in the data directory',
    }),
    mxHost: setting<string | null>({
      flag: '--mx-host',
      placeholder: '<name>',
      help: 'public name of this server, for MX records of own domains',
      check: hostName(MAX_DOMAIN_BYTES),
      fallback: null,
      fallbackText: 'that of --domain',
    }),
    dnsServers: setting<readonly string[] | null>({
      flag: '--dns-servers',
      placeholder: '<list>',
      help: 'DNS servers to ask about senders and own domains',
      check: dnsServers(MAX_DNS_SERVERS),
      fallback: null,
      fallbackText: "the system's",
    }),
    maxMessageBytes: setting({
      flag: '--max-message-bytes',
      placeholder: '<bytes>',
      help: 'largest message that is received',
      check: wholeNumber(LEAST_MAX_MESSAGE_BYTES, MOST_MAX_MESSAGE_BYTES),
      fallback: DEFAULT_MAX_MESSAGE_BYTES,
    }),
    keepDays: setting({
      flag: '--keep-days',
      placeholder: '<days>',
      help: 'days that mail is kept; 0 keeps it for ever',
      check: wholeNumber(0, MAX_KEEP_DAYS),
      fallback: 0,
    }),
    keepMb: setting({
      flag: '--keep-mb',
      placeholder: '<megabytes>',
      help: 'megabytes that mail may take before the oldest goes; 0 sets no bound',
      check: wholeNumber(0, MAX_KEEP_MB),
      fallback: 0,
    }),
    toolsets: setting<readonly Toolset[]>({
      flag: '--toolsets',
      placeholder: '<list>',
      help: `sets of tools to offer: ${TOOLSETS.join(', ')}`,
      check: someOf(TOOLSETS),
      fallback: DEFAULT_TOOLSETS,
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

/** How the environment variables of this program begin. */
export const ENVIRONMENT_PREFIX = 'INBOX_MCP_'
