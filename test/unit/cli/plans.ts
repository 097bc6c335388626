import type { Plan, PlannedImage } from '../../../generator/plan-types.js';

/** A plan of as many images as asked for. */
export function planOf(names: readonly string[], more: Partial<Plan> = {}): Plan {
  return {
    repository: { owner: 'me', name: 'iris' },
    revision: { commit: 'f'.repeat(40), dirty: false, description: 'commit ffffffffffff' },
    images: names.map(imageOf),
    pipeline: {
      name: 'Iris',
      namespace: 'data-science',
      experiment: 'iris',
      path: 'pipeline/pipeline.py',
      arguments: {},
      compilerImage: 'python:3.11-slim',
    },
    run: false,
    kaniko: { labels: {}, pod: {}, container: {} },
    parallelism: 10,
    objectStore: {
      endpoint: 'minio-service.kubeflow.svc.cluster.local:9000',
      secure: false,
      bucket: 'image-build-artifacts',
      secret: { name: 'mlpipeline-minio-artifact', accessKey: 'accesskey', secretKey: 'secretkey' },
    },
    warnings: [],
    ...more,
  };
}

function imageOf(name: string, at: number): PlannedImage {
  const key = String(at).padStart(64, '0123456789abcdef');
  const blob = 'a'.repeat(40);
  const entry = { path: 'Dockerfile', mode: '100644', blob, size: 1000 * (at + 1) } as const;
  return {
    name,
    task: `build-${name}`,
    context: {
      key,
      objectKey: `ctx/${key}.tar.gz`,
      entries: [{ ...entry, source: entry }],
      bytes: entry.size,
    },
    dockerfile: 'Dockerfile',
    repository: `registry.example.com/data-science/${name}`,
    tag: 'ffffffffffff',
    buildArgs: [],
    timeout: 3600,
    useNewRun: false,
  };
}
