/** Bounds of what one connection of a client may keep with the server; see limits.ts, which has them all. */

/** Most seconds a wait lasts that does not hold the line: as a task. */
export const MAX_TASK_WAIT_SECONDS = 3_600
/** Tasks of one connection at a time, those whose result is kept included. */
export const MAX_TASKS = 100
/** How long the result of a task is kept after the latest moment at which its wait ends. */
export const TASK_RESULT_KEPT_MS = 3_600_000
/** How often a client should ask after a task. */
export const TASK_POLL_INTERVAL_MS = 1_000
/** How often a task that is asked about reads the store although nothing rang: a ring of another process may be lost. */
export const TASK_QUIET_LOOK_INTERVAL_MS = 5_000

/** Unread messages of an inbox that a notice of new mail counts. */
export const MAX_COUNTED_NEW_MAIL = 100
/** Inboxes that a notice of new mail names. */
export const MAX_NAMED_INBOXES = 3
/** Inboxes, of whatever agent, that a connection remembers to have rung between two answers; what rings beyond them is told when it rings again. */
export const MAX_RUNG_INBOXES = 1_000
/** Inboxes of which a connection remembers how far its client knows them. */
export const MAX_KNOWN_INBOXES = 10_000
