import { createHash } from 'node:crypto';

import type { Context } from '../../generator/contexts/context.js';
import { contextObjectKey } from '../../generator/contexts/manifest.js';
import type { Plan, PlannedImage } from '../../generator/plan/plan-types.js';
import type { WorkflowSettings } from '../../generator/workflow/settings.js';

/** A plan made by hand, for what needs no files. */
export function aPlan(overrides: Partial<Plan> = {}): Plan {
  return {
    repository: { owner: 'acme', name: 'churn' },
    revision: {
      commit: '0123456789abcdef0123456789abcdef01234567',
      dirty: false,
      description: 'commit 0123456789ab',
    },
    images: [anImage('trainer'), anImage('server')],
    pipeline: {
      name: 'Churn',
      namespace: 'data-science',
      experiment: 'churn',
      path: 'pipeline/pipeline.py',
      source: aContext('pipeline'),
      version: '0123456789ab',
      arguments: { rows: 3 },
      schedules: [],
      compilerImage: 'compiler.example/kfops-compiler:1',
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
    ...overrides,
  };
}

/** An image of such a plan. */
export function anImage(name: string, overrides: Partial<PlannedImage> = {}): PlannedImage {
  return {
    name,
    task: `build-${name}`,
    context: aContext(name),
    isCommit: true,
    delivered: overrides.context ?? aContext(name),
    buildsOn: [],
    labels: [],
    decision: { action: 'build', reason: { kind: 'absent' } },
    dockerfile: 'Dockerfile',
    repository: `registry.example.com/team/${name}`,
    tag: '0123456789ab',
    buildArgs: [],
    timeout: 3600,
    useNewRun: false,
    ...overrides,
  };
}

/** A context without files, its key made from `seed`. */
export function aContext(seed: string): Context {
  const key = createHash('sha256').update(seed).digest('hex');
  return { key, objectKey: contextObjectKey(key), entries: [], bytes: 0 };
}

/** The settings that a Workflow depends on, at their defaults. */
export const WORKFLOW_SETTINGS: WorkflowSettings = {
  namespace: 'kfops',
  kaniko: { image: 'ghcr.io/osscontainertools/kaniko:v1.28.3' },
  compiler: { image: 'compiler.example/kfops-compiler:1', timeout: '2m', memory: 4096 },
  kfops: { image: 'kfops.example/kfops:1' },
  service_accounts: { executor: 'kfops-build', publisher: 'kfops-publisher' },
  build: { timeout: '1h', retries: 2, reuse: true, rebuild_after: 'never' },
  workflow: { timeout: '24h', keep_pods: '24h', keep: '7d' },
};

/** The same with Kubeflow Pipelines. */
export const WITH_KFP: WorkflowSettings & { readonly kfp: object } = {
  ...WORKFLOW_SETTINGS,
  kfp: { endpoint: 'http://ml-pipeline.kubeflow:8888', audience: 'pipelines.kubeflow.org' },
};
