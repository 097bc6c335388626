import { recordOf } from '../../common/json.js';
import { cutEnd } from '../../schema/cut.js';
import type { Diagnostic, DiagnosticCode } from '../../schema/index.js';
import { validText } from '../../schema/valid-text.js';

/** Why a pipeline was not compiled: error.json of the compile script. */
export interface ErrorReport {
  readonly kind: string;
  readonly message: string;
  readonly hint?: string;
  readonly frames: readonly Frame[];
}

/** One place in the repository that was on the way to the error; the innermost is the last. */
export interface Frame {
  /** From the repository's root. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** The line, without its indentation. */
  readonly code: string;
}

const CODES: Readonly<Partial<Record<string, DiagnosticCode>>> = {
  path: 'PIPELINE_MISSING',
  syntax: 'PIPELINE_SYNTAX',
  no_pipeline: 'PIPELINE_CHOICE',
  several_pipelines: 'PIPELINE_CHOICE',
  function: 'PIPELINE_CHOICE',
  kfp1: 'PIPELINE_KFP1',
  kfops_model: 'PIPELINE_KFP1',
  timeout: 'PIPELINE_LIMIT',
  memory: 'PIPELINE_LIMIT',
  killed: 'PIPELINE_LIMIT',
  size: 'PIPELINE_LIMIT',
};
const LONGEST = 2000;
/** No file has more; GitHub takes 32 bits. */
const LAST_LINE = 10_000_000;
/** How many of the calls on the way to an error are named. */
const CALLERS = 3;

/**
 * Reads error.json. The repository's code ran next to what wrote it, so every part is checked and cut.
 *
 * @returns undefined where it is no such report
 */
export function parseErrorReport(text: string): ErrorReport | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { kind, message, hint, frames } = recordOf(value);
  if (typeof kind !== 'string' || typeof message !== 'string') return undefined;
  return {
    kind: cut(kind),
    message: cut(message),
    ...(typeof hint === 'string' && { hint: cut(hint) }),
    frames: (Array.isArray(frames) ? frames : []).slice(-20).flatMap((frame) => {
      const { file, line, code } = recordOf(frame);
      const isFrame = typeof file === 'string' && typeof line === 'number' && typeof code === 'string';
      if (!isFrame || !Number.isInteger(line) || line < 1 || line > LAST_LINE) return [];
      return [{ file: cut(file), line, code: cut(code) }];
    }),
  };
}

/**
 * The report as a diagnostic, at the place in the repository's code where it went wrong.
 *
 * @param pipelinePath - the place where the report has none
 */
export function reportDiagnostic(
  { kind, message, hint, frames }: ErrorReport,
  pipelinePath: string,
): Diagnostic {
  const last = frames.at(-1);
  const isTrace = kind !== 'several_pipelines';
  const callers = isTrace ? frames.slice(0, -1).slice(-CALLERS).reverse() : [];
  const way = callers.map(({ file, line }) => `${file}:${line}`).join(', ');
  return {
    code: CODES[kind] ?? 'PIPELINE_CODE',
    severity: 'error',
    message: sentence(way === '' ? message : `${message} (called from ${way})`),
    file: last?.file ?? pipelinePath,
    ...(last && { line: last.line, column: 1 }),
    ...(last && last.code !== '' && { excerpt: last.code, length: last.code.length }),
    ...(hint !== undefined && { hint }),
  };
}

function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

function cut(text: string): string {
  return cutEnd(validText(text), LONGEST);
}
