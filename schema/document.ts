import { Composer, Lexer, Parser, type CST, type Document, type Tags } from 'yaml';

import type { Diagnostic } from './diagnostic.js';
import { withPlace, type Finding } from './located.js';
import { findLostKey } from './lost-key.js';
import type { Source } from './source.js';
import type { Tree } from './tree.js';
import { LIMITS, TreeBuilder } from './tree-builder.js';

/** Tags of YAML 1.1 that Python's reader would turn into values that neither JSON nor this configuration has. */
const DROPPED_TAGS = /:(?:timestamp|binary|omap|pairs|set)$/;

/**
 * YAML 1.1 as Python's reader has it: `yes`, `on` and `off` are truth values, `y` and `n` are text, dates stay text.
 */
function tags(all: Tags): Tags {
  const kept: Tags = [];
  for (const tag of all.flat()) {
    if (typeof tag === 'string' || !DROPPED_TAGS.test(tag.tag)) kept.push(asPython(tag));
  }
  return kept;
}

/** Where `yaml` goes by the letter of YAML 1.1 and Python does not: single letters are text, and so is a dot alone. */
const PYTHON_TESTS: readonly [reads: string, test: RegExp][] = [
  ['y', /^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/],
  ['n', /^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/],
  ['.', /^[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)$/],
];

function asPython<T>(tag: T): T {
  if (typeof tag !== 'object' || tag === null || !('test' in tag) || !(tag.test instanceof RegExp))
    return tag;
  const theirs = tag.test;
  const test = PYTHON_TESTS.find(([reads]) => theirs.test(reads))?.[1];
  return test ? { ...tag, test } : tag;
}

const TOO_DEEP = `The file nests deeper than ${LIMITS.depth} levels.`;

/** What a text holds; without `tree` it is empty or, with errors among the diagnostics, not readable. */
export interface ReadDocument {
  readonly tree?: Tree;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads one YAML document as YAML 1.1, within limits of size, depth and aliases. Never throws for what a text holds.
 *
 * @param start - offset at which the document begins in the source's text
 */
export function readDocument(source: Source, start = 0): ReadDocument {
  const text = source.text.slice(start);
  const fail = (finding: Finding, from: number, to?: number): ReadDocument => ({
    diagnostics: [withPlace(finding, source.locate(from + start, to === undefined ? undefined : to + start))],
  });
  const large = tooLarge(text);
  if (large) return fail({ code: 'YAML_LIMIT', ...large }, 0);
  const tokens = [...new Parser().parse(text)];
  const deep = tooDeep(tokens);
  if (deep !== undefined) {
    return fail(
      {
        code: 'YAML_LIMIT',
        message: TOO_DEEP,
        hint: 'Check the brackets and the indentation here.',
      },
      deep,
    );
  }
  const composer = new Composer({
    version: '1.1',
    customTags: tags,
    uniqueKeys: false,
    logLevel: 'silent',
    prettyErrors: false,
  });
  const [document, second] = [...composer.compose(tokens)];
  if (!document) return { diagnostics: [] };
  if (second) {
    return fail(
      {
        code: 'YAML_SYNTAX',
        message: 'The file holds more than one document.',
        hint: 'Remove what follows the line `---`.',
      },
      second.range[0],
    );
  }
  const problems = [...document.errors, ...document.warnings];
  if (problems.length > 0) return { diagnostics: syntaxErrors(source, start, problems) };
  return build(document, source, start);
}

function build(document: Document.Parsed, source: Source, start: number): ReadDocument {
  const builder = new TreeBuilder(source, start);
  const tree = document.contents ? builder.build(document.contents) : undefined;
  return { ...(tree ? { tree } : {}), diagnostics: builder.diagnostics };
}

function syntaxErrors(
  source: Source,
  start: number,
  problems: Document['errors' | 'warnings'],
): Diagnostic[] {
  const lost = findLostKey(source, (problems[0]?.pos[0] ?? 0) + start);
  if (lost) return [lost];
  const seen = new Set<number>();
  const diagnostics: Diagnostic[] = [];
  for (const { code, message, pos } of problems) {
    const place = source.locate(pos[0] + start, pos[1] + start);
    // The parser's later complaints about one line follow from its first.
    if (seen.has(place.line ?? 0)) continue;
    seen.add(place.line ?? 0);
    const hint =
      SYNTAX_HINTS[code] ??
      (message.includes('{{') || place.excerpt?.includes('{{') ? SYNTAX_HINTS.TEMPLATE : undefined);
    diagnostics.push(
      withPlace(
        { code: 'YAML_SYNTAX', message: `${message.replace(/\.?$/, '')}.`, ...(hint ? { hint } : {}) },
        place,
      ),
    );
  }
  return diagnostics.slice(0, 20);
}

const SYNTAX_HINTS: Partial<Record<string, string>> = {
  TAB_AS_INDENT: 'Indent with spaces, not with tabs.',
  BAD_INDENT: 'Items of one list or map begin in the same column.',
  BLOCK_AS_IMPLICIT_KEY: 'Check the indentation of this line, and the colon of the line above.',
  MULTILINE_IMPLICIT_KEY: 'A colon and a space seem to be missing, or a quote is not closed.',
  MISSING_CHAR: 'Check that quotes and brackets are closed.',
  TAG_RESOLVE_FAILED: 'Remove the tag (the word that begins with `!`), or quote the text.',
  BAD_ALIAS: 'Quote the text if it is meant to begin with `*` or `&`.',
  TEMPLATE: 'Texts with `{{` cannot be used here: Argo would evaluate them.',
};

/** Ends what would keep the parser busy for seconds, before it starts. */
function tooLarge(text: string): { message: string; hint: string } | undefined {
  if (Buffer.byteLength(text) > LIMITS.bytes) {
    return { message: 'The file is larger than 1 MiB.', hint: 'Check that it is the right file.' };
  }
  let tokens = 0;
  let depth = 0;
  for (const token of new Lexer().lex(text)) {
    if (token === '[' || token === '{') depth++;
    else if (token === ']' || token === '}') depth--;
    if (depth > LIMITS.depth) return { message: TOO_DEEP, hint: 'Check that brackets are closed.' };
    if (++tokens > LIMITS.tokens) {
      return {
        message: 'The file holds too many keys and values.',
        hint: 'Check that it is the right file.',
      };
    }
  }
  return undefined;
}

/** @returns the offset of the first collection below the limit. Own stack: hostile nesting must not exhaust the call stack. */
function tooDeep(tokens: readonly CST.Token[]): number | undefined {
  const stack: { token: CST.Token; depth: number }[] = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { token, depth } = next;
    if (depth > LIMITS.depth) return 'offset' in token ? token.offset : 0;
    if (token.type === 'document' && token.value) stack.push({ token: token.value, depth });
    if (!('items' in token)) continue;
    for (const { key, value } of token.items) {
      if (key) stack.push({ token: key, depth: depth + 1 });
      if (value) stack.push({ token: value, depth: depth + 1 });
    }
  }
  return undefined;
}
