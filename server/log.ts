import type { Writable } from 'node:stream';

import { pino, type Logger } from 'pino';

export type { Logger } from 'pino';

/** What is put where a secret stood. */
const MASK = '***';

/** Fields that are never logged, whoever gives them. */
const NEVER = ['authorization', 'headers', 'pem', 'privateKey', 'secret', 'signature', 'token'];

/** Forms of GitHub's tokens, of keys, of JSON web tokens and of credentials in a header or an address. */
const SHAPES = new RegExp(
  [
    String.raw`\bgh[a-z]_[\w.-]{16,}`,
    String.raw`\bgithub_pat_\w{20,}`,
    String.raw`\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*`,
    String.raw`-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[^"]*`,
    String.raw`\b(?:Bearer|Basic) [\w.~+/-]{8,}=*`,
    String.raw`(?<=:\/\/)[^\s/"@\\]{1,512}(?=@)`,
  ].join('|'),
  'g',
);

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
  return text.replace(SHAPES, MASK);
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
