import { Composer, Lexer, Parser, type CST, type ScalarTag, type Tags } from 'yaml';

import { hasErrors, type Diagnostic } from './diagnostic.js';
import { indentFlow } from './flow-indent.js';
import { withPlace, type Finding } from './located.js';
import { SCALAR_TAGS } from './plain-scalar.js';
import type { Source } from './source.js';
import type { Tree } from './tree.js';
import { TreeBuilder } from './tree-builder.js';
import { syntaxErrors, type Origin } from './yaml-errors.js';
import { lex, tooDeep } from './yaml-limits.js';

/** Every scalar is read as text; the tree builder makes values of them, as `yaml` and PyYAML differ in that. */
const OPTIONS = {
  version: '1.1',
  schema: 'failsafe',
  customTags: (tags: Tags): Tags => [...tags, ...SCALAR_TAGS.map(textTag)],
  uniqueKeys: false,
  logLevel: 'silent',
  prettyErrors: false,
} as const;

function textTag(name: string): ScalarTag {
  return { tag: `tag:yaml.org,2002:${name}`, resolve: (text) => text };
}

const SECOND_DOCUMENT: Finding = {
  code: 'YAML_SYNTAX',
  message: 'The file holds more than one document.',
  hint: 'Remove what follows the line `---`.',
};

/** What a text holds; without `tree` it is empty or, with errors among the diagnostics, not readable. */
export interface ReadDocument {
  readonly tree?: Tree;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads one YAML document as PyYAML does, within limits of size, depth and aliases. Never throws for what a text holds.
 *
 * @param start - offset at which the document begins in the source's text
 */
export function readDocument(source: Source, start = 0): ReadDocument {
  const text = source.text.slice(start);
  const found = lex(text);
  if (!Array.isArray(found)) return { diagnostics: [withPlace(found, source.locate(start))] };
  const read = readText(source, text, found, (offset) => offset + start);
  if (!hasErrors(read.diagnostics)) return read;
  const indented = indentFlow(text);
  if (!indented) return read;
  const lexemes = [...new Lexer().lex(indented.text)];
  return readText(source, indented.text, lexemes, (offset) => indented.origin(offset) + start);
}

function readText(source: Source, text: string, lexemes: readonly string[], origin: Origin): ReadDocument {
  const fail = (finding: Finding, offset: number): ReadDocument => ({
    diagnostics: [withPlace(finding, source.locate(origin(offset)))],
  });
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  for (const lexeme of lexemes) tokens.push(...parser.next(lexeme));
  tokens.push(...parser.end());
  const deep = tooDeep(tokens);
  if (deep) return fail(deep.finding, deep.offset);
  const [document, second] = [...new Composer(OPTIONS).compose(tokens)];
  if (!document) return { diagnostics: [] };
  if (second) return fail(SECOND_DOCUMENT, second.range[0]);
  // A bracket that ends at the column of its key is a warning of BAD_INDENT.
  const problems = [...document.errors, ...document.warnings.filter(({ code }) => code !== 'BAD_INDENT')];
  if (problems.length > 0) return { diagnostics: syntaxErrors(source, origin, problems) };

  const builder = new TreeBuilder(source, text, origin);
  const tree = document.contents ? builder.build(document.contents) : undefined;
  return { ...(tree ? { tree } : {}), diagnostics: builder.diagnostics };
}
