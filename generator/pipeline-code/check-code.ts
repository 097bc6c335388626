import type { Diagnostic } from '../../schema/index.js';
import { withPlace } from '../../schema/located.js';
import { Source } from '../../schema/source.js';
import type { Project } from '../project/project.js';
import { startParser } from '../python-syntax.js';
import { argumentProblems } from './check-arguments.js';
import { choiceProblems } from './choice.js';
import { changesModules } from './dynamic.js';
import { KFP1_NAMES } from './kfp1-names.js';
import { kfp1Uses } from './kfp1.js';
import { readPipelineCode, type PipelineCode } from './read-code.js';

/** Uses of KFP 1 that are reported: nobody reads more. */
const MOST_USES = 50;

/**
 * What is wrong in the pipeline's code, as far as it shows without running it: what isn't Python, what KFP 2 no longer has,
 * and a pipeline that the compile step wouldn't find. An error is reported only where the compile step would fail, too.
 *
 * @param run - the pipeline will run: arguments that the caller has set must be its parameters
 */
export async function checkPipelineCode(
  { source, config, setArguments }: Pick<Project, 'source' | 'config' | 'setArguments'>,
  { run = false }: { readonly run?: boolean } = {},
): Promise<Diagnostic[]> {
  const { pipeline_path: path, compiler_image: ownImage } = config.value.pipeline;
  startParser();
  const code = await readPipelineCode(source, path);
  return [
    ...code.problems,
    ...kfp1Problems(code, ownImage !== undefined),
    ...choiceProblems(code, config),
    ...(run ? argumentProblems(code, config, setArguments) : []),
  ];
}

/** @param ownImage - whether the pipeline is compiled with an image of its own, which may have what KFP 2 lacks */
function kfp1Problems({ modules, hasOwnKfops }: PipelineCode, ownImage: boolean): Diagnostic[] {
  const canPatch = [...modules.values()].some(changesModules);
  const problems = [...modules].flatMap(([path, module]) => {
    const source = new Source(path, module.text);
    const uses = kfp1Uses(module, canPatch).filter(({ name }) => !hasOwnKfops || name.startsWith('kfp.'));
    return uses.map(({ name, start, end, isCertain }) =>
      withPlace(
        {
          code: 'PIPELINE_KFP1',
          severity: isCertain && !ownImage ? 'error' : 'warning',
          message: `\`${name}\` is from Kubeflow Pipelines 1; version 2 doesn't have it`,
          hint: KFP1_NAMES.get(name) ?? '',
        },
        source.locate(start, end),
      ),
    );
  });
  return problems.slice(0, MOST_USES);
}
