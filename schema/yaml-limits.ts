import { Lexer, type CST } from 'yaml';

import type { Finding } from './located.js';

/**
 * What a file may hold at most. `aliasNodes` counts the values that aliases and merge keys repeat; `tokens` the words,
 * signs and spaces between them (500 images with all their options have about 60,000).
 */
export const LIMITS = { bytes: 1024 * 1024, depth: 64, aliasNodes: 10_000, tokens: 200_000 } as const;

const TOO_DEEP = `The file nests deeper than ${LIMITS.depth} levels.`;

/** @returns the lexemes of a text; or what would keep the parser busy for seconds, before it starts. */
export function lex(text: string): string[] | Finding {
  const limit = (message: string, hint: string): Finding => ({ code: 'YAML_LIMIT', message, hint });
  if (Buffer.byteLength(text) > LIMITS.bytes) {
    return limit('The file is larger than 1 MiB.', 'Check that it is the right file.');
  }
  const lexemes: string[] = [];
  let depth = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (lexeme === '[' || lexeme === '{') depth++;
    else if (lexeme === ']' || lexeme === '}') depth--;
    if (depth > LIMITS.depth) return limit(TOO_DEEP, 'Check that brackets are closed.');
    if (lexemes.push(lexeme) > LIMITS.tokens) {
      return limit('The file holds too many keys and values.', 'Check that it is the right file.');
    }
  }
  return lexemes;
}

/** @returns that a collection is below the limit, and its offset. */
export function tooDeep(
  tokens: readonly CST.Token[],
): { readonly finding: Finding; readonly offset: number } | undefined {
  // Own stack: hostile nesting must not exhaust the call stack.
  const stack: { token: CST.Token; depth: number }[] = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { token, depth } = next;
    if (depth > LIMITS.depth) {
      const hint = 'Check the brackets and the indentation here.';
      const finding: Finding = { code: 'YAML_LIMIT', message: TOO_DEEP, hint };
      return { finding, offset: 'offset' in token ? token.offset : 0 };
    }
    if (token.type === 'document' && token.value) stack.push({ token: token.value, depth });
    if (!('items' in token)) continue;
    for (const { key, value } of token.items) {
      if (key) stack.push({ token: key, depth: depth + 1 });
      if (value) stack.push({ token: value, depth: depth + 1 });
    }
  }
  return undefined;
}
