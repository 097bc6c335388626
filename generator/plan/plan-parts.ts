import {
  ageSeconds,
  cacheRepository,
  durationSeconds,
  normaliseRepository,
  taskName,
  type Config,
  type Image,
  type KanikoPod,
  type Settings,
} from '../../schema/index.js';
import type { Context, ContextRequest } from '../contexts/context.js';
import type { Project } from '../project/project.js';
import type { PlannedImage, PlannedObjectStore, PlannedPipeline } from './plan-types.js';
import { imageTag } from './tag.js';

/** The section `image_builder` of the configuration. */
export type ImageBuilder = NonNullable<Config['image_builder']>;

/** What an image of the configuration wants in its context. */
export function contextRequest(image: Image): ContextRequest {
  return {
    name: image.name,
    dockerfileFolder: image.dockerfile_folder_path,
    otherFolders: image.other_folders_path,
    dockerfile: image.dockerfile,
  };
}

/** One image of the configuration, decided. */
export function plannedImage(
  { settings, source, kaniko }: Project,
  builder: ImageBuilder,
  image: Image,
  context: Context,
  {
    tag,
    cache = true,
    isCommit,
  }: { readonly tag?: string; readonly cache?: boolean; readonly isCommit: boolean },
): PlannedImage {
  const repository = normaliseRepository(builder.container_registry_uri, image.name);
  const platform = image.platform ?? nodePlatform(kaniko);
  const rebuildAfter = ageSeconds(image.rebuild_after ?? settings.build.rebuild_after);
  return {
    name: image.name,
    task: taskName(image.name),
    context,
    isCommit,
    delivered: context,
    decision: { action: 'build', reason: { kind: 'not-asked' } },
    buildsOn: [],
    labels: [],
    dockerfile: image.dockerfile,
    repository,
    tag: imageTag(tag, source.revision.commit, isCommit, context.key),
    buildArgs: Object.entries(image.build_args),
    ...(image.target !== undefined && { target: image.target }),
    ...(platform !== undefined && { platform }),
    ...(image.resources !== undefined && { resources: { ...image.resources } }),
    timeout: durationSeconds(image.timeout ?? settings.build.timeout),
    ...(rebuildAfter !== undefined && { rebuildAfter }),
    ...(image.cache &&
      cache && {
        cacheRepository: builder.cache_repository ?? cacheRepository(builder.container_registry_uri),
      }),
    ...(image.snapshot_mode !== undefined && { snapshotMode: image.snapshot_mode }),
    useNewRun: image.use_new_run,
    ...(builder.insecure && { insecureRegistry: repository.slice(0, repository.indexOf('/')) }),
  };
}

/**
 * The platform of the nodes that build pods are confined to: what Kaniko builds for by itself. It is part of the key, so
 * that a registry of clusters of several architectures gives none an image of another one.
 */
function nodePlatform({ pod }: KanikoPod): string | undefined {
  // https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetes-io-arch
  const architecture = pod.nodeSelector?.['kubernetes.io/arch'];
  return architecture ? `linux/${architecture}` : undefined;
}

/**
 * The pipeline of the configuration, decided.
 *
 * @param source - its code
 * @param version - name of its version
 */
export function plannedPipeline(
  pipeline: Config['pipeline'],
  settings: Settings,
  source: Context,
  version: string,
): Omit<PlannedPipeline, 'schedules'> {
  return {
    name: pipeline.name,
    namespace: pipeline.namespace,
    experiment: pipeline.experiment_name,
    path: pipeline.pipeline_path,
    ...(pipeline.pipeline_function_name !== undefined && { function: pipeline.pipeline_function_name }),
    ...(pipeline.description !== undefined && { description: pipeline.description }),
    source,
    version,
    arguments: pipeline.pipeline_args,
    compilerImage: pipeline.compiler_image ?? settings.compiler.image,
  };
}

/** The object store as the workflow sees it: the repository may name another endpoint, never other keys. */
export function plannedObjectStore({ config, settings, bucket }: Project): PlannedObjectStore {
  const { minio } = settings;
  const own = config.value.image_builder?.minio;
  return {
    ...endpointOf(own?.credentials?.endpoint ?? minio.endpoint),
    secure: minio.secure,
    ...(minio.region !== undefined && { region: minio.region }),
    bucket: bucket ?? own?.context_files_bucket_name ?? DEFAULT_BUCKET,
    secret: {
      name: minio.secret.name,
      accessKey: minio.secret.access_key,
      secretKey: minio.secret.secret_key,
    },
  };
}

function endpointOf(named: string | undefined): Pick<PlannedObjectStore, 'endpoint' | 'isAssumed'> {
  return named === undefined ? { endpoint: ASSUMED_STORE, isAssumed: true } : { endpoint: named };
}

/** Where Kubeflow Pipelines has its object store up to 2.14; 2.15 keeps the name for another one. */
export const ASSUMED_STORE = 'minio-service.kubeflow.svc.cluster.local:9000';
/** Kfops' own bucket of 2022. */
const DEFAULT_BUCKET = 'image-build-artifacts';
