import { KFP_ID } from '../generator/workflow/step-output.js';
import { ServiceError, WorkError } from '../schema/errors.js';
import { pipelineOf, readPipeline, type CompiledPipeline } from './ir.js';
import { KfpRefusal, type KfpClient } from './kfp.js';
import { byName, pipelineName } from './kfp-names.js';

/** A version of a pipeline to be. */
export interface PublishRequest {
  /** As the configuration has it: what people read in KFP. */
  readonly name: string;
  /** The Kubeflow profile. */
  readonly namespace: string;
  readonly description?: string;
  /** `pr-17-1a2b3c4d5e6f-1234`; the same for every try of one build, so that a second try finds it. */
  readonly version: string;
  readonly versionDescription?: string;
  /** What kfp compiled, pinned. */
  readonly compiled: string;
}

/** A version that is there. */
export interface Published {
  readonly pipelineId: string;
  readonly versionId: string;
  readonly version: string;
  readonly pipeline: CompiledPipeline;
  /** What is doubtful, as sentences. */
  readonly warnings: readonly string[];
}

/** https://github.com/kubeflow/pipelines, column `Name` of pipeline_versions, less one. */
const LONGEST_VERSION = 127;

/**
 * Uploads a compiled pipeline as a version of its pipeline, which is created where it is not there. Doing it again
 * gives the same version.
 *
 * @throws WorkError where KFP does not take the pipeline
 * @throws ServiceError where KFP is not reached or refuses
 */
export async function publish(client: KfpClient, request: PublishRequest): Promise<Published> {
  if (!/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(request.version) || request.version.length > LONGEST_VERSION)
    throw new WorkError(`\`${request.version}\` cannot be the name of a version`);
  const pipeline = readPipeline(request.compiled);
  const older = await olderServer(client, pipeline);
  const { pipelineId, versionId, wasThere } = await ensureVersion(client, request, older);
  const other = wasThere
    ? await otherImages(client, pipelineId, versionId, request.version, pipeline)
    : undefined;
  return {
    pipelineId,
    versionId,
    version: request.version,
    pipeline,
    warnings: [older, other].filter((each) => each !== undefined),
  };
}

/** @returns a sentence, where the server is older than the kfp that compiled: it refuses fields that it does not know */
async function olderServer(client: KfpClient, { sdkVersion }: CompiledPipeline): Promise<string | undefined> {
  const { tag_name: tag } = await client.call({ method: 'GET', path: '/healthz' }).catch((error: unknown) => {
    // Some proxies hide it.
    if (error instanceof KfpRefusal && (error.status === 404 || error.status === 403))
      return { tag_name: undefined };
    throw error;
  });
  const server = /^v?(\d+\.\d+\.\d+)/.exec(typeof tag === 'string' ? tag : '')?.[1];
  if (sdkVersion === undefined || server === undefined || compareVersions(server, sdkVersion) >= 0)
    return undefined;
  return `The pipeline was compiled with kfp ${sdkVersion}, and the server is ${server}: it may not know all of it. Use a compiler image with kfp ${server}.`;
}

function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
  const differences = left.map((part, i) => part - (right[i] ?? 0));
  return differences.find((difference) => difference !== 0) ?? 0;
}

async function ensurePipeline(client: KfpClient, request: PublishRequest): Promise<string> {
  const { name, namespace } = request;
  const resource = pipelineName(name);
  const find = (): Promise<Readonly<Record<string, unknown>> | undefined> =>
    client
      .call({ method: 'GET', path: `/pipelines/names/${encodeURIComponent(resource)}`, query: { namespace } })
      .catch(nothingFor(404));
  // Not found after that: somebody was faster, or the answer to the first try was lost.
  const found = (await find()) ?? (await createPipeline(client, request)) ?? (await find());
  return idOf(found, 'pipeline_id', `the pipeline ${resource}`);
}

/** @returns undefined where there is one of this name */
function createPipeline(
  client: KfpClient,
  { name, namespace, description }: PublishRequest,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const body = {
    name: pipelineName(name),
    display_name: name,
    namespace,
    ...(description !== undefined && { description }),
  };
  return client.call({ method: 'POST', path: '/pipelines', body }).catch(nothingFor(409));
}

