import type { Scalar } from './tree.js';

/*
 * The patterns of PyYAML 6 (yaml/resolver.py), by which Kfops read its files from the start. They differ from YAML 1.1
 * as written: a float needs a dot, and an exponent a sign; `y` and `n` are text. Dates stay text here.
 */
const NULL = /^(?:~|null|Null|NULL)?$/;
const TRUE = /^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/;
const FALSE = /^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/;
const INTEGER = /^[-+]?(?:0b[01_]+|0[0-7_]+|0x[0-9a-fA-F_]+|0|[1-9][0-9_]*(?::[0-5]?[0-9])*)$/;
const FLOAT =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/** @returns what PyYAML makes of a text without quotes; dates stay text. */
export function plainScalar(text: string): Scalar {
  if (NULL.test(text)) return null;
  return booleanOf(text) ?? numberOf(text, INTEGER, FLOAT) ?? text;
}

/** What Python's `float()` takes where a tag asks for it. */
const PYTHON_FLOAT = /^[-+]?(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][-+]?[0-9]+)?$/;

const TAGS: Readonly<Record<string, (text: string) => Scalar | undefined>> = {
  int: (text) => numberOf(text, INTEGER),
  float: (text) => numberOf(text, FLOAT, PYTHON_FLOAT),
  bool: booleanOf,
  null: () => null,
};

/** The tags that turn a text into another value, without `!!`. */
export const SCALAR_TAGS = Object.keys(TAGS);

/** @returns the value of a text with one of {@link SCALAR_TAGS}; undefined where the text does not fit the tag. */
export function taggedScalar(tag: string, text: string): Scalar | undefined {
  return TAGS[tag]?.(text);
}

function booleanOf(text: string): boolean | undefined {
  if (TRUE.test(text)) return true;
  return FALSE.test(text) ? false : undefined;
}

function numberOf(text: string, ...patterns: readonly RegExp[]): number | undefined {
  if (!patterns.some((pattern) => pattern.test(text))) return undefined;
  const digits = text.replace(/_/g, '').replace(/^[-+]/, '').toLowerCase();
  const value = magnitude(digits, patterns[0] === INTEGER && INTEGER.test(text));
  // `0x_` has no digits: PyYAML fails, and it is a text here.
  if (value === undefined) return undefined;
  return text.startsWith('-') && value !== 0 ? -value : value;
}

function magnitude(digits: string, isInteger: boolean): number | undefined {
  if (digits === '.inf') return Infinity;
  if (digits === '.nan') return NaN;
  if (digits.includes(':')) return sexagesimal(digits);
  if (isInteger && /^0[bx]/.test(digits)) return digits.length > 2 ? Number(digits) : undefined;
  if (isInteger && /^0./.test(digits)) return Number(`0o${digits}`);
  return Number(digits);
}

/** `1:30` is 90. Added from the last part, as Python does: floats come out the same to the last bit. */
function sexagesimal(digits: string): number {
  let base = 1;
  let value = 0;
  for (const part of digits.split(':').reverse()) {
    value += Number(part) * base;
    base *= 60;
  }
  return value;
}
