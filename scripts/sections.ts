/** Parts of a Markdown file that are generated, between `<!-- name:start -->` and `<!-- name:end -->`. */

/** The text with the section's content replaced. @throws Error when the markers are not there, once and in order */
export function replaceSection(text: string, name: string, content: string): string {
  const parts = text.split(`<!-- ${name}:start -->`)
  const rest = parts[1]?.split(`<!-- ${name}:end -->`)
  if (parts.length !== 2 || rest?.length !== 2)
    throw new Error(`expected one <!-- ${name}:start --> and one <!-- ${name}:end -->`)
  return `${parts[0]}<!-- ${name}:start -->\n\n${content.trim()}\n\n<!-- ${name}:end -->${rest[1]}`
}
