import { createHash } from 'node:crypto';

import type { Settings } from '../../schema/index.js';
import { repositorySettings, type NamedRepository } from './repository-settings.js';

/**
 * 20 hex digits that change when the settings change what a repository may do, or with which rights.
 *
 * @throws WorkError where there are rules and none is for this repository
 */
export function rulesFingerprint(settings: Settings, repository: NamedRepository): string {
  const {
    registries,
    limits,
    kaniko,
    service_accounts: accounts,
    server,
  } = repositorySettings(settings, repository);
  const { namespaces, pipelines, experiments, manifest, forks } = server;
  const { compiler_images: compilers, insecure_registries: insecure, minio } = server;
  const parts = [
    registries,
    limits,
    kaniko.manifest,
    accounts,
    [namespaces, pipelines, experiments, manifest, compilers, insecure],
    [forks, minio.bucket],
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 20);
}
