import type { Document } from 'yaml';

import type { Diagnostic } from './diagnostic.js';
import { withPlace } from './located.js';
import { findLostKey } from './lost-key.js';
import type { Source } from './source.js';

/** @returns an offset in the source for an offset in the text that was parsed. */
export type Origin = (offset: number) => number;

/** What the parser found, in the source's places; one for each line. */
export function syntaxErrors(
  source: Source,
  origin: Origin,
  problems: Document['errors' | 'warnings'],
): Diagnostic[] {
  const lost = findLostKey(source, origin(problems[0]?.pos[0] ?? 0));
  if (lost) return [lost];
  const seen = new Set<number>();
  const diagnostics: Diagnostic[] = [];
  for (const { code, message, pos } of problems) {
    const place = source.locate(origin(pos[0]), origin(pos[1]));
    // The parser's later complaints about one line follow from its first.
    if (seen.has(place.line ?? 0)) continue;
    seen.add(place.line ?? 0);
    const hint =
      (message.startsWith('Flow ') ? SYNTAX_HINTS.FLOW : SYNTAX_HINTS[code]) ??
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
  FLOW: 'Close the `[` or `{`; indent its lines further than the key that it belongs to.',
  BAD_INDENT: 'Items of one list or map begin in the same column.',
  BLOCK_AS_IMPLICIT_KEY: 'Check the indentation of this line, and the colon of the line above.',
  MULTILINE_IMPLICIT_KEY: 'A colon and a space seem to be missing, or a quote is not closed.',
  MISSING_CHAR: 'Check that quotes and brackets are closed.',
  TAG_RESOLVE_FAILED: 'Remove the tag (the word that begins with `!`), or quote the text.',
  BAD_ALIAS: 'Quote the text if it is meant to begin with `*` or `&`.',
  TEMPLATE: 'Texts with `{{` cannot be used here: Argo would evaluate them.',
};
