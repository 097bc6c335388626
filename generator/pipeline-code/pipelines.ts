import type { SyntaxNode } from '@lezer/common';

import type { DefinedFunction, PythonModule } from './python-module.js';

const DECORATORS: readonly (string | undefined)[] = ['kfp.dsl.pipeline', 'kfp.v2.dsl.pipeline'];

/** Whether a function is a pipeline: it is decorated with `@dsl.pipeline`, and with nothing else. */
export function isPipeline({ decorators, isAsync }: DefinedFunction): boolean {
  return decorators.length === 1 && DECORATORS.includes(decorators[0]) && !isAsync;
}

/**
 * Whether a function is decorated and no pipeline: a component, which runs in its own image, or something else.
 *
 * @param definition - its node
 */
export function isOtherwiseDecorated({ functions }: PythonModule, { from, parent }: SyntaxNode): boolean {
  if (parent?.name !== 'DecoratedStatement') return false;
  return ![...functions.values()].some((each) => each.from === from && isPipeline(each));
}
