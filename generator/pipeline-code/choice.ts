import type { Config, Diagnostic, Finding, Located } from '../../schema/index.js';
import { withPlace } from '../../schema/located.js';
import { Source } from '../../schema/source.js';
import { suggest } from '../../common/suggest.js';
import { isDynamic } from './dynamic.js';
import { isPipeline } from './pipelines.js';
import type { DefinedFunction, PythonModule } from './python-module.js';
import type { PipelineCode } from './read-code.js';

/**
 * Which function the compile step would take (find_pipeline of kfops_worker.py), as far as the text shows it.
 *
 * @returns a problem only where the compile step would certainly fail
 */
export function choiceProblems(code: PipelineCode, config: Located<Config>): Diagnostic[] {
  const { pipeline_path: path, pipeline_function_name: name } = config.value.pipeline;
  const module = code.modules.get(path);
  if (!module) return [];
  const pipelines = [...module.functions.values()].filter(isPipeline);
  if (name !== undefined) return namedProblems(name, module, pipelines, config);
  const at = (node: DefinedFunction['node'] | undefined, finding: Finding): Diagnostic[] => [
    withPlace(finding, new Source(path, module.text).locate(node?.from ?? 0, node?.to)),
  ];
  const [, second] = pipelines;
  if (second && !isDynamic(module)) {
    const list = pipelines.map((each) => `\`${each.name}\` (line ${lineOf(module, each)})`).join(', ');
    return at(second.node, {
      code: 'PIPELINE_CHOICE',
      message: `\`${path}\` has ${pipelines.length} pipelines: ${list}`,
      hint: 'Set `pipeline.pipeline_function_name` in `config_files/config.yaml` to one of them.',
    });
  }
  if (pipelines.length > 0 || !code.isWhole || [...code.modules.values()].some(mayMakePipelines)) return [];
  const candidate = [...module.functions.values()].findLast(({ decorators }) => decorators.length === 0);
  return at(candidate?.node, {
    code: 'PIPELINE_CHOICE',
    message: `\`${path}\` has no function with \`@dsl.pipeline\``,
    hint: 'Decorate the pipeline’s function with `@dsl.pipeline`.',
  });
}

function namedProblems(
  name: string,
  module: PythonModule,
  pipelines: readonly DefinedFunction[],
  config: Located<Config>,
): Diagnostic[] {
  const { pipeline_path: path } = config.value.pipeline;
  if (isDynamic(module)) return [];
  const names = pipelines.map((each) => each.name);
  const defined = module.functions.get(name);
  if (defined?.decorators.length === 0) {
    return [
      withPlace(
        {
          code: 'PIPELINE_CHOICE',
          message: `The function \`${name}\`, which \`pipeline.pipeline_function_name\` names, has no \`@dsl.pipeline\``,
          hint: 'Decorate it with `@dsl.pipeline`.',
        },
        new Source(path, module.text).locate(defined.node.from, defined.node.to),
      ),
    ];
  }
  if (module.words.has(name)) return [];
  const near = suggest(name, names);
  return [
    config.diagnostic(['pipeline', 'pipeline_function_name'], {
      code: 'PIPELINE_CHOICE',
      message: `\`${path}\` has no function \`${name}\``,
      hint:
        near !== undefined
          ? `Did you mean \`${near}\`?`
          : names.length > 0
            ? `Its pipelines: ${names.join(', ')}.`
            : 'Name the function that has `@dsl.pipeline`.',
    }),
  ];
}

/** Also of what makes them by another way than a decorated function. */
function mayMakePipelines(module: PythonModule): boolean {
  const makers = ['pipeline', 'GraphComponent', 'graph_component'];
  return isDynamic(module) || makers.some((word) => module.words.has(word));
}

function lineOf({ text }: PythonModule, { node }: DefinedFunction): number {
  return new Source('', text).locate(node.from).line ?? 1;
}
