import { validText } from '../../schema/valid-text.js';

/** Reads a value of unknown shape as a T, or throws a {@link TypeError} that names where it differs. */
export type Read<T> = (value: unknown, where: string) => T;

/** Text of at most this many characters, made valid. */
export function text(max: number, pattern?: RegExp): Read<string> {
  return (value, where) => {
    if (typeof value !== 'string' || value.length > max)
      throw mismatch(where, `text of at most ${max} characters`);
    if (pattern && !pattern.test(value)) throw mismatch(where, `text like ${pattern.source}`);
    return validText(value);
  };
}

/** A whole number from 0 on that a double holds exactly. */
export const count: Read<number> = (value, where) => {
  if (id(value, where) < 0) throw mismatch(where, 'a number');
  return value as number;
};

/** Of a comment, or of a trigger. */
export const id: Read<number> = (value, where) => {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw mismatch(where, 'a number');
  return value;
};

export const boolean: Read<boolean> = (value, where) => {
  if (typeof value !== 'boolean') throw mismatch(where, 'true or false');
  return value;
};

export function oneOf<T extends string | true>(...values: readonly T[]): Read<T> {
  return (value, where) => {
    const found = values.find((each) => each === value);
    if (found === undefined) throw mismatch(where, `one of ${values.join(', ')}`);
    return found;
  };
}

export function list<T>(item: Read<T>, max: number): Read<readonly T[]> {
  return (value, where) => {
    if (!Array.isArray(value) || value.length > max) throw mismatch(where, `a list of at most ${max}`);
    return value.map((each, at) => item(each, `${where}[${at}]`));
  };
}

/** A field that may be absent. */
export interface Optional<T> {
  readonly optional: Read<T>;
}

export function optional<T>(read: Read<T>): Optional<T> {
  return { optional: read };
}

type Fields<T> = {
  readonly [K in keyof T]-?: undefined extends T[K] ? Optional<NonNullable<T[K]>> : Read<T[K]>;
};

/** An object with these fields; others are dropped. */
export function record<T extends object>(fields: Fields<T>): Read<T> {
  const readers = Object.entries<Optional<unknown> | Read<unknown>>(fields);
  return (value, where) => {
    if (typeof value !== 'object' || value === null) throw mismatch(where, 'an object');
    const given = new Map(Object.entries(value));
    const read = readers.flatMap(([key, reader]) => {
      const field = given.get(key) as unknown;
      if (typeof reader === 'function') return [[key, reader(field, `${where}.${key}`)]];
      return field === undefined ? [] : [[key, reader.optional(field, `${where}.${key}`)]];
    });
    return Object.fromEntries(read) as T;
  };
}

export function mismatch(where: string, expected: string): TypeError {
  return new TypeError(`${where} is not ${expected}`);
}
