import { Expander } from './expander.js';

/** A text with its variables expanded. */
export interface Expansion {
  readonly value: string;
  /** Variables without a value that the text uses, each of them now an empty text. */
  readonly unset: readonly string[];
}

/**
 * Expands the variables of a text, and removes quotes and escapes, as Kaniko does: the escape is `\` whatever the
 * file's parser directive says.
 *
 * @throws ExpansionError for what BuildKit refuses, and for texts that become too long
 * @see https://github.com/moby/buildkit/blob/v0.22.0/frontend/dockerfile/shell/lex.go
 */
export function expand(text: string, variables: ReadonlyMap<string, string>): Expansion {
  const expander = new Expander(text, variables);
  const { value } = expander.read();
  return { value, unset: expander.unset };
}
