import type { Config, Located } from '../../schema/index.js';
import { checkPipelineCode } from '../pipeline-code/check-code.js';
import type { ContextSource } from '../ports.js';
import type { MigrationFinding } from './finding.js';

/**
 * What of the pipeline's code is from Kubeflow Pipelines 1, and what could not be read.
 *
 * @param config - it must be valid; its places are not used
 */
export async function codeFindings(
  source: ContextSource,
  config: Located<Config>,
): Promise<MigrationFinding[]> {
  const path = config.value.pipeline.pipeline_path;
  if ((await source.text(path)) === undefined)
    return [
      unreadable(
        { file: path },
        `There is no file \`${path}\`, so its code wasn’t checked.`,
        'Correct `pipeline_path` in config.yaml.',
      ),
    ];
  const found = await checkPipelineCode({ source, config });
  return found.flatMap(({ code, message, hint = '', file, line, column }): MigrationFinding[] => {
    const place = {
      ...(file !== undefined && { file }),
      ...(line !== undefined && { line }),
      ...(column !== undefined && { column }),
    };
    if (code === 'PIPELINE_SYNTAX') return [unreadable(place, message, hint)];
    if (code !== 'PIPELINE_KFP1') return [];
    return [
      {
        topic: 'kfp1',
        ...place,
        subject: /`([^`]+)`/.exec(message)?.[1] ?? path,
        before: 'Pipelines were compiled with kfp 1.',
        now: 'Pipelines are compiled with kfp 2, which doesn’t have this name.',
        action: 'edit',
        next: hint,
      },
    ];
  });
}

function unreadable(
  place: Pick<MigrationFinding, 'file' | 'line' | 'column'>,
  now: string,
  next: string,
): MigrationFinding {
  return {
    topic: 'pipeline-code',
    ...place,
    subject: 'pipeline.pipeline_path',
    before: 'The pipeline was compiled with kfp 1.',
    now,
    action: 'edit',
    next,
  };
}
