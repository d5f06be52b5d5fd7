/** The tasks of one connection: nobody else sees them, and they end with it. */

import { MailError } from '../errors.ts'
import { MAX_TASKS } from '../limits.ts'
import type { Task } from './task.ts'

/** Keeps tasks until their time is over; where there are too many, the oldest whose result was fetched goes first. */
export class TaskBook {
  /** Oldest first. */
  readonly #tasks = new Map<string, Task>()
  #isClosed = false

  /** Keeps a task. @throws MailError store_unavailable where there are too many: then the task is closed */
  add(task: Task): void {
    this.#sweep()
    const oldestDone = this.#tasks.size < MAX_TASKS ? null : this.list().find(({ isDone }) => isDone)
    if (oldestDone === undefined || this.#isClosed) {
      task.close()
      throw new MailError('store_unavailable', `${MAX_TASKS} tasks are open already.`, { hint: 'Fetch or cancel one first.' })
    }
    if (oldestDone !== null) this.#tasks.delete(oldestDone.id)
    this.#tasks.set(task.id, task)
  }

  /** Forgets a task that the client never heard of; nothing stays taken. */
  drop(task: Task): void {
    this.#tasks.delete(task.id)
    task.close()
  }

  find(id: string): Task | undefined {
    this.#sweep()
    return this.#tasks.get(id)
  }

  /** Oldest first. */
  list(): Task[] {
    this.#sweep()
    return [...this.#tasks.values()]
  }

  /** Gives back what nobody fetched. */
  close(): void {
    this.#isClosed = true
    for (const task of this.#tasks.values()) task.close()
    this.#tasks.clear()
  }

  #sweep(): void {
    for (const task of this.#tasks.values()) {
      if (!task.isExpired) continue
      this.#tasks.delete(task.id)
      task.close()
    }
  }
}
