import type { Scalar as YamlScalar } from 'yaml';

import type { Finding } from './located.js';
import { plainScalar, taggedScalar } from './plain-scalar.js';
import { textProblem } from './text-rules.js';
import type { Scalar } from './tree.js';
import { quoteEnd } from './yaml-quotes.js';

/** A scalar as text and as value, and what is wrong with it. */
export interface ReadScalar {
  readonly text: string;
  readonly value: Scalar;
  readonly problem?: Finding;
}

/**
 * @param parsed - the text of the whole document
 * @returns what PyYAML makes of a scalar that was read as text
 */
export function readScalar(node: YamlScalar, parsed: string): ReadScalar {
  const text = textOf(node, parsed);
  const problem = unclosed(node, parsed) ?? textProblem(text, 'text');
  if (problem) return { text, value: text, problem };
  const tag = node.tag?.replace('tag:yaml.org,2002:', '');
  // A lone `!` asks PyYAML to decide by the text, quoted or not.
  if (tag === '!' || (tag === undefined && node.type === 'PLAIN')) return { text, value: plainScalar(text) };
  if (tag === undefined || tag === 'str') return { text, value: text };
  const value = taggedScalar(tag, text);
  if (value !== undefined) return { text, value };
  return {
    text,
    value: text,
    problem: {
      code: 'YAML_SYNTAX',
      message: `\`${text}\` isn't a value of the tag \`!!${tag}\`.`,
      hint: 'Remove the tag (the word that begins with `!`).',
    },
  };
}

function textOf({ value, type, range }: YamlScalar, parsed: string): string {
  const text = typeof value === 'string' ? value : '';
  const isBlock = type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED';
  // A file without a line end on its last line: `yaml` gives a block there one, PyYAML does not.
  const isCut = isBlock && range?.[1] === parsed.length && !parsed.endsWith('\n');
  return isCut ? text.replace(/\n$/, '') : text;
}

/** `yaml` takes the second half of an escaped quote for the end of a text, where the file ends with it: `'it''`. */
function unclosed({ type, range }: YamlScalar, parsed: string): Finding | undefined {
  if (type !== 'QUOTE_SINGLE' || !range || quoteEnd(parsed, range[0]) !== undefined) return undefined;
  const hint = 'Check that quotes and brackets are closed.';
  return { code: 'YAML_SYNTAX', message: "Missing closing 'quote.", hint };
}
