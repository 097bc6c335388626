import type { SyntaxNode } from '@lezer/common';

import { KFP1_NAMES } from './kfp1-names.js';
import { isOtherwiseDecorated, isPipeline } from './pipelines.js';
import type { DefinedFunction, PythonModule } from './python-module.js';

/** A use of KFP 1. */
export interface Kfp1Use {
  /** `kfp.dsl.ContainerOp` */
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** Compiling with KFP 2 fails there; else running might fail. */
  readonly isCertain: boolean;
}

/**
 * What of KFP 1 a file uses. Left out: what is in a branch or a `try`, since its author thought of KFP 2, and what is in a
 * component, which runs in its own image.
 *
 * @param canPatch - whether some code may put into kfp what it lacks
 */
export function kfp1Uses(module: PythonModule, canPatch: boolean): Kfp1Use[] {
  const reached = reachedFunctions(module);
  const use = (target: string | undefined, node: SyntaxNode, end: number): Kfp1Use[] => {
    const name = target === undefined ? undefined : kfp1Name(target);
    if (name === undefined) return [];
    const { runs, functions } = module.execution(node);
    if (runs === 'guarded' || functions.some((each) => isOtherwiseDecorated(module, each))) return [];
    const isReached = functions.every((each) => reached.has(each.from)) && functions.length < 2;
    return [{ name, start: node.from, end, isCertain: runs === 'always' && isReached && !canPatch }];
  };
  return [
    ...module.imports.flatMap(({ target, module: imported, node, bound }) =>
      use(bound === '*' || kfp1Name(target) === undefined ? imported : target, node, node.to),
    ),
    ...module.references.flatMap(({ path, node, end }) => {
      // Where the import itself fails, one report is enough.
      const root = module.resolve(path.slice(0, 1));
      return root !== undefined && kfp1Name(root) !== undefined ? [] : use(module.resolve(path), node, end);
    }),
  ].sort((a, b) => a.start - b.start);
}

/** The name of KFP 1 with which a name begins. */
function kfp1Name(target: string): string | undefined {
  const parts = target.replace(/^kfp\.v2\./, 'kfp.').split('.');
  // To import the module alone fails nowhere.
  if (target === 'kfops.model') return undefined;
  for (const length of [2, 3]) {
    const name = parts.slice(0, length).join('.');
    if (KFP1_NAMES.has(name)) return name;
  }
  return undefined;
}

/** Places of the functions that certainly run when the file is imported: pipelines, and what they call. */
function reachedFunctions(module: PythonModule): ReadonlySet<number> {
  const reached = new Set<number>();
  const left: DefinedFunction[] = [...module.functions.values()].filter(isPipeline);
  const callsIn = new Map<number | undefined, string[]>();
  for (const { name, node } of module.calls) {
    if (!module.functions.has(name)) continue;
    const { runs, functions } = module.execution(node);
    if (runs !== 'always' || functions.length > 1) continue;
    const inside = functions[0]?.from;
    callsIn.set(inside, [...(callsIn.get(inside) ?? []), name]);
  }
  const follow = (inside: number | undefined): void => {
    for (const name of callsIn.get(inside) ?? []) {
      const called = module.functions.get(name);
      if (called?.decorators.length === 0) left.push(called);
    }
  };
  follow(undefined);
  for (let next = left.pop(); next; next = left.pop()) {
    if (next.isAsync || reached.has(next.from)) continue;
    reached.add(next.from);
    follow(next.from);
  }
  return reached;
}
