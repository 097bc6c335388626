import { ConfigError, ServiceError, WorkError, type Diagnostic, type Settings } from '../../schema/index.js';
import type { TaskInput, TaskName } from './tasks.js';
import { TokenError } from './token-error.js';

/** What the server says to a worker. */
export type ToWorker =
  | { readonly kind: 'settings'; readonly settings: Settings }
  | {
      readonly kind: 'task';
      readonly name: TaskName;
      readonly input: TaskInput<TaskName>;
      /** Where git finds the repository of the task. */
      readonly url: string;
    }
  | { readonly kind: 'token'; readonly id: number; readonly token: string | undefined }
  | { readonly kind: 'no-token'; readonly id: number }
  | { readonly kind: 'cancel' };

/** What a worker says to the server. */
export type FromWorker =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'log';
      readonly level: 'info' | 'warn';
      readonly fields: object;
      readonly message: string;
    }
  | { readonly kind: 'token'; readonly id: number }
  | { readonly kind: 'storing' }
  | { readonly kind: 'done'; readonly output: unknown }
  | { readonly kind: 'failed'; readonly error: PackedError };

/** An error as plain data. */
export type PackedError =
  | { readonly kind: 'config'; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: 'work'; readonly message: string; readonly nextStep: string | undefined }
  | {
      readonly kind: 'service';
      readonly service: string;
      readonly address: string;
      readonly problem: string;
      readonly nextStep: string;
    }
  | { readonly kind: 'token' }
  | { readonly kind: 'other'; readonly name: string; readonly message: string; readonly stack: string };

/** More problems than anybody reads at once; what the server then does with each of them takes its time. */
const MOST_DIAGNOSTICS = 200;
/** Characters of a text of an error. */
const LONGEST = 10_000;

/** Our own errors, as opposed to those of services. */
const FAULTS = [TypeError, RangeError, URIError, SyntaxError];

/** Makes plain data of an error, of a size that the server can bear. */
export function packError(error: unknown): PackedError {
  if (error instanceof TokenError) return { kind: 'token' };
  if (error instanceof ConfigError) {
    return { kind: 'config', diagnostics: error.diagnostics.slice(0, MOST_DIAGNOSTICS).map(cutDiagnostic) };
  }
  if (error instanceof ServiceError) {
    const { service, address, problem, nextStep } = error;
    return { kind: 'service', service, address, problem: cut(problem), nextStep };
  }
  if (error instanceof WorkError) {
    return { kind: 'work', message: cut(error.message), nextStep: error.nextStep };
  }
  const { name, message, stack = '' } = error instanceof Error ? error : new Error(String(error));
  return { kind: 'other', name, message: cut(message), stack: cut(stack) };
}

/** Makes an error again, of the kind that it was. */
export function unpackError(packed: Exclude<PackedError, { kind: 'token' }>): Error {
  switch (packed.kind) {
    case 'config':
      return new ConfigError(packed.diagnostics);
    case 'work':
      return new WorkError(packed.message, packed.nextStep);
    case 'service':
      return new ServiceError(packed.service, packed.address, packed.problem, packed.nextStep);
    case 'other': {
      const Kind = FAULTS.find(({ name }) => name === packed.name) ?? Error;
      return Object.assign(new Kind(packed.message), { name: packed.name, stack: packed.stack });
    }
  }
}

function cutDiagnostic(diagnostic: Diagnostic): Diagnostic {
  const { message, hint, excerpt } = diagnostic;
  return {
    ...diagnostic,
    message: cut(message),
    ...(hint !== undefined && { hint: cut(hint) }),
    ...(excerpt !== undefined && { excerpt: cut(excerpt) }),
  };
}

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
