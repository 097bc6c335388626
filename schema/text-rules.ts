import type { Finding } from './located.js';

/** Keys that mean something to JavaScript's objects. */
const RESERVED_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/** Control characters of ASCII and Latin-1 without tab, line feed and carriage return; halves of a surrogate pair. */
// eslint-disable-next-line no-control-regex -- these are what is looked for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\p{Surrogate}]/u;

/** @returns what is wrong with a key wherever it stands, or undefined. */
export function keyProblem(key: string): Finding | undefined {
  if (RESERVED_KEYS.has(key)) {
    return {
      code: 'UNKNOWN_KEY',
      message: `The key \`${key}\` is reserved and cannot be used anywhere.`,
      hint: 'Choose another name.',
    };
  }
  return textProblem(key, 'key');
}

/** The finding for a text or key with `{{`. */
export function templateTag(what: 'text' | 'key'): Finding {
  return {
    code: 'TEMPLATE_TAG',
    message: `This ${what} holds \`{{\`, which Argo would evaluate.`,
    hint: 'Write it without `{{`. Where JSON is meant, a space between the braces is fine: `{ {`.',
  };
}

/** @returns what is wrong with a text wherever it stands, or undefined. */
export function textProblem(text: string, what: 'text' | 'key'): Finding | undefined {
  if (text.includes('{{')) return templateTag(what);
  const control = CONTROL.exec(text);
  if (!control) return undefined;
  const name = `U+${control[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
  return {
    code: 'WRONG_VALUE',
    message: `This ${what} holds the control character ${name}.`,
    hint: 'Remove it.',
  };
}
