import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import type Handlebars from 'handlebars';

import { urlSegment } from '../schema/url-path.js';
import type { MarkdownTemplates, TextTemplates } from './data.js';
import {
  escapeHtml,
  escapeMarkdown,
  escapeTerminal,
  markdownCode,
  markdownFence,
  markdownHtml,
  markdownProse,
  markdownUrl,
} from './escape.js';
import type { HtmlTemplates } from './html-data.js';
import { type Paint, type Style, styleOf } from './style.js';
import { wrapLines } from './wrap.js';

type Engine = typeof Handlebars;
type Render = (data: unknown, options?: { data: Terminal }) => string;

/** What texts for a terminal are fitted to. */
interface Terminal {
  readonly style: Style;
  readonly columns: number;
}


/**
 * Renders templates/<name>.md.hbs. Every `{{value}}` comes out as plain text in Markdown; what may be markup is the
 * template's own.
 *
 * @throws Error when the data lacks a field that the template names (a mistake of ours, never the user's).
 */
export function renderMarkdown<N extends keyof MarkdownTemplates>(
  name: N,
  data: MarkdownTemplates[N],
): string {
  return rendererOf(`${name}.md.hbs`, escapeMarkdown)(data);
}

/**
 * Renders templates/<name>.txt.hbs for a terminal. Every `{{value}}` comes out without control characters; lines that
 * the caller has escaped and formatted are in `{{{…}}}`.
 *
 * @param columns - width of the terminal: text in `{{#wrap}}` is wrapped there
 */
export function renderText<N extends keyof TextTemplates>(
  name: N,
  data: TextTemplates[N],
  style: Style = styleOf(false),
  columns = Infinity,
): string {
  return rendererOf(`${name}.txt.hbs`, escapeTerminal)(data, { data: { style, columns } });
}

/** Renders templates/<name>.html.hbs. Every `{{value}}` comes out as plain text, in an attribute's quotes, too. */
export function renderHtml<N extends keyof HtmlTemplates>(name: N, data: HtmlTemplates[N]): string {
  return rendererOf(`${name}.html.hbs`, escapeHtml)(data);
}

const require = createRequire(import.meta.url);
const renderers = new Map<string, Render>();
const engines = new Map<(text: string) => string, Engine>();

function rendererOf(file: string, escape: (text: string) => string): Render {
  let render = renderers.get(file);
  if (!render) {
    render = compileFile(engineOf(escape), file);
    renderers.set(file, render);
  }
  return render;
}

function compileFile(engine: Engine, file: string): Handlebars.TemplateDelegate {
  const text = readFileSync(new URL(`../templates/${file}`, import.meta.url), 'utf8');
  return engine.compile(prepare(engine, text), {
    strict: true,
    noEscape: true,
    knownHelpersOnly: true,
    knownHelpers: Object.fromEntries(['escape', ...Object.keys(HELPERS)].map((helper) => [helper, true])),
  });
}

/** Loaded when the first text is rendered, as the one file that needs no other: fifty small ones take 30 ms more. */
function handlebars(): Engine {
  return require('handlebars/dist/handlebars.js') as Engine;
}

/** One Handlebars for each kind of output, with its way of escaping. */
function engineOf(escape: (text: string) => string): Engine {
  let engine = engines.get(escape);
  if (!engine) {
    engine = handlebars().create();
    engine.registerHelper(HELPERS);
    engine.registerHelper('escape', (value: unknown) =>
      value instanceof SafeText ? value.text : escape(textOf(value)),
    );
    engines.set(escape, engine);
  }
  return engine;
}

/**
 * Handlebars' own escaping is for HTML and cannot be exchanged, so each `{{value}}` is read as `{{{escape value}}}`.
 * And its `strict` overlooks the arguments of helpers, so each field must be given.
 */
function prepare(engine: Engine, text: string): hbs.AST.Program {
  class Preparation extends handlebars().Visitor {
    override MustacheStatement(mustache: hbs.AST.MustacheStatement): void {
      super.MustacheStatement(mustache);
      if (!mustache.escaped) return;
      const { path, params, hash, loc } = mustache;
      const call = { type: 'SubExpression', path, params, hash, loc } as hbs.AST.SubExpression;
      mustache.params = [params.length > 0 ? call : path];
      mustache.path = { type: 'PathExpression', data: false, depth: 0, parts: ['escape'], original: 'escape', loc };
      mustache.escaped = false;
    }

    /** `{{> name}}` is templates/partials/<name>.md.hbs. */
    override PartialStatement(partial: hbs.AST.PartialStatement): void {
      super.PartialStatement(partial);
      const name = (partial.name as hbs.AST.PathExpression).original;
      if (name in engine.partials) return;
      engine.registerPartial(name, compileFile(engine, `partials/${name}.md.hbs`));
    }

    override PathExpression(path: hbs.AST.PathExpression & { strict?: boolean }): void {
      path.strict = true;
    }
  }
  const program = engine.parse(text);
  new Preparation().accept(program);
  return program;
}

/** Text that a helper has escaped itself. */
class SafeText {
  constructor(readonly text: string) {}
}

/** Handlebars hands every helper one argument more: its options. */
const HELPERS = {
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

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if (value === undefined) return '';
  throw new TypeError(`a template shows text and numbers, not ${typeof value}`);
}
