import { randomInt } from 'node:crypto';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import fc from 'fast-check';

import { pythonOrSkip } from '../fixtures/python.js';
import { goProgram } from './go-program.js';

const FOLDER = fileURLToPath(new URL('../reference/', import.meta.url));

/** What a reader made of a text: what it holds, as JSON, or why it refused it. */
export interface ReadYaml {
  readonly json?: unknown;
  readonly error?: string;
}

/** A value as PyYAML typed it: `{ "int": "8" }`, `{ "map": { "a": { "str": "b" } } }`. */
export type PythonValue =
  | { readonly map: Readonly<Record<string, PythonValue>> }
  | { readonly list: readonly PythonValue[] }
  | { readonly str: string }
  | { readonly timestamp: string }
  | { readonly int: string }
  | { readonly float: string }
  | { readonly bool: boolean }
  | { readonly null: null };

/** What PyYAML made of a text, with the types, or why it refused it. */
export interface TypedYaml {
  readonly value?: PythonValue;
  /** A map has two equal keys, of which the last counts. */
  readonly duplicate?: boolean;
  readonly error?: string;
}

/** Which paths a .dockerignore leaves out, or why it is refused. */
export interface IgnoreAnswer {
  readonly ignored: readonly string[];
  readonly error?: string;
}

/** An image's name, taken apart, or why it is refused. */
export interface ImageAnswer {
  readonly domain?: string;
  readonly path?: string;
  readonly tag?: string;
  readonly digest?: string;
  readonly error?: string;
}

/** What is wrong with a label; empty where nothing is. */
export interface LabelAnswer {
  readonly key: readonly string[];
  readonly value: readonly string[];
}

/** When a schedule runs next, or why it is refused. */
export interface CronAnswer {
  /** In Kubeflow Pipelines. */
  readonly kubeflow: readonly string[];
  /** By its five fields. */
  readonly standard: readonly string[];
}

/** The Go program of test/reference: an answer for each question. */
export interface Reference {
  yaml(texts: readonly string[]): Promise<readonly ReadYaml[]>;
  ignore(
    questions: readonly { readonly file: string; readonly paths: readonly string[] }[],
  ): Promise<readonly IgnoreAnswer[]>;
  image(names: readonly string[]): Promise<readonly ImageAnswer[]>;
  label(labels: readonly { readonly key: string; readonly value: string }[]): Promise<readonly LabelAnswer[]>;
  cron(
    questions: readonly {
      readonly kubeflow: string;
      readonly standard: string;
      readonly after: string;
      readonly count: number;
    }[],
  ): Promise<readonly CronAnswer[]>;
  remove(): void;
}

/** Builds the program, or skips the tests and says why. */
export function reference(context: Mocha.Context): Reference {
  const program = goProgram(context, FOLDER);
  const ask = async <T>(what: string, questions: readonly unknown[]): Promise<readonly T[]> =>
    answers<T>(await program.run(lines(questions), what), questions.length);
  return {
    yaml: (texts) => ask('yaml', texts),
    ignore: (questions) => ask('ignore', questions),
    image: (names) => ask('image', names),
    label: (labels) => ask('label', labels),
    cron: (questions) => ask('cron', questions),
    remove: () => {
      program.remove();
    },
  };
}

/** Reads texts with PyYAML, or skips the tests and says why. */
export function pyYaml(context: Mocha.Context): (texts: readonly string[]) => Promise<readonly ReadYaml[]> {
  return pythonProgram(context, 'pyyaml.py');
}

/** The same, with the types that values have in Python, and keys and dates as they were written. */
export function pyYamlTypes(
  context: Mocha.Context,
): (texts: readonly string[]) => Promise<readonly TypedYaml[]> {
  return pythonProgram(context, 'pyyaml_types.py');
}

function pythonProgram<T>(
  context: Mocha.Context,
  file: string,
): (questions: readonly unknown[]) => Promise<readonly T[]> {
  const python = pythonOrSkip(context);
  return async (questions) => {
    const child = spawn(python, [FOLDER + file], { stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdin.end(lines(questions));
    return answers(await text(child.stdout), questions.length);
  };
}

function lines(questions: readonly unknown[]): string {
  return questions.map((question) => `${JSON.stringify(question)}\n`).join('');
}

function answers<T>(output: string, count: number): T[] {
  const given = output.trimEnd().split('\n');
  if (given.length !== count) throw new Error(`${given.length} answers to ${count} questions`);
  return given.map((line) => JSON.parse(line) as T);
}

/**
 * Two seeds for generated inputs: one that never changes, and a random one, which a failing test's name has.
 * `KFOPS_TEST_SEED` takes its place, to repeat what failed.
 */
export const SEEDS: readonly number[] = [1, Number(process.env.KFOPS_TEST_SEED ?? randomInt(2 ** 31))];

/** Inputs that a seed gives: the same ones each time. */
export function generated<T>(values: fc.Arbitrary<T>, seed: number, count = 300): readonly T[] {
  return fc.sample(values, { seed, numRuns: count });
}
