/** The attacker: a process of its own, so that what it takes of the processor is not the good client's. Says what it did on stdout. */

import * as commands from './commands.ts'
import * as connections from './connections.ts'
import type { Flood } from './flood.ts'
import * as mails from './mails.ts'
import type { Target } from './peer.ts'

/** What an attacker is told, as JSON in its first argument. */
export type Order = Target & { flood: FloodName; count: number; seconds: number }

const FLOODS = { ...commands, ...connections, ...mails } satisfies Record<string, Flood>

/** Every flood there is. */
export type FloodName = keyof typeof FLOODS

const order: Order = JSON.parse(process.argv[2] ?? '{}')
const tally = await FLOODS[order.flood](order, { count: order.count, untilMs: Date.now() + order.seconds * 1_000 })
process.stdout.write(JSON.stringify(tally))
process.exit(0)