async function ensureVersion(
  client: KfpClient,
  request: PublishRequest,
  older: string | undefined,
): Promise<{ pipelineId: string; versionId: string; wasThere: boolean }> {
  const { version } = request;
  let pipelineId = await ensurePipeline(client, request);
  const upload = (): Promise<Readonly<Record<string, unknown>> | undefined> =>
    uploadVersion(client, request, pipelineId).catch(nothingFor(409));
  const uploaded = await upload()
    .catch(async (error: unknown) => {
      // An upload is answered with 400 also where the token is not taken, rights are missing, or the pipeline was
      // deleted just now. Creating the pipeline needs the same right, and is answered properly.
      if (!isRefusal(error, 400)) throw error;
      const created = await createPipeline(client, request);
      if (created) pipelineId = idOf(created, 'pipeline_id', `the pipeline ${pipelineName(request.name)}`);
      return upload();
    })
    .catch((error: unknown) => {
      // Older servers answer with 500 to a pipeline that they cannot read.
      if (!isRefusal(error, 400) && !(older !== undefined && isRefusal(error, 500))) throw error;
      throw new WorkError(
        `Kubeflow Pipelines does not take the pipeline: ${error.problem}`,
        older ?? 'Compile it with a kfp that is not newer than the server.',
        { cause: error },
      );
    });
  if (uploaded) {
    const versionId = idOf(uploaded, 'pipeline_version_id', `the version ${version}`);
    return { pipelineId, versionId, wasThere: false };
  }
  const answer = await client.call({
    method: 'GET',
    path: `/pipelines/${encodeURIComponent(pipelineId)}/versions`,
    query: { filter: byName(version), page_size: '2' },
  });
  const found = firstOf(answer.pipeline_versions);
  const versionId = idOf(found, 'pipeline_version_id', `the version ${version}`);
  return { pipelineId, versionId, wasThere: true };
}

function uploadVersion(
  client: KfpClient,
  { version, versionDescription, compiled }: PublishRequest,
  pipelineId: string,
): Promise<Readonly<Record<string, unknown>>> {
  return client.call({
    method: 'POST',
    path: '/pipelines/upload_version',
    query: { name: version, display_name: version, pipelineid: pipelineId, description: versionDescription },
    upload: compiled,
  });
}

function isRefusal(error: unknown, status: number): error is KfpRefusal {
  return error instanceof KfpRefusal && error.status === status;
}

/** @returns a sentence, where a version of this name was made by another build: versions never change */
async function otherImages(
  client: KfpClient,
  pipelineId: string,
  versionId: string,
  version: string,
  { images }: CompiledPipeline,
): Promise<string | undefined> {
  const path = `/pipelines/${encodeURIComponent(pipelineId)}/versions/${encodeURIComponent(versionId)}`;
  const { pipeline_spec: specification } = await client.call({ method: 'GET', path });
  const there = pipelineOf(specification).images;
  const same = there.size === images.size && [...images].every(([name, image]) => there.get(name) === image);
  return same
    ? undefined
    : `The version ${version} was there already, and stays as it is: it has the images of an earlier build.`;
}

/** Makes one kind of refusal an absent answer. */
export function nothingFor(status: number): (error: unknown) => undefined {
  return (error) => {
    if (error instanceof KfpRefusal && error.status === status) return undefined;
    throw error;
  };
}

/** @returns the first object of a list that KFP leaves out when it is empty */
export function firstOf(list: unknown): Readonly<Record<string, unknown>> | undefined {
  const first: unknown = Array.isArray(list) ? list[0] : undefined;
  return typeof first === 'object' && first !== null ? (first as Record<string, unknown>) : undefined;
}

/** @throws ServiceError where KFP's answer has no id, or a text that Argo must not be given as one */
export function idOf(
  answer: Readonly<Record<string, unknown>> | undefined,
  key: string,
  what: string,
): string {
  const id = answer?.[key];
  if (typeof id === 'string' && KFP_ID.test(id)) return id;
  const [problem, nextStep] =
    typeof id === 'string' && id !== ''
      ? [
          `the id of ${what} isn't one: ${JSON.stringify(id.slice(0, 100))}`,
          'Check that `kfp.endpoint` in the settings is the address of Kubeflow Pipelines.',
        ]
      : [`${what} was there and is not found`, 'Try again: it may have been deleted just now.'];
  throw new ServiceError('Kubeflow Pipelines', 'the API server', problem, nextStep);
}
