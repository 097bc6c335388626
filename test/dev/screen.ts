import { cursorTo, clearScreenDown, type Interface, moveCursor } from 'node:readline';

/** Diagrams are long, and the page shows them. */
const DIAGRAM = /^```mermaid\n(?:(?!```).*\n)*```$/gm;

/** Writes to the terminal, above the line that the developer types. */
export class Screen {
  #input: Interface | undefined;
  readonly #isTerminal = process.stdout.isTTY;
  readonly #hasColours = process.stdout.isTTY && !process.env.NO_COLOR;

  /** From here on a prompt is kept below the output. */
  promptWith(input: Interface | undefined): void {
    this.#input = input;
    input?.prompt();
  }

  prompt(): void {
    this.#input?.prompt();
  }

  note(text: string): void {
    this.#write(`${text}\n`);
  }

  problem(text: string): void {
    this.#clearPrompt();
    process.stderr.write(`${text}\n`);
    this.#input?.prompt(true);
  }

  /** A comment between two rules. */
  comment(title: string, markdown: string): void {
    const width = Math.min(process.stdout.columns || 80, 80);
    const text = this.#isTerminal ? markdown.replaceAll(DIAGRAM, '(diagram: see the page)') : markdown;
    const top = `──── ${title} · ${new Date().toTimeString().slice(0, 8)} `.padEnd(width, '─');
    this.#write(`\n${this.#dim(top)}\n${text}\n${this.#dim('─'.repeat(width))}\n\n`);
  }

  #write(text: string): void {
    this.#clearPrompt();
    process.stdout.write(text);
    this.#input?.prompt(true);
  }

  #clearPrompt(): void {
    if (!this.#input) return;
    moveCursor(process.stdout, 0, -this.#input.getCursorPos().rows);
    cursorTo(process.stdout, 0);
    clearScreenDown(process.stdout);
  }

  #dim(text: string): string {
    return this.#hasColours ? `\x1b[2m${text}\x1b[22m` : text;
  }
}
