/** What the readers of boxes share. */

/** Mail is designed for this width, in CSS pixels. */
export const PAGE_PX = 600

/** The value of a property; '' where nothing is declared, or nothing that is the same for every reader. */
export type Read = (property: string) => string
