import type { SyntaxNode } from '@lezer/common';

import { suggest } from '../../common/suggest.js';
import type { Config, Diagnostic, Located } from '../../schema/index.js';
import type { Project } from '../project/project.js';
import { startParser } from '../python-syntax.js';
import { isDynamic } from './dynamic.js';
import { isPipeline } from './pipelines.js';
import { readPipelineCode, type PipelineCode } from './read-code.js';

/** Parameters that a hint lists. */
const MOST_LISTED = 20;

/** {@link argumentProblems} of a project whose code wasn't read. */
export async function checkSetArguments({
  source,
  config,
  setArguments,
}: Pick<Project, 'source' | 'config' | 'setArguments'>): Promise<Diagnostic[]> {
  if (!setArguments) return [];
  startParser();
  return argumentProblems(
    await readPipelineCode(source, config.value.pipeline.pipeline_path),
    config,
    setArguments,
  );
}

/**
 * Arguments that the caller has set and that the pipeline doesn't have. None where the code doesn't show its parameters:
 * the step that runs it checks them again.
 */
export function argumentProblems(
  code: PipelineCode,
  config: Located<Config>,
  setArguments: readonly string[] = [],
): Diagnostic[] {
  if (setArguments.length === 0) return [];
  const known = parametersOf(code, config.value.pipeline);
  if (!known) return [];
  return setArguments
    .filter((name) => !known.includes(name))
    .map((name) => {
      const near = suggest(name, known);
      const more = known.length > MOST_LISTED ? `, and ${known.length - MOST_LISTED} more` : '';
      const list = `${known.slice(0, MOST_LISTED).join(', ')}${more}`;
      return {
        code: 'OVERRIDE',
        severity: 'error',
        message: `The pipeline has no parameter \`${name}\`.`,
        file: `--set ${name}`,
        hint:
          near !== undefined
            ? `Did you mean \`${near}\`?`
            : known.length > 0
              ? `Its parameters: ${list}.`
              : 'It has no parameters.',
      };
    });
}

/** @returns the names of the pipeline's parameters; undefined where its text doesn't show them for certain */
function parametersOf(
  { modules }: PipelineCode,
  { pipeline_path: path, pipeline_function_name: name }: Config['pipeline'],
): readonly string[] | undefined {
  const module = modules.get(path);
  if (!module || isDynamic(module)) return undefined;
  const pipelines = [...module.functions.values()].filter(isPipeline);
  const [chosen, second] = name === undefined ? pipelines : pipelines.filter((each) => each.name === name);
  if (!chosen || second) return undefined;
  const list = chosen.node.parent?.getChild('ParamList');
  return list ? namesIn(list, module.text) : undefined;
}

function namesIn(list: SyntaxNode, text: string): string[] {
  return list
    .getChildren('VariableName')
    .filter(({ prevSibling }) => prevSibling?.name !== 'AssignOp')
    .map(({ from, to }) => text.slice(from, to));
}
