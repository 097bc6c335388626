import { Container } from './container.js';
import { endOfHtml, htmlBlock, type HtmlEnd } from './html.js';
import { hiddenLines } from './inline.js';
import { content, fenceAt, isBreak, isHeading, isUnderline, listItem, type Fence } from './markers.js';

/** A line of a comment that people see as text of its author. */
export interface VisibleLine {
  readonly text: string;
  /** From 1. */
  readonly number: number;
}

/**
 * The lines of a comment that stand in its own text: not in a quote, a list, a code block, a code span over several
 * lines, HTML, or an HTML comment. Follows the block structure of CommonMark, by which GitHub shows comments. Where
 * that depends on what is inside of a quote or a list, everything after it is left out. One pass, each line once.
 */
export function visibleLines(body: string): VisibleLine[] {
  const reader = new Blocks();
  const lines = body.split(/\r\n|\n|\r/);
  for (const [i, text] of lines.entries()) {
    if (!reader.read({ text, number: i + 1 })) break;
  }
  return reader.end();
}

/** A mark behind characters that nobody sees. */
const HIDDEN_MARK = /^[\u00a0\u00ad\u200b-\u200f\u2060\ufeff][\s\u00ad\u200b-\u200f\u2060]*(?:[><]|```|~~~)/;

class Blocks {
  readonly #visible: VisibleLine[] = [];
  /** The paragraph that is open. */
  #paragraph: VisibleLine[] = [];
  #fence: Fence | undefined;
  #html: HtmlEnd | undefined;
  /** The quote or list item that is open. */
  #container: Container | undefined;

  /** @returns false where it is not clear what the lines after this one belong to. */
  read(line: VisibleLine): boolean {
    const { indent, text } = content(line.text);
    if (this.#fence) {
      if (this.#fence.closes(indent, text)) this.#fence = undefined;
      return true;
    }
    if (this.#html) {
      if (endOfHtml(this.#html, text)) this.#html = undefined;
      return true;
    }
    if (text === '') {
      this.#endParagraph();
      if (this.#container?.blank() === 'closed') this.#container = undefined;
      return true;
    }
    if (this.#container?.holds(indent)) return this.#container.own(indent, text);
    return indent >= 4 ? this.#indented(line) : this.#block(line, indent, text);
  }

  end(): VisibleLine[] {
    this.#endParagraph();
    return this.#visible;
  }

  /** Goes on with a paragraph, or is code. */
  #indented(line: VisibleLine): true {
    if (this.#paragraph.length > 0) this.#paragraph.push({ ...line, text: '' });
    else if (!this.#container?.goesOn()) this.#container = undefined;
    return true;
  }

  #block(line: VisibleLine, indent: number, text: string): boolean {
    // Somebody sees the begin of a quote or of code where CommonMark sees text.
    if (HIDDEN_MARK.test(text)) return false;
    if (text.startsWith('>')) {
      this.#endParagraph();
      this.#container = Container.quote(text, this.#container);
      return true;
    }
    const fence = fenceAt(text);
    const underline = this.#paragraph.length > 0 && isUnderline(text);
    if (fence || underline || isHeading(text) || isBreak(text)) {
      this.#start();
      this.#fence = fence;
      return true;
    }
    return this.#htmlOrList(line, indent, text);
  }

  #htmlOrList(line: VisibleLine, indent: number, text: string): boolean {
    const html = htmlBlock(text);
    const item = listItem(indent, text);
    const paragraph = this.#paragraph.length > 0 ? 'yes' : (this.#container?.paragraph() ?? 'no');
    if (html && (html.interrupts || paragraph === 'no')) {
      this.#start();
      if (!html.closed) this.#html = html.end;
      return true;
    }
    if (item && (item.interrupts || paragraph === 'no' || paragraph === 'inside')) {
      this.#start();
      this.#container = Container.item(item);
      return true;
    }
    if (this.#container?.goesOn()) return html === undefined && item === undefined && this.#container.text();
    this.#container = undefined;
    this.#paragraph.push(line);
    return true;
  }

  /** Something begins that is no paragraph, and is in no quote and no list. */
  #start(): void {
    this.#endParagraph();
    this.#container = undefined;
  }

  #endParagraph(): void {
    const hidden = hiddenLines(this.#paragraph.map(({ text }) => text));
    for (const [i, line] of this.#paragraph.entries()) if (!hidden.has(i)) this.#visible.push(line);
    this.#paragraph = [];
  }
}
