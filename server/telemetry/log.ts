import type { Writable } from 'node:stream';

import { pino, type Logger } from 'pino';

import { KEY_IN_JSON, TOKEN_PATTERNS } from '../redact/token-patterns.js';

export type { Logger } from 'pino';

/** What is put where a secret stood. */
const MASK = '***';

/** Fields that are never logged. */
const NEVER = ['authorization', 'headers', 'pem', 'privateKey', 'secret', 'signature', 'token'];

const PATTERNS = [KEY_IN_JSON, ...TOKEN_PATTERNS];

/** Options of {@link createLog}. */
export interface LogOptions {
  /** The least important lines that are written. */
  readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error';
  /** Takes one line of JSON at a time. */
  readonly to: Pick<Writable, 'write'>;
  /** Secrets that this process holds at the moment. They are masked wherever they turn up. */
  readonly secrets?: () => Iterable<string>;
}

/**
 * The log of the server: one line of JSON for each entry. Of an error only its name, message, stack and numbers are
 * written, for errors of clients carry the whole request. Secrets are masked thrice: by the field's name, by the
 * text's form, and by comparison with the secrets that the process holds.
 */
export function createLog({ level, to, secrets = () => [] }: LogOptions): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describe },
      redact: { paths: NEVER.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]), censor: MASK },
    },
    { write: (line: string) => void to.write(masked(line, secrets())) },
  );
}

/** Masks secrets in a line of JSON. */
function masked(line: string, secrets: Iterable<string>): string {
  let text = line;
  for (const secret of secrets) {
    // A short text would be found in every second word.
    if (secret.length >= 6) text = text.replaceAll(JSON.stringify(secret).slice(1, -1), MASK);
  }
  return PATTERNS.reduce((so, [pattern, replacement]) => so.replace(pattern, replacement), text);
}

function describe(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return typeof error === 'string' ? error : typeof error;
  const { code, status } = error as { code?: unknown; status?: unknown };
  return {
    name: error.name,
    message: error.message,
    ...(typeof code === 'string' && { code }),
    ...(typeof status === 'number' && { status }),
    stack: error.stack,
    ...(error.cause !== undefined && depth < 3 && { cause: describe(error.cause, depth + 1) }),
  };
}
