import { ExpansionError } from './expansion-error.js';
import type { Scanner } from './scanner.js';
import { PatternError, replacePattern, trimPattern } from './shell-pattern.js';

const KINDS = ['+', '-', '?', '#', '%'] as const;

/** What follows the name in `${name:-word}`. */
export interface Modifier {
  readonly kind: (typeof KINDS)[number];
  /** There is a `:`, and an empty value is as good as none. */
  readonly ignoresEmpty: boolean;
}

/** @returns the variable's name, which can be one special character, or empty. */
export function readName(scanner: Scanner): string {
  const digits = scanner.takeWhile(/^\p{Nd}$/u);
  if (digits !== '') return digits;
  const first = scanner.peek() ?? '';
  if (/^[@*#?$!-]$/.test(first)) return scanner.next() ?? '';
  return scanner.takeWhile(/^[\p{L}\p{Nd}_]$/u);
}

/** @throws ExpansionError where BuildKit has no such modifier */
export function readModifier(scanner: Scanner): Modifier {
  const ignoresEmpty = scanner.takes(':');
  const kind = KINDS.find((known) => scanner.takes(known));
  const isPattern = kind === '#' || kind === '%';
  if (kind !== undefined && !(ignoresEmpty && isPattern)) return { kind, ignoresEmpty };
  const written = (ignoresEmpty ? ':' : '') + (kind ?? scanner.peek() ?? '');
  throw new ExpansionError(`\`${written}\` in a substitution isn't supported`);
}

/**
 * What a substitution gives.
 *
 * @param value - of the variable; undefined: it has none
 * @returns `word` where the word takes the value's place
 * @throws ExpansionError where `${name?word}` demands a value, and for invalid patterns
 */
export function substitute(
  name: string,
  value: string | undefined,
  { kind, ignoresEmpty }: Modifier,
  word: string,
): { readonly value: string } | { readonly word: string } {
  const hasValue = value !== undefined && !(ignoresEmpty && value === '');
  switch (kind) {
    case '+':
      return hasValue ? { word } : { value: '' };
    case '-':
      return hasValue ? { value } : { word };
    case '?':
      if (hasValue) return { value };
      throw new ExpansionError(word === '' ? `\`${name}\` has no value` : word, name);
    case '#':
    case '%': {
      const isGreedy = word.startsWith(kind);
      const side = kind === '#' ? 'start' : 'end';
      return {
        value: checked(() => trimPattern(value ?? '', isGreedy ? word.slice(1) : word, side, isGreedy)),
      };
    }
  }
}

/**
 * `${name/pattern/replacement}`.
 *
 * @throws ExpansionError where the pattern is invalid
 */
export function replaceIn(value: string, pattern: string, replacement: string, isAll: boolean): string {
  return checked(() => replacePattern(value, pattern, replacement, isAll));
}

function checked(work: () => string): string {
  try {
    return work();
  } catch (error) {
    throw error instanceof PatternError ? new ExpansionError(error.message) : error;
  }
}
