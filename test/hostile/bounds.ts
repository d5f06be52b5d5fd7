/** What is promised of a machine that does nothing else, and how much worse it may be in a test. */

/** A good mail is answered 250. */
export const MAIL_WITHIN_MS = 1_000
/** A call of an agent is answered. */
export const CALL_WITHIN_MS = 250
/** Memory that a flood costs beyond that of a process that has read a mail, in MB. */
export const GROWTH_MB = 100
/** Of a process that has nothing to do, in MB. */
export const IDLE_MB = 90

/** A machine of CI is shared, and attacker and good client are on it too. The report shows the figures as they are. */
export const SLACK = 20
/** Memory hangs less on the machine. */
export const MEMORY_SLACK = 2
