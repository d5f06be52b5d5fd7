/** How the demo looks: numbered steps, facts beneath them, quotes at the margin. */

const BOLD = 1
const DIM = 2
const RED = 31
const GREEN = 32
const CYAN = 36

/** Writes the demo, step by step. */
export class Page {
  readonly #write: (text: string) => void
  readonly #colours: boolean
  #steps = 0

  constructor(write: (text: string) => void, colours: boolean) {
    this.#write = write
    this.#colours = colours
  }

  title(name: string, what: string): void {
    this.#write(`\n${this.#paint(BOLD, name)}: ${what}\n`)
  }

  step(what: string): void {
    this.#steps += 1
    this.#write(`\n${this.#paint(CYAN, `${this.#steps}.`)} ${this.#paint(BOLD, what)}\n`)
  }

  fact(what: string): void {
    this.#write(`   ${what}\n`)
  }

  /** One line of a conversation. */
  line(direction: '>' | '<', text: string): void {
    this.#write(`   ${this.#paint(DIM, `${direction} ${text}`)}\n`)
  }

  /** Somebody else's text, at a margin of its own. */
  quote(text: string): void {
    for (const line of text.trimEnd().split('\n')) this.#write(`   ${this.#paint(DIM, '|')} ${line}\n`)
  }

  end(text: string): void {
    this.#write(`\n${this.#paint(GREEN, text)}\n\n`)
  }

  fail(text: string): void {
    this.#write(`\n${this.#paint(RED, `Step ${this.#steps} failed: ${text}`)}\n\n`)
  }

  #paint(code: number, text: string): string {
    return this.#colours ? `\u001b[${code}m${text}\u001b[0m` : text
  }
}
