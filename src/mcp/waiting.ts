/** The tool that waits: for mail, or for what becomes of mail. */

import type { WaitHooks } from '../post-office.ts'
import { renderWait } from './render-mail.ts'
import { renderNews } from './render-sent.ts'
import { type Call, defineTool } from './tool.ts'
import { findWanted, Input, LongInput } from './waiting-input.ts'
import { beginLongWait } from './waiting-long.ts'

export const waitForMessage = defineTool({
  name: 'wait_for_message',
  title: 'Wait for message',
  description:
    'Waits for the oldest unread message that matches, shows it as read_message does and marks it read; at once if it is there already. With for delivery: for news of mail you sent. Use it instead of polling. A timeout is normal and says why: call again with after = cursor, unless its notice says that no mail can come.',
  hints: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  changes: false,
  input: Input,
  run: async (args, call) => {
    const { inbox, after, timeoutSeconds } = args
    const { postOffice, agent } = call
    const wanted = findWanted(args)
    const hooks = hookWait(call, timeoutSeconds)
    return 'filter' in wanted
      ? renderWait(await postOffice.waitForMessage(agent, inbox, { ...wanted, after, timeoutSeconds }, hooks), call)
      : renderNews(await postOffice.waitForDelivery(agent, inbox, { ...wanted, after, timeoutSeconds }, hooks))
  },
  long: { input: LongInput, begin: beginLongWait },
})

function hookWait({ signal, onProgress }: Call, timeoutSeconds: number): WaitHooks {
  return { signal, ...(onProgress && { onProgress: (elapsed: number) => onProgress(elapsed, timeoutSeconds) }) }
}
