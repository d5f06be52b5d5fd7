/** The command line and the environment, read into one frozen Config. A flag beats the environment, which beats the default. */

import { join } from 'node:path'
import { ConfigError, readArguments, show } from './command-line.ts'
import { belongTogether } from './config-checks.ts'
import type { LogLevel } from './log.ts'
import { COMMAND_FLAGS, COMMAND_SWITCHES, explainStrayFlag, type OwnerRequest, readOwnerRequest } from './owner-request.ts'
import type { SendPolicy } from './send-policy.ts'
import {
  type ConfigDefaults,
  createSettings,
  ENVIRONMENT_PREFIX,
  nameEnvironment,
  type Setting,
  type Toolset,
} from './settings.ts'

/** How a server runs. Paths are absolute, names lower case, every value within its bounds. */
export type Config = {
  readonly dataDir: string
  readonly domain: string
  /** The public name of this server. */
  readonly mxHost: string
  /** As node:dns takes them; null for those of the system. */
  readonly dnsServers: readonly string[] | null
  readonly agent: string
  readonly smtpHost: string
  readonly smtpPort: number
  /** The PEM texts, read and found to belong together; null without a certificate of the user's. */
  readonly tls: { readonly cert: string; readonly key: string } | null
  readonly dailySendLimit: number
  readonly maxMessageBytes: number
  /** 0 for ever. */
  readonly keepDays: number
  /** Of 1,048,576 bytes; 0 without a bound. */
  readonly keepMb: number
  /** As given; null without a relay. */
  readonly relayUrl: string | null
  /** In lower-case A-labels; null when nobody's word counts. */
  readonly trustRelay: string | null
  readonly dryRun: boolean
  readonly sendPolicy: SendPolicy
  readonly readOnly: boolean
  /** Where attachments are saved, and whose files may be attached: by default of this agent alone. */
  readonly downloadDir: string
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
  | { command: 'owner'; config: Config; request: OwnerRequest }
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
  const rows: readonly Setting<unknown>[] = Object.values(settings)
  const flags = rows.map((row) => row.flag)
  const switches = rows.filter((row) => row.isSwitch).map((row) => row.flag)
  const { given, words } = readArguments(argv, [...flags, ...COMMAND_FLAGS], [...switches, ...COMMAND_SWITCHES])
  const ofCommand = new Map([...given].filter(([flag]) => COMMAND_FLAGS.some((known) => known === flag)))
  if (words[0] === 'demo' && words.length === 1) {
    if (given.size > 0) throw new ConfigError(`demo takes no flags, not even ${[...given.keys()][0]}; it makes its own settings`)
    return { command: 'demo' }
  }
  const [stray] = words.length === 0 ? ofCommand.keys() : []
  if (stray !== undefined) throw new ConfigError(explainStrayFlag(stray))
  const request = words.length === 0 ? null : readOwnerRequest(words, ofCommand)
  const value = <Value>(row: Setting<Value>): Value => readValue(row, given, env)
  const config: Config = Object.freeze({
    dataDir: value(settings.dataDir),
    domain: value(settings.domain),
    mxHost: value(settings.mxHost) ?? value(settings.domain),
    dnsServers: value(settings.dnsServers),
    agent: value(settings.agent),
    smtpHost: value(settings.smtpHost),
    smtpPort: value(settings.smtpPort),
    tls: pairTls(value(settings.tlsCert), value(settings.tlsKey)),
    dailySendLimit: value(settings.dailySendLimit),
    maxMessageBytes: value(settings.maxMessageBytes),
    keepDays: value(settings.keepDays),
    keepMb: value(settings.keepMb),
    relayUrl: value(settings.relayUrl),
    trustRelay: value(settings.trustRelay),
    dryRun: value(settings.dryRun),
    sendPolicy: value(settings.sendTo),
    readOnly: value(settings.readOnly),
    downloadDir: value(settings.downloadDir) ?? join(value(settings.dataDir), 'downloads', value(settings.agent)),
    toolsets: Object.freeze([...value(settings.toolsets)]),
    logLevel: value(settings.logLevel),
  })
  if (request !== null) return { command: 'owner', config, request }
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
