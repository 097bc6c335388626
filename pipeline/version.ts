import { WorkError } from '../schema/errors.js';
import { pipelineOf, type CompiledPipeline } from './ir.js';
import { idOf, itemsOf, nothingFor } from './kfp-answers.js';
import type { KfpClient } from './kfp.js';
import { byName, bySubstring, pipelineName } from './kfp-names.js';
import { isBuildOf, isOfBranch } from './version-names.js';

/** A version that is there. */
export interface Published {
  readonly pipelineId: string;
  readonly versionId: string;
  /** Its name. */
  readonly version: string;
  readonly pipeline: CompiledPipeline;
}

/** Which version of which pipeline is wanted: each by its id, or by its name. */
export interface WantedVersion {
  readonly namespace: string;
  /** As the configuration has it. */
  readonly pipeline?: string | undefined;
  readonly pipelineId?: string | undefined;
  readonly version?: string | undefined;
  /** The newest version that builds of the same files published under this name. */
  readonly newestOf?: string | undefined;
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
  const versionId = wanted.versionId ?? (await idOfWanted(client, pipelineId, wanted));
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
  const version = textOf(name) ?? textOf(displayName) ?? versionId;
  return { pipelineId, versionId, version, pipeline: pipelineOf(spec) };
}

async function pipelineNamed(client: KfpClient, { pipeline, namespace }: WantedVersion): Promise<string> {
  const name = pipelineName(pipeline ?? '');
  const found = await client
    .call({ method: 'GET', path: `/pipelines/names/${encodeURIComponent(name)}`, query: { namespace } })
    .catch(nothingFor(404));
  if (!found) throw missing(`Kubeflow Pipelines has no pipeline ${name} in the namespace ${namespace}`);
  return idOf(found, 'pipeline_id', `the pipeline ${name}`);
}

async function idOfWanted(client: KfpClient, pipelineId: string, wanted: WantedVersion): Promise<string> {
  const { newestOf: builds, version = builds ?? '' } = wanted;
  const id = await (builds === undefined ? versionNamed : newestOf)(client, pipelineId, version);
  if (id === undefined) throw missing(`the pipeline has no version ${version}`);
  return id;
}

/** @returns the id of the version with this name, if there is one */
export async function versionNamed(
  client: KfpClient,
  pipelineId: string,
  version: string,
): Promise<string | undefined> {
  const [found] = await versions(client, pipelineId, { filter: byName(version), page_size: '2' });
  return found && idOf(found, 'pipeline_version_id', `the version ${version}`);
}

async function newestOf(client: KfpClient, pipelineId: string, version: string): Promise<string | undefined> {
  const query = { filter: bySubstring(version), sort_by: 'created_at desc', page_size: '100' };
  const newest = (await versions(client, pipelineId, query)).find(({ name, display_name: displayName }) =>
    isBuildOf(version, textOf(name) ?? textOf(displayName) ?? ''),
  );
  return newest && idOf(newest, 'pipeline_version_id', `the version ${version}`);
}

/**
 * The newest versions of commits of a branch, at most 100: their names by their ids.
 *
 * @param branch - as the names of its versions begin
 * @throws ServiceError where KFP is not reached or refuses
 */
export async function versionsOfBranch(
  client: KfpClient,
  pipelineId: string,
  branch: string,
): Promise<ReadonlyMap<string, string>> {
  const query = { filter: bySubstring(`${branch}-`), sort_by: 'created_at desc', page_size: '100' };
  const found = new Map<string, string>();
  for (const version of await versions(client, pipelineId, query)) {
    const name = textOf(version.name) ?? textOf(version.display_name) ?? '';
    if (isOfBranch(branch, name))
      found.set(idOf(version, 'pipeline_version_id', `the version ${name}`), name);
  }
  return found;
}

async function versions(
  client: KfpClient,
  pipelineId: string,
  query: Readonly<Record<string, string>>,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const path = `/pipelines/${encodeURIComponent(pipelineId)}/versions`;
  return itemsOf((await client.call({ method: 'GET', path, query })).pipeline_versions);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function missing(problem: string): WorkError {
  return new WorkError(problem, 'Build it first (`kfops build`, `/build`): a build publishes it.');
}
