import { urlSegment } from '../schema/url-path.js';
import {
  escapeMarkdown,
  escapeTerminal,
  markdownCode,
  markdownFence,
  markdownHtml,
  markdownProse,
  markdownUrl,
} from './escape.js';
import type { Paint, Style } from './style.js';
import { wrapLines } from './wrap.js';

/** What texts for a terminal are fitted to. */
export interface Terminal {
  readonly style: Style;
  readonly columns: number;
}

/** Text that a helper has escaped itself. */
export class SafeText {
  constructor(readonly text: string) {}
}

/** What templates call. Handlebars hands every helper one argument more: its options. */
export const HELPERS = {
  /** `{{code text}}`: a code span, in a table too. */
  code: (text: unknown) => new SafeText(markdownCode(textOf(text))),
  /** `{{span text}}`: a code span outside of tables. */
  span: (text: unknown) => new SafeText(markdownCode(textOf(text), false)),
  /** `{{prose text}}`: a sentence in which `…` is code. */
  prose: (text: unknown) => new SafeText(markdownProse(textOf(text))),
  /** The same in a cell of a table. */
  cell: (text: unknown) => new SafeText(markdownProse(textOf(text), true)),
  /** `{{unbroken text}}`: plain text that a narrow cell does not break. */
  unbroken: (text: unknown) => new SafeText(escapeMarkdown(textOf(text)).replaceAll(' ', '&nbsp;')),
  /** `{{html text}}`: plain text inside of an HTML element. */
  html: (text: unknown) => new SafeText(markdownHtml(textOf(text))),
  /** `{{fence text}}`, `{{fence text "mermaid"}}`: a fenced block. */
  fence: (text: unknown, language: unknown) =>
    new SafeText(markdownFence(textOf(text), typeof language === 'string' ? language : '')),
  /**
   * `{{url address}}`, `{{url "https://…/" segment "/" segment …}}`: a link's destination. Each segment is encoded, and
   * the text between two of them is the template's own.
   */
  url: (base: string, ...parts: unknown[]) => new SafeText(markdownUrl(urlOf(base, parts.slice(0, -1)))),
  /** `{{short commit}}`: the first 12 digits. They are in a link, where GitHub makes no other one of them. */
  short: (text: unknown) => {
    const short = textOf(text).slice(0, 12);
    return /^[\da-f]+$/.test(short) ? new SafeText(short) : short;
  },
  /** `{{#each (first list 20)}}` */
  first: (list: readonly unknown[], count: number) => list.slice(0, count),
  bold: paint('bold'),
  dim: paint('dim'),
  cyan: paint('cyan'),
  yellow: paint('yellow'),
  green: paint('green'),
  /** `{{#wrap}}…{{/wrap}}`: each line is broken between words where the terminal ends. */
  wrap(this: unknown, { fn, data }: { fn: (context: unknown) => string; data: Terminal }) {
    return wrapLines(fn(this), data.columns);
  },
  /** How many a list has beyond `count`. */
  beyond: (list: readonly unknown[], count: number) => Math.max(0, list.length - count),
};

/** `{{bold text}}` and its like, for terminals only: in the style that {@link renderText} was given. */
function paint(name: { [K in keyof Style]: Style[K] extends Paint ? K : never }[keyof Style]) {
  return (text: unknown, options: { data: Terminal }) =>
    new SafeText(options.data.style[name](escapeTerminal(textOf(text))));
}

/** @returns '' where a segment would lead to another page: a link without one leads nowhere. */
function urlOf(base: string, parts: readonly unknown[]): string {
  const path = parts.map(textOf).map((part, at) => (at % 2 === 0 ? urlSegment(part) : part));
  return path.includes(undefined) ? '' : base + path.join('');
}

/** A value as a template shows it. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if (value === undefined) return '';
  throw new TypeError(`a template shows text and numbers, not ${typeof value}`);
}
