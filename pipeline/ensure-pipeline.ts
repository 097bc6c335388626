import { idOf, nothingFor } from './kfp-answers.js';
import { pipelineName } from './kfp-names.js';
import type { KfpClient } from './kfp.js';

/** A pipeline of Kubeflow Pipelines, which has versions. */
export interface WantedPipeline {
  /** As the configuration has it: what people read in KFP. */
  readonly name: string;
  /** The Kubeflow profile. */
  readonly namespace: string;
  readonly description?: string;
}

/**
 * Finds a pipeline by its name, or creates it.
 *
 * @returns its id
 */
export async function ensurePipeline(client: KfpClient, pipeline: WantedPipeline): Promise<string> {
  const { name, namespace } = pipeline;
  const resource = pipelineName(name);
  const find = (): Promise<Readonly<Record<string, unknown>> | undefined> =>
    client
      .call({ method: 'GET', path: `/pipelines/names/${encodeURIComponent(resource)}`, query: { namespace } })
      .catch(nothingFor(404));
  // Not found after that: somebody was faster, or the answer to the first try was lost.
  const found = (await find()) ?? (await create(client, pipeline)) ?? (await find());
  return idOf(found, 'pipeline_id', `the pipeline ${resource}`);
}

/** @returns the id of the new pipeline; undefined if the name is taken */
export async function createPipeline(
  client: KfpClient,
  pipeline: WantedPipeline,
): Promise<string | undefined> {
  const created = await create(client, pipeline);
  return created && idOf(created, 'pipeline_id', `the pipeline ${pipelineName(pipeline.name)}`);
}

function create(
  client: KfpClient,
  { name, namespace, description }: WantedPipeline,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const body = {
    name: pipelineName(name),
    display_name: name,
    namespace,
    ...(description !== undefined && { description }),
  };
  return client.call({ method: 'POST', path: '/pipelines', body }).catch(nothingFor(409));
}
