// eslint-disable-next-line no-control-regex -- these are what is replaced
const INVALID = /[\u0000-\u0008\u000b\u000c\u000e-\u001a\u001c-\u001f\u007f\p{Surrogate}]/gu;

/**
 * A text as every other system takes it: halves of a surrogate pair, for which UTF-8 has no bytes and
 * `encodeURIComponent` throws, and control characters become U+FFFD. Line ends and tabs stay, and so do the escape
 * sequences of a terminal, which are removed where the text is shown.
 */
export function validText(text: string): string {
  return text.replace(INVALID, '\ufffd');
}

/** A value of plain objects and lists in which every text is a {@link validText}; anything else stays as it is. */
export function validTexts<T>(value: T): T {
  return mapped(value) as T;
}

function mapped(value: unknown): unknown {
  if (typeof value === 'string') return validText(value);
  if (Array.isArray(value)) return value.map(mapped);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mapped(each)]));
}
