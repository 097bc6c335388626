import { ServiceError, WorkError } from '../schema/errors.js';
import { createPipeline, ensurePipeline, type WantedPipeline } from './ensure-pipeline.js';
import { pipelineOf, readPipeline, type CompiledPipeline } from './ir.js';
import { idOf, nothingFor } from './kfp-answers.js';
import { KfpRefusal, type KfpClient } from './kfp.js';
import { olderServer } from './server-age.js';
import { LONGEST_VERSION, rebuiltVersion } from './version-names.js';
import { versionNamed, type Published } from './version.js';

/** A version of a pipeline to be. */
export interface PublishRequest extends WantedPipeline {
  /** `pr-17-1a2b3c4d5e6f-1234`; the same for every try of one build, so that a second try finds it. */
  readonly version: string;
  readonly versionDescription?: string;
  /** What kfp compiled, pinned. */
  readonly compiled: string;
}

/** A version that has the images of the build, as it was asked for. */
export interface NewVersion extends Published {
  /** What is doubtful, as sentences. */
  readonly warnings: readonly string[];
}

/**
 * Uploads a compiled pipeline as a version of its pipeline, which is created where it is not there. Doing it again
 * gives the same version. Versions never change: where the name belongs to one with the images of an earlier build, the
 * version gets a name of its own.
 *
 * @throws WorkError where KFP does not take the pipeline
 * @throws ServiceError where KFP is not reached or refuses
 */
export async function publish(client: KfpClient, request: PublishRequest): Promise<NewVersion> {
  if (!/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(request.version) || request.version.length > LONGEST_VERSION)
    throw new WorkError(`\`${request.version}\` cannot be the name of a version`);
  const pipeline = readPipeline(request.compiled);
  const older = await olderServer(client, pipeline);
  let pipelineId = await ensurePipeline(client, request);
  for (const version of [request.version, rebuiltVersion(request.version, pipeline.images)]) {
    const uploaded = await upload(client, { ...request, version }, pipelineId, older);
    if (uploaded) ({ pipelineId } = uploaded);
    const versionId = uploaded?.versionId ?? (await existing(client, pipelineId, version));
    if (!uploaded && !(await hasImages(client, pipelineId, versionId, pipeline))) continue;
    const renamed =
      version === request.version
        ? undefined
        : `The version ${request.version} has the images of an earlier build; this build is the version ${version}.`;
    const warnings = [older, renamed].filter((each) => each !== undefined);
    return { pipelineId, versionId, version, pipeline, warnings };
  }
  throw new ServiceError(
    'Kubeflow Pipelines',
    'the API server',
    `all names of the version ${request.version} belong to versions with other images`,
    'Delete the versions of this commit that nobody needs, and try again.',
  );
}

/** @returns undefined if there is a version of this name */
async function upload(
  client: KfpClient,
  request: PublishRequest,
  pipelineId: string,
  older: string | undefined,
): Promise<{ readonly pipelineId: string; readonly versionId: string } | undefined> {
  let owner = pipelineId;
  const attempt = async (): Promise<string | undefined> => {
    const answer = await uploadVersion(client, request, owner).catch(nothingFor(409));
    return answer && idOf(answer, 'pipeline_version_id', `the version ${request.version}`);
  };
  const versionId = await attempt()
    .catch(async (error: unknown) => {
      // An upload is answered with 400 also where the token is not taken, rights are missing, or the pipeline was
      // deleted just now. Creating the pipeline needs the same right, and is answered properly.
      if (!isRefusal(error, 400)) throw error;
      owner = (await createPipeline(client, request)) ?? owner;
      return attempt();
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
  return versionId === undefined ? undefined : { pipelineId: owner, versionId };
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

/** @throws ServiceError if the version that took the name has gone */
async function existing(client: KfpClient, pipelineId: string, version: string): Promise<string> {
  const id = await versionNamed(client, pipelineId, version);
  if (id !== undefined) return id;
  throw new ServiceError(
    'Kubeflow Pipelines',
    'the API server',
    `the version ${version} was there and is not found`,
    'Try again: it may have been deleted just now.',
  );
}

/** Another build of the same commit may have pushed other images. */
async function hasImages(
  client: KfpClient,
  pipelineId: string,
  versionId: string,
  { images }: CompiledPipeline,
): Promise<boolean> {
  const path = `/pipelines/${encodeURIComponent(pipelineId)}/versions/${encodeURIComponent(versionId)}`;
  const { pipeline_spec: specification } = await client.call({ method: 'GET', path });
  const there = pipelineOf(specification).images;
  return there.size === images.size && [...images].every(([name, image]) => there.get(name) === image);
}
