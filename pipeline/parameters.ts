import { isRecord } from '../common/json.js';
import { suggest } from '../common/suggest.js';
import { cutEnd } from '../schema/cut.js';
import { WorkError } from '../schema/errors.js';
import type { CompiledPipeline } from './ir.js';

/** What there is to say about arguments; written by generator/plan/argument-details.ts. */
export interface ArgumentDetails {
  /** Numbers and booleans as they were written, where that is another text: `3.10` for 3.1. */
  readonly texts?: Readonly<Record<string, string>>;
  /** Names that somebody has set for this run: the pipeline must have these parameters. */
  readonly set?: readonly string[];
}

/** Reads {@link ArgumentDetails}; what has another form counts as absent. */
export function argumentDetails({ texts, set }: Readonly<Record<string, unknown>>): ArgumentDetails {
  return {
    ...(isRecord(texts) && { texts: texts as Record<string, string> }),
    ...(Array.isArray(set) && { set: set as string[] }),
  };
}

/**
 * What a run is given: arguments that the pipeline declares, others are refused by KFP. Pipelines written for Kfops
 * declare `version_id`: it is the version's name, unless the configuration has one. Values have the types that
 * `validatePipelineJobInputs` of KFP's API server (template/v2_template.go) wants.
 *
 * @throws WorkError that names every parameter without a value or with one of another type, and every name in `set` that
 *   the pipeline doesn't declare
 */
export function parametersOf(
  { parameters: declared }: Pick<CompiledPipeline, 'parameters'>,
  given: Readonly<Record<string, unknown>>,
  version: string,
  { texts = {}, set = [] }: ArgumentDetails = {},
): { readonly parameters: Record<string, unknown>; readonly ignored: string[] } {
  const values = new Map<string, unknown>(Object.entries({ version_id: version, ...given }));
  const written = new Map(Object.entries(texts));
  const parameters: Record<string, unknown> = {};
  const missing: string[] = [];
  const problems = set
    .filter((name) => !declared.has(name))
    .map((name) => unknown(name, [...declared.keys()]));
  for (const [name, { type, optional }] of declared) {
    const value = values.get(name);
    if (value === undefined || value === null) {
      if (!optional) missing.push(name);
      continue;
    }
    const typed = withType(value, type, written.get(name));
    if (typed === undefined)
      problems.push(`\`${name}\` must be ${WANTED[type] ?? type}, and is ${shown(value)}`);
    else Object.defineProperty(parameters, name, { value: typed, enumerable: true });
  }
  if (missing.length > 0) {
    const names = missing.map((name) => `\`${name}\``).join(', ');
    const hint = 'Write the values into `pipeline.pipeline_args`, or give the parameters defaults.';
    throw new WorkError([`the pipeline needs ${names}`, ...problems].join('; '), hint);
  }
  if (problems.length > 0)
    throw new WorkError(problems.join('; '), 'Correct `pipeline.pipeline_args`, or what `--set` says.');
  return { parameters, ignored: Object.keys(given).filter((name) => !declared.has(name)) };
}

function unknown(name: string, known: readonly string[]): string {
  const near = suggest(name, known);
  return `the pipeline has no parameter \`${name}\`${near === undefined ? '' : ` (did you mean \`${near}\`?)`}`;
}

/** By the types of KFP's `inputDefinitions`. */
const WANTED: Readonly<Partial<Record<string, string>>> = {
  STRING: 'a text',
  NUMBER_INTEGER: 'a whole number',
  NUMBER_DOUBLE: 'a number',
  BOOLEAN: '`true` or `false`',
  LIST: 'a list',
  STRUCT: 'a map',
};

const INTEGER = /^[+-]?\d{1,15}$/;
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * KFP 1 took everything as a text, YAML reads `1.5` and `yes` as a number and a boolean, and PyYAML `1e-3` as a text.
 *
 * @returns undefined where the value can't have the type
 */
function withType(value: unknown, type: string, written: string | undefined): unknown {
  switch (type) {
    case 'STRING':
      if (typeof value === 'number' || typeof value === 'boolean') return written ?? String(value);
      return typeof value === 'string' ? value : undefined;
    case 'NUMBER_INTEGER':
      if (typeof value === 'string' && INTEGER.test(value)) return Number(value);
      return Number.isInteger(value) ? value : undefined;
    case 'NUMBER_DOUBLE':
      if (typeof value === 'string' && NUMBER.test(value)) return Number(value);
      return typeof value === 'number' ? value : undefined;
    case 'BOOLEAN':
      if (typeof value === 'string' && /^(?:true|false)$/i.test(value)) return value.toLowerCase() === 'true';
      return typeof value === 'boolean' ? value : undefined;
    case 'LIST':
      return Array.isArray(value) ? value : undefined;
    case 'STRUCT':
      return isRecord(value) ? value : undefined;
    default:
      return value;
  }
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (isRecord(value)) return 'a map';
  if (typeof value === 'string') return `the text ${JSON.stringify(cutEnd(value, 60))}`;
  return `\`${String(value)}\``;
}
