import { htmlBlock } from './html.js';
import { content, fenceAt, isBreak, isHeading, isUnderline, listItem, type ListItem } from './markers.js';

/**
 * A quote or an item of a list that is open. Its lines are nobody's command, so that only its end matters; and that
 * depends on whether its last line is of a paragraph, which can go on in a line without a mark.
 */
export class Container {
  /** Columns that a line needs to belong to it; none for a quote, whose lines have a mark each. */
  readonly #indent: number | undefined;
  #empty: boolean;
  /** So far nothing but text, so that a last line of text is of a paragraph. */
  #plain: boolean;
  #paragraph = false;
  #goesOn = true;
  /** A line of text came that belongs to it or not: it may be closed. */
  #doubtful = false;

  private constructor(indent: number | undefined, empty: boolean, plain: boolean) {
    this.#indent = indent;
    this.#empty = empty;
    this.#plain = plain;
  }

  /** @param before what is open; a quote's line can go on with it */
  static quote(line: string, before: Container | undefined): Container {
    const inQuote = before !== undefined && before.#indent === undefined;
    const quote = new Container(undefined, false, !inQuote || before.#plain);
    const { indent, text } = content(line.replace(/^(?:>[ \t]?)+/, ''));
    if (text === '') quote.#goesOn = false;
    else quote.#line(indent, text);
    return quote;
  }

  static item({ indent, empty, content: { indent: extra, text } }: ListItem): Container {
    const item = new Container(indent, empty, true);
    if (empty) item.#goesOn = false;
    else item.#line(extra, text);
    return item;
  }

  /** @returns whether a line with this indentation belongs to it for sure. */
  holds(indent: number): boolean {
    return this.#indent !== undefined && indent >= this.#indent;
  }

  /** Takes a line that it {@link holds}. @returns false where the line would begin something if it were not held */
  own(indent: number, text: string): boolean {
    if (this.#doubtful && indent < 4 && begins(text)) return false;
    this.#empty = false;
    this.#goesOn = true;
    this.#line(indent - (this.#indent ?? 0), text);
    return true;
  }

  /** Takes an empty line. */
  blank(): 'open' | 'closed' {
    this.#goesOn = false;
    // An item that begins with an empty line has no more than this one.
    return this.#indent === undefined || this.#empty ? 'closed' : 'open';
  }

  /** @returns whether a line of text without a mark may belong to it. */
  goesOn(): boolean {
    return this.#goesOn;
  }

  /** @returns whether a line without a mark meets a paragraph: none, at most one inside, or perhaps one outside of it. */
  paragraph(): 'no' | 'inside' | 'maybe' {
    if (!this.#goesOn) return 'no';
    return this.#doubtful ? 'maybe' : 'inside';
  }

  /** Takes a line of text without a mark. */
  text(): true {
    if (!this.#paragraph) this.#doubtful = true;
    return true;
  }

  #line(indent: number, text: string): void {
    if (/```|~~~|[<|]/.test(text)) this.#plain = false;
    this.#paragraph = this.#plain && indent < 4 && !begins(text);
  }
}

/** @returns whether a line is something else than text of a paragraph, somewhere. */
function begins(text: string): boolean {
  return (
    text.startsWith('>') ||
    isHeading(text) ||
    isBreak(text) ||
    isUnderline(text) ||
    (fenceAt(text) ?? htmlBlock(text) ?? listItem(0, text)) !== undefined
  );
}
