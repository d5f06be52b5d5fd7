/** What of pictures and of fields of forms is shown as words. */

import type { Attributes } from './style.ts'

/** Fields whose value is not shown as it is. */
const UNSHOWN_INPUTS = /^\s*(?:hidden|password|checkbox|radio|image|file|range|color)\s*$/i

/** A picture of a pixel: whatever it says it stands for, nobody is meant to read. */
export function isDot(attributes: Attributes): boolean {
  return ['width', 'height'].some((side) => /^\s*[01](?:px)?\s*$/.test(attributes.get(side) ?? ''))
}

/** Whether the value of an `<input>` is shown. */
export function isShownInput(attributes: Attributes): boolean {
  return !UNSHOWN_INPUTS.test(attributes.get('type') ?? '')
}
