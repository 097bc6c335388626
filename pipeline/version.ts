import { WorkError } from '../schema/errors.js';
import { pipelineOf } from './ir.js';
import type { KfpClient } from './kfp.js';
import { byName, pipelineName } from './kfp-names.js';
import { firstOf, idOf, nothingFor, type Published } from './publish.js';

/** Which version of which pipeline is wanted: each by its id, or by its name. */
export interface WantedVersion {
  readonly namespace: string;
  /** As the configuration has it. */
  readonly pipeline?: string | undefined;
  readonly pipelineId?: string | undefined;
  readonly version?: string | undefined;
  readonly versionId?: string | undefined;
}

/**
 * A version that was published before, with what it declares, as Kubeflow Pipelines has it.
 *
 * @throws WorkError where there is no such pipeline or version
 * @throws ServiceError where KFP is not reached or refuses
 */
export async function findVersion(client: KfpClient, wanted: WantedVersion): Promise<Published> {
  const pipelineId = wanted.pipelineId ?? (await pipelineNamed(client, wanted));
  const versionId = wanted.versionId ?? (await versionNamed(client, pipelineId, wanted.version ?? ''));
  const answer = await client
    .call({
      method: 'GET',
      path: `/pipelines/${encodeURIComponent(pipelineId)}/versions/${encodeURIComponent(versionId)}`,
    })
    .catch(nothingFor(404));
  if (!answer) throw missing(`the pipeline has no version with the id ${versionId}`);
  const { name, display_name: displayName, pipeline_spec: spec, pipeline_id: owner } = answer;
  // The API server looks at the version's id only, and fails when it is to run this pair.
  if (typeof owner === 'string' && owner !== '' && owner !== pipelineId)
    throw new WorkError(
      `the version ${versionId} is one of another pipeline`,
      'Take the id from the page of this pipeline in Kubeflow Pipelines, or give the version by its name.',
    );
  const version = [name, displayName].find((each): each is string => typeof each === 'string' && each !== '');
  return { pipelineId, versionId, version: version ?? versionId, pipeline: pipelineOf(spec), warnings: [] };
}

async function pipelineNamed(client: KfpClient, { pipeline, namespace }: WantedVersion): Promise<string> {
  const name = pipelineName(pipeline ?? '');
  const found = await client
    .call({ method: 'GET', path: `/pipelines/names/${encodeURIComponent(name)}`, query: { namespace } })
    .catch(nothingFor(404));
  if (!found) throw missing(`Kubeflow Pipelines has no pipeline ${name} in the namespace ${namespace}`);
  return idOf(found, 'pipeline_id', `the pipeline ${name}`);
}

async function versionNamed(client: KfpClient, pipelineId: string, version: string): Promise<string> {
  const { pipeline_versions: versions } = await client.call({
    method: 'GET',
    path: `/pipelines/${encodeURIComponent(pipelineId)}/versions`,
    query: { filter: byName(version), page_size: '2' },
  });
  const found = firstOf(versions);
  if (!found) throw missing(`the pipeline has no version ${version}`);
  return idOf(found, 'pipeline_version_id', `the version ${version}`);
}

function missing(problem: string): WorkError {
  return new WorkError(problem, 'Build it first (`kfops build`, `/build`): a build publishes it.');
}
