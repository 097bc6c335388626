import type { Diagnostic } from './diagnostic.js';
import { readDocument } from './document.js';
import { diagnosticAt, withPlace } from './located.js';
import { Source } from './source.js';
import { keyProblem } from './text-rules.js';
import { formatPath, merge, type Tree } from './tree.js';

/** A change to the configuration from the command line. */
export type Override =
  /** `--set a.b=c`. */
  | { readonly kind: 'set'; readonly text: string }
  /** `--config-override FILE`. */
  | { readonly kind: 'file'; readonly file: string; readonly text: string };

/** A key of the root wins over one below `pipeline`, to which all other keys belong (as the first Kfops had it). */
const ROOT_KEYS = new Set(['repository', 'image_builder', 'pipeline', 'deployment']);

/**
 * Applies overrides in their order: `--set` replaces one value, a file is merged (maps deeply, lists are replaced).
 *
 * @param diagnostics - gets what is wrong with the overrides themselves
 */
export function applyOverrides(base: Tree, overrides: readonly Override[], diagnostics: Diagnostic[]): Tree {
  let tree = base;
  for (const override of overrides) {
    tree =
      override.kind === 'file'
        ? mergeFile(tree, override, diagnostics)
        : set(tree, override.text, diagnostics);
  }
  return tree;
}

/** @returns the keys below `pipeline.pipeline_args` that `--set` sets one by one, each once */
export function setArgumentKeys(overrides: readonly Override[]): readonly string[] {
  const keys = overrides.flatMap((override) => {
    if (override.kind === 'file') return [];
    const [key] = /^(?:pipeline\.)?pipeline_args\.([^.=]+)(?=[.=])/.exec(override.text)?.slice(1) ?? [];
    return key === undefined ? [] : [key];
  });
  return [...new Set(keys)];
}

function mergeFile(tree: Tree, override: { file: string; text: string }, diagnostics: Diagnostic[]): Tree {
  const read = readDocument(new Source(override.file, override.text));
  diagnostics.push(...read.diagnostics);
  if (!read.tree || isNull(read.tree)) return tree;
  if (read.tree.kind === 'map') return merge(tree, read.tree);
  const message = 'The file of --config-override must hold a map.';
  diagnostics.push(
    diagnosticAt(read.tree, [], {
      code: 'OVERRIDE',
      message,
      hint: 'Write it like config.yaml, with only the keys to change.',
    }),
  );
  return tree;
}

function set(tree: Tree, text: string, diagnostics: Diagnostic[]): Tree {
  const source = new Source(`--set ${text}`, text);
  const equals = text.indexOf('=');
  const steps: Step[] = [];
  let offset = 0;
  for (const key of (equals < 0 ? '' : text.slice(0, equals)).split('.')) {
    steps.push({ key, start: offset });
    offset += key.length + 1;
  }
  if (steps.some(({ key }) => key === '')) {
    const hint = 'Write --set key=value or --set section.key=value.';
    const message = equals < 0 ? '--set needs a key and a value.' : '--set has an empty key.';
    diagnostics.push(withPlace({ code: 'OVERRIDE', message, hint }, source.locate(0, text.length)));
    return tree;
  }
  for (const { key, start } of steps) {
    const problem = keyProblem(key);
    if (!problem) continue;
    diagnostics.push(withPlace(problem, source.locate(start, start + key.length)));
    return tree;
  }
  const read = readDocument(source, equals + 1);
  diagnostics.push(...read.diagnostics);
  if (read.diagnostics.length > 0) return tree;
  const value = read.tree ?? {
    source,
    range: [equals + 1, equals + 1],
    kind: 'scalar',
    value: null,
    text: '',
  };
  const first = steps[0]?.key ?? '';
  const full = ROOT_KEYS.has(first) ? steps : [{ key: 'pipeline', start: 0 }, ...steps];
  return setIn(tree, full, 0, value, diagnostics);
}

interface Step {
  readonly key: string;
  /** Offset in the argument. */
  readonly start: number;
}

function setIn(
  tree: Tree | undefined,
  steps: readonly Step[],
  depth: number,
  value: Tree,
  diagnostics: Diagnostic[],
): Tree {
  const step = steps[depth];
  const previous = steps[depth - 1];
  const key = previous ? ([previous.start, previous.start + previous.key.length] as const) : undefined;
  if (!step) return { ...value, ...(key ? { key } : {}) };
  if (tree?.kind === 'list') {
    const item = /^\d{1,6}$/.test(step.key) ? tree.items[Number(step.key)] : undefined;
    if (!item) return refuse(tree, steps, depth, value.source, diagnostics);
    const items = [...tree.items];
    items[Number(step.key)] = setIn(item, steps, depth + 1, value, diagnostics);
    return { ...tree, items };
  }
  if (tree && tree.kind !== 'map' && !isNull(tree))
    return refuse(tree, steps, depth, value.source, diagnostics);
  const place =
    tree?.kind === 'map'
      ? tree
      : { source: value.source, range: [step.start, step.start] as const, ...(key ? { key } : {}) };
  const entries = new Map(tree?.kind === 'map' ? tree.entries : []);
  entries.set(step.key, setIn(entries.get(step.key), steps, depth + 1, value, diagnostics));
  return { ...place, kind: 'map', entries };
}

function refuse(
  tree: Tree,
  steps: readonly Step[],
  depth: number,
  source: Source,
  diagnostics: Diagnostic[],
): Tree {
  const step = steps[depth] ?? { key: '', start: 0 };
  const label = formatPath(steps.slice(0, depth).map(({ key }) => key));
  const finding =
    tree.kind === 'list'
      ? {
          message: `\`${label}\` is a list of ${tree.items.length}, and \`${step.key}\` is not the position of one of them.`,
          hint: 'Positions begin at 0; or replace the whole list.',
        }
      : {
          message: `\`${label}\` is a single value and has no key \`${step.key}\`.`,
          hint: 'Check the path before the `=`.',
        };
  diagnostics.push(
    withPlace({ code: 'OVERRIDE', ...finding }, source.locate(step.start, step.start + step.key.length)),
  );
  return tree;
}

function isNull(tree: Tree): boolean {
  return tree.kind === 'scalar' && tree.value === null;
}
