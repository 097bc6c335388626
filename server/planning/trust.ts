import type { TrustRules } from '../../generator/project/project-types.js';
import { WorkError, type Settings } from '../../schema/index.js';

/**
 * What the files of a pull request may decide on this server.
 *
 * @param settings - those of its repository: `repositorySettings`
 * @param repository - where the pull request is, as GitHub names it
 * @param manifest - the kaniko-manifest.yaml that counts
 * @param fork - its files come from another repository
 * @throws WorkError for a fork where the settings have no place for forks
 */
export function trustOf(
  { server, notify }: Settings,
  { owner, name }: TrustRules['repository'],
  manifest: TrustRules['manifest'],
  fork: boolean,
): TrustRules {
  const { secrets, config_maps: configMaps, claims, images, labels } = server.manifest;
  if (fork && !server.forks) {
    throw new WorkError(
      "This server doesn't build forks.",
      "Push the branch to the repository itself, or ask the server's operator to set `forks` in its settings.",
    );
  }
  return {
    repository: { owner, name },
    namespaces: server.namespaces,
    pipelines: server.pipelines,
    experiments: server.experiments,
    compilerImages: server.compiler_images,
    insecureRegistries: server.insecure_registries,
    channels: notify.map((channel) => channel.name),
    bucket: server.minio.bucket,
    manifest,
    names: { secrets, configMaps, claims, images, labels },
    ...(fork && server.forks && { fork: server.forks }),
  };
}
