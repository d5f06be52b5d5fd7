/** The tool that says why there is no mail. */

import { z } from 'zod'
import { MAX_ADDRESS_BYTES } from '../limits.ts'
import { Id } from './common-arguments.ts'
import { dropWithheld } from './offered.ts'
import { renderExplanation } from './render-explanation.ts'
import { defineTool } from './tool.ts'

export const explainDelivery = defineTool({
  name: 'explain_delivery',
  title: 'Explain delivery',
  description:
    'Tells why there is no mail: whether mail is received, what was turned away at an address and why, look-alike addresses senders tried, what arrived last; with messageId what became of mail you sent. Call after a timeout. Returns facts and advice.',
  hints: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  changes: false,
  input: z.strictObject({
    inbox: z.string().min(1).max(MAX_ADDRESS_BYTES).describe('Inbox id, or any address'),
    messageId: Id.optional().describe('A message this inbox sent'),
  }),
  run: async (args, call) => {
    const explanation = await call.postOffice.explainDelivery(call.agent, args)
    return renderExplanation({ ...explanation, advice: dropWithheld(explanation.advice, call) }, call.world)
  },
})
