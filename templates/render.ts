import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

import type Handlebars from 'handlebars';

import { compileTemplate, type CompiledTemplate } from './compile.js';
import type { MarkdownTemplates, TextTemplates } from './data.js';
import { escapeHtml, escapeMarkdown, escapeTerminal } from './escape.js';
import { HELPERS, SafeText, textOf, type Terminal } from './helpers.js';
import type { HtmlTemplates } from './html-data.js';
import { type Style, styleOf } from './style.js';

type Runtime = typeof Handlebars;
type Render = (data: unknown, options?: { data: Terminal }) => string;

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
const runtimes = new Map<(text: string) => string, Runtime>();

function rendererOf(file: string, escape: (text: string) => string): Render {
  let render = renderers.get(file);
  if (!render) {
    render = templateOf(runtimeOf(escape), file);
    renderers.set(file, render);
  }
  return render;
}

/** The template, with the partials that it names. */
function templateOf(runtime: Runtime, file: string): Handlebars.TemplateDelegate {
  const { template, partials } = compiled(file);
  for (const name of partials) {
    if (!(name in runtime.partials))
      runtime.registerPartial(name, templateOf(runtime, `partials/${name}.md.hbs`));
  }
  return runtime.template(template);
}

/** Compiled with the package; a checkout compiles its templates when they are needed. */
function compiled(file: string): CompiledTemplate {
  const all = fileURLToPath(new URL('../templates/compiled.cjs', import.meta.url));
  const templates = existsSync(all) ? (require(all) as Partial<Record<string, CompiledTemplate>>) : {};
  return templates[file] ?? compileTemplate(file);
}

/**
 * Handlebars without its compiler, loaded when the first text is rendered. One for each kind of output, with its way of
 * escaping.
 */
function runtimeOf(escape: (text: string) => string): Runtime {
  let runtime = runtimes.get(escape);
  if (!runtime) {
    runtime = (require('handlebars/dist/handlebars.runtime.js') as Runtime).create();
    runtime.registerHelper(HELPERS);
    runtime.registerHelper('escape', (value: unknown) =>
      value instanceof SafeText ? value.text : escape(textOf(value)),
    );
    runtimes.set(escape, runtime);
  }
  return runtime;
}
