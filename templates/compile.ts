import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { runInThisContext } from 'node:vm';

import type Handlebars from 'handlebars';

import { HELPERS } from './helpers.js';

/** A template as Handlebars' runtime takes it. */
export interface CompiledTemplate {
  readonly template: TemplateSpecification;
  /** The partials that it names. */
  readonly partials: readonly string[];
}

const require = createRequire(import.meta.url);
const FOLDER = new URL('../templates/', import.meta.url);
const OPTIONS: PrecompileOptions = {
  strict: true,
  noEscape: true,
  knownHelpersOnly: true,
  knownHelpers: Object.fromEntries(['escape', ...Object.keys(HELPERS)].map((helper) => [helper, true])),
};

/**
 * Compiles a template.
 *
 * @param file - below templates/
 */
export function compileTemplate(file: string): CompiledTemplate {
  return runInThisContext(`(${compileToText(file)})`, file) as CompiledTemplate;
}

/** All templates, compiled, by their files: the text of a CommonJS module. */
export function compileAll(): string {
  const files = ['.', 'partials'].flatMap((folder) =>
    readdirSync(new URL(`${folder}/`, FOLDER)).map((name) => (folder === '.' ? name : `${folder}/${name}`)),
  );
  const templates = files
    .filter((file) => file.endsWith('.hbs'))
    .map((file) => `${JSON.stringify(file)}: ${compileToText(file)}`);
  return `'use strict';\nmodule.exports = {\n${templates.join(',\n')}\n};\n`;
}

/** @returns a {@link CompiledTemplate} as JavaScript */
function compileToText(file: string): string {
  // The one file that needs no other: fifty small ones take 30 ms more to load.
  const handlebars = require('handlebars/dist/handlebars.js') as typeof Handlebars;
  const { program, partials } = prepare(handlebars, readFileSync(new URL(file, FOLDER), 'utf8'));
  const template = handlebars.precompile(program, OPTIONS) as unknown as string;
  return `{partials: ${JSON.stringify(partials)}, template: ${template}}`;
}

/**
 * Handlebars' own escaping is for HTML and cannot be exchanged, so each `{{value}}` is read as `{{{escape value}}}`.
 * And its `strict` overlooks the arguments of helpers, so each field must be given.
 */
function prepare(
  handlebars: typeof Handlebars,
  text: string,
): { readonly program: hbs.AST.Program; readonly partials: readonly string[] } {
  const partials = new Set<string>();
  class Preparation extends handlebars.Visitor {
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
      partials.add((partial.name as hbs.AST.PathExpression).original);
    }

    override PathExpression(path: hbs.AST.PathExpression & { strict?: boolean }): void {
      path.strict = true;
    }
  }
  const program = handlebars.parse(text);
  new Preparation().accept(program);
  return { program, partials: [...partials] };
}
