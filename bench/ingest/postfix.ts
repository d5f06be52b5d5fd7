/** Postfix with a configuration and a queue of its own, beside whatever the machine does with it: everything as by default, except that nothing leaves. */

import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { findFreePort, Skipped, type Subject, waitForGreeting } from './subject.ts'

/** Needs root, as Postfix does. @throws Skipped where it is not installed, or cannot be started */
export async function startPostfix(): Promise<Subject> {
  if (spawnSync('postconf', ['-d', 'mail_version'], { stdio: 'ignore' }).status !== 0) throw new Skipped('it is not installed')
  if (process.getuid?.() !== 0) throw new Skipped('only root can start it')
  const port = await findFreePort()
  const home = mkdtempSync(join(tmpdir(), 'inbox-mcp-bench-'))
  // Its processes, which are not root's, look into it.
  chmodSync(home, 0o755)
  const config = join(home, 'etc')
  for (const dir of ['etc', 'queue', 'data']) mkdirSync(join(home, dir))
  writeFileSync(join(config, 'main.cf'), writeMain(home))
  writeFileSync(join(config, 'master.cf'), writeMaster(port))
  spawnSync('chown', ['postfix', join(home, 'data')])
  const started = spawnSync('postfix', ['-c', config, 'start'], { encoding: 'utf8', timeout: 30_000 })
  if (started.status !== 0) {
    rmSync(home, { recursive: true, force: true })
    throw new Skipped('it could not be started')
  }
  await waitForGreeting(port)
  return {
    name: 'Postfix',
    port,
    to: ['somebody@example.net'],
    count: null,
    cpuMs: () => null,
    settle: async () => {
      for (let looks = 0; looks < 300 && isQueued(home); looks += 1) await delay(100)
    },
    close: async () => {
      spawnSync('postfix', ['-c', config, 'stop'], { stdio: 'ignore', timeout: 30_000 })
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/** What it keeps is thrown away by its own service once it is safe in the queue: the least that it can do with mail. */
function writeMain(home: string): string {
  return [
    'compatibility_level = 3.6',
    `queue_directory = ${home}/queue`,
    `data_directory = ${home}/data`,
    'myhostname = bench.example.net',
    'inet_interfaces = loopback-only',
    'inet_protocols = ipv4',
    'mydestination =',
    'local_recipient_maps =',
    'alias_maps =',
    'virtual_mailbox_domains = example.net',
    'virtual_transport = discard:',
    'smtpd_relay_restrictions = permit_mynetworks, reject',
    '',
  ].join('\n')
}

function writeMaster(port: number): string {
  return [
    `127.0.0.1:${port} inet n - n - - smtpd`,
    'pickup    unix n - n 60 1 pickup',
    'cleanup   unix n - n - 0 cleanup',
    'qmgr      unix n - n 300 1 qmgr',
    'rewrite   unix - - n - - trivial-rewrite',
    'bounce    unix - - n - 0 bounce',
    'defer     unix - - n - 0 bounce',
    'trace     unix - - n - 0 bounce',
    'verify    unix - - n - 1 verify',
    'flush     unix n - n 1000? 0 flush',
    'proxymap  unix - - n - - proxymap',
    'showq     unix n - n - - showq',
    'error     unix - - n - - error',
    'retry     unix - - n - - error',
    'discard   unix - - n - - discard',
    'anvil     unix - - n - 1 anvil',
    '',
  ].join('\n')
}

function isQueued(home: string): boolean {
  return ['incoming', 'active'].some((name) => {
    const dir = join(home, 'queue', name)
    return existsSync(dir) && readdirSync(dir).length > 0
  })
}
