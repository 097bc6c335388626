import { suggest } from '../common/suggest.js';
import { readCron } from './cron.js';
import type { Diagnostic } from './diagnostic.js';
import { diagnosticAt } from './located.js';
import { at, itemsAt, textAt, toValue, type ConfigPath, type Tree } from './tree.js';

const SCHEDULES: ConfigPath = ['pipeline', 'schedules'];
const ARGUMENTS: ConfigPath = ['pipeline', 'pipeline_args'];

/** Schedules of the pipeline: their times, names and arguments. */
export function checkSchedules(tree: Tree): Diagnostic[] {
  const paths = itemsAt(tree, SCHEDULES).map((_, index): ConfigPath => [...SCHEDULES, index]);
  return [
    ...paths.flatMap((path) => checkCron(tree, [...path, 'cron'])),
    ...checkNames(
      tree,
      paths.map((path) => [...path, 'name']),
    ),
    ...paths.flatMap((path) => checkArguments(tree, [...path, 'arguments'])),
  ];
}

function checkCron(tree: Tree, path: ConfigPath): Diagnostic[] {
  const text = textAt(tree, path);
  if (text === undefined) return [];
  const read = readCron(text);
  if (!('problem' in read)) return [];
  const message = `The schedule \`${text.slice(0, 60)}\` ${read.problem}.`;
  return [diagnosticAt(tree, path, { code: 'WRONG_VALUE', message, hint: read.hint })];
}

function checkNames(tree: Tree, paths: readonly ConfigPath[]): Diagnostic[] {
  const seen = new Set<string>();
  return paths.flatMap((path) => {
    const name = textAt(tree, path);
    if (name === undefined || !seen.has(name)) {
      if (name !== undefined) seen.add(name);
      return [];
    }
    const message = `Two schedules have the name \`${name}\`.`;
    return [
      diagnosticAt(tree, path, { code: 'DUPLICATE_NAME', message, hint: 'Give one of them another name.' }),
    ];
  });
}

/** They replace those of `pipeline_args`, so they are some of them: a mistyped one would be ignored. */
function checkArguments(tree: Tree, path: ConfigPath): Diagnostic[] {
  const [given, usual] = [at(tree, path), at(tree, ARGUMENTS)];
  if (given?.kind !== 'map') return [];
  const known = usual?.kind === 'map' ? [...usual.entries.keys()] : [];
  return [...given.entries.keys()].flatMap((key) => {
    const place = [...path, key];
    if (!known.includes(key)) {
      const near = suggest(key, known);
      const message = `\`pipeline_args\` has no argument \`${key}\`.`;
      const hint =
        near === undefined ? `Add \`${key}\` to \`pipeline.pipeline_args\`.` : `Did you mean \`${near}\`?`;
      return [diagnosticAt(tree, place, { code: 'UNKNOWN_KEY', message, hint })];
    }
    const [own, other] = [kindAt(tree, place), kindAt(tree, [...ARGUMENTS, key])];
    if (own === other || own === 'nothing' || other === 'nothing') return [];
    const message = `The argument \`${key}\` is ${own} here and ${other} in \`pipeline_args\`.`;
    const hint = 'Write values of the same type in both places. Quotes make a text.';
    return [diagnosticAt(tree, place, { code: 'WRONG_VALUE', message, hint })];
  });
}

/** The type of a value, in words. */
function kindAt(tree: Tree, path: ConfigPath): string {
  const found = at(tree, path);
  const value: unknown = found && toValue(found);
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return TYPE_WORDS.get(typeof value) ?? 'a map';
}

const TYPE_WORDS: ReadonlyMap<string, string> = new Map([
  ['number', 'a number'],
  ['boolean', 'true or false'],
  ['string', 'a text'],
]);
