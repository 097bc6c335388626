import { maskPrivateKeys } from './private-keys.js';
import { COMMAND_PATTERNS, NAMED_PATTERNS, TOKEN_PATTERNS } from './token-patterns.js';

const MASK = '***';
const PATTERNS = [...TOKEN_PATTERNS, ...NAMED_PATTERNS];

/** A command with its continuation lines. */
const COMMAND = /(?:[^\n\\]|\\[\s\S])+/g;
/** Text in base64, over any number of lines. */
const ENCODED = /[\w+/-]{16,}(?:\n[\w+/-]{2,})*={0,2}/g;

/** Masks what looks like a secret, or has the name of one before it; also where the whole is in base64. */
export function maskLooks(text: string): string {
  // Before lines of it are taken for those of a key.
  return maskPlain(text.replace(ENCODED, (run) => (holdsSecret(run) ? MASK : run)));
}

function maskPlain(text: string): string {
  const masked = PATTERNS.reduce(
    (so, [pattern, replacement]) => so.replace(pattern, replacement),
    maskPrivateKeys(text),
  );
  return masked.replace(COMMAND, maskOptions);
}

function maskOptions(command: string): string {
  return COMMAND_PATTERNS.reduce(
    (so, [name, option]) => (name.test(command) ? so.replace(option, `$1${MASK}`) : so),
    command,
  );
}

/** Its lines may be one text together, or one of them may be a text alone. */
function holdsSecret(run: string): boolean {
  return [...new Set([run, ...run.split('\n')])].some((encoded) => {
    const text = Buffer.from(encoded, 'base64').toString('latin1');
    return maskPlain(text) !== text;
  });
}
