import { stringify } from 'yaml';

import type { TestFile } from '../../sources/repository.js';
import { TEAM, type GeneratedRepository, type GeneratedStage } from './generated-repository.js';

/** The name of the stage that is asked for, which the Dockerfile has. */
export function targetOf({ app }: GeneratedRepository): string | undefined {
  const { length } = app.dockerfile === 'Dockerfile' ? app.main : app.gpu;
  return app.target === undefined ? undefined : `s${Math.min(app.target, length - 1)}`;
}

/** Its files, without the configuration. */
export function filesOf({ files, app, base }: GeneratedRepository): Readonly<Record<string, TestFile>> {
  const all = {
    ...files,
    'img/Dockerfile': dockerfile(app.main),
    'img/docker/Dockerfile.gpu': dockerfile(app.gpu),
    'img/.dockerignore': app.ignore?.join('\n'),
    'img/Dockerfile.dockerignore': app.ignoreOfDockerfile?.join('\n'),
    'base/Dockerfile': `FROM ${base.from}\n`,
    'lib/always': '',
    'etc/always': '',
    'pipeline.py': 'from kfp import dsl\n\n\n@dsl.pipeline\ndef churn():\n    pass\n',
  };
  return Object.fromEntries(
    Object.entries(all).flatMap(([path, each]) => (each === undefined ? [] : [[path, each]])),
  );
}

function dockerfile(all: readonly GeneratedStage[]): string {
  const lines = all.flatMap(({ from, copyFrom, run }, i) => [
    `FROM ${from} AS s${i}`,
    ...(copyFrom === undefined ? [] : [`COPY --from=${copyFrom} /x /x`]),
    `RUN echo ${run}`,
  ]);
  return ['ARG BASE=busybox:1', ...lines, ''].join('\n');
}

/** Its configuration, by path. */
export function configOf(repository: GeneratedRepository): Readonly<Record<string, string>> {
  const { app, base, rest } = repository;
  const inOrder = <T>(list: readonly T[]): readonly T[] => (rest.isTurned ? [...list].reverse() : list);
  const shared = {
    timeout: rest.timeout,
    cache: rest.cache,
    rebuild_after: rest.rebuildAfter,
    ...(rest.memory !== undefined && { resources: { limits: { memory: rest.memory } } }),
  };
  const buildArgs = Object.entries({ BASE: app.base, VERSION: app.version, EMPTY: '' });
  const images = [
    {
      name: 'app',
      dockerfile_folder_path: 'img',
      other_folders_path: app.folders,
      dockerfile: app.dockerfile,
      target: targetOf(repository),
      build_args: Object.fromEntries(inOrder(buildArgs).filter(([, value]) => value !== undefined)),
      platform: app.platform,
      snapshot_mode: app.snapshotMode,
      use_new_run: app.useNewRun,
    },
    {
      name: 'base',
      dockerfile_folder_path: './base/',
      platform: base.platform,
      snapshot_mode: base.snapshotMode,
    },
  ];
  const config = {
    repository: { owner: rest.owner, name: 'churn' },
    pipeline: {
      name: 'Churn',
      namespace: 'ml',
      experiment_name: 'churn',
      pipeline_path: 'pipeline.py',
      description: rest.description,
    },
    image_builder: {
      container_registry_uri: TEAM,
      parallelism: rest.parallelism,
      images: inOrder(
        images.map((image) => Object.fromEntries(inOrder(Object.entries({ ...image, ...shared })))),
      ),
    },
  };
  return {
    'config_files/config.yaml': stringify(config),
    ...(rest.kanikoVariable !== undefined && {
      'config_files/kaniko-manifest.yaml': stringify({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'kaniko' },
        spec: { containers: [{ name: 'kaniko', env: [{ name: 'NAME', value: rest.kanikoVariable }] }] },
      }),
    }),
  };
}
