import type { ValueRule } from '../parse/grammar.js';

/** Names of images behind a verb, as config.yaml allows them. */
export const IMAGES: ValueRule = {
  name: 'IMAGE',
  pattern: /^[A-Za-z0-9_.][A-Za-z0-9_.-]{0,99}$/,
  hint: 'Write the names of images as in config.yaml, separated by spaces.',
};
