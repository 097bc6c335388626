import { DEADLINE, deadlineExceeded, type Rule } from './failure-rules.js';

const KFP_STEPS = ['publish', 'run'] as const;
/** The steps that run in our own image. */
const OUR_STEPS = ['tag', ...KFP_STEPS] as const;
/** How the steps of our own image end where a service was away or refused. */
const EXIT_SERVICE = /\(exit code 3\)/;

/** For the steps after the builds; they are asked before the others. The first that fits decides. */
export const LAST_STEP_RULES: readonly Rule[] = [
  {
    of: ['compile'],
    kind: 'out_of_memory',
    where: 'message',
    pattern: /OOMKilled/,
    tell: (_, { memory }) => [
      `the pipeline’s code exceeded its memory limit${memory === undefined ? '' : ` (${memory})`}`,
      'load data in the pipeline’s steps, not when its file is imported; or raise compiler.memory in the settings',
    ],
  },
  {
    of: ['compile'],
    kind: 'out_of_disk',
    where: 'message',
    pattern: /Usage of EmptyDir volume|ephemeral local storage usage exceeds/,
    tell: () => [
      'the pipeline’s code exceeded its disk limit (1 GiB)',
      'write less when the pipeline’s file is imported',
    ],
  },
  {
    of: ['compile'],
    kind: 'deadline',
    where: 'message',
    pattern: /active on the node longer than the specified deadline|exceeded its deadline|DeadlineExceeded/i,
    tell: () => [
      'it exceeded its time limit',
      'check how long the compiler image takes to pull, and what the code does when it is imported',
    ],
  },
  {
    of: ['compile'],
    kind: 'context_missing',
    where: 'message',
    pattern: /artifact source failed to load: .*/i,
    has: /key does not exist|NoSuchKey|not found/i,
    tell: () => [
      'the code of the pipeline is not in the object store',
      'build again, which uploads it; if it fails again, look for a lifecycle rule that deletes too early',
    ],
  },
  {
    of: ['compile', ...OUR_STEPS],
    kind: 'object_store',
    where: 'message',
    pattern: /failed to put file|failed to save outputs|artifact \S+ failed to (?:be )?save/i,
    tell: () => [
      'cannot store the step’s outputs',
      'check that the keys in the cluster can write below runs/ in the bucket (docs/minio.md)',
    ],
  },
  {
    of: ['compile'],
    kind: 'image_pull',
    where: 'message',
    pattern: /ImagePullBackOff|ErrImagePull|InvalidImageName/,
    tell: () => [
      'cannot pull the compiler image',
      'check images.registry and compiler.image in the settings, or pipeline.compiler_image, and imagePullSecrets, and that nodes reach its registry',
    ],
  },
  {
    of: OUR_STEPS,
    kind: 'image_pull',
    where: 'message',
    pattern: /ImagePullBackOff|ErrImagePull|InvalidImageName/,
    tell: () => [
      'cannot pull the image of Kfops',
      'check images.registry and kfops.image in the settings and imagePullSecrets, and that nodes reach its registry',
    ],
  },
  {
    of: OUR_STEPS,
    kind: 'unschedulable',
    where: 'message',
    pattern: /Unschedulable|nodes are available/i,
    tell: () => [
      'no node of the cluster can take its pod',
      'free capacity in the cluster, or ask your cluster admin',
    ],
  },
  {
    of: ['tag'],
    ...DEADLINE,
    tell: (_, evidence) => [
      deadlineExceeded(evidence),
      'retry it; check how long the image of Kfops takes to pull (kfops.image in the settings)',
    ],
  },
  {
    of: KFP_STEPS,
    kind: 'kubeflow',
    where: 'message',
    pattern: EXIT_SERVICE,
    tell: (_, { log }) =>
      said(log, [
        'Kubeflow Pipelines did not answer, or rejected the request',
        'look at the step’s log; check kfp.endpoint in the settings, and the permissions of the publisher’s account',
      ]),
  },
  {
    of: ['run'],
    kind: 'run_failed',
    where: 'log',
    pattern: /^error: (the run ended with .*)$/m,
    tell: ([, reason = '']) => [sentence(reason), 'look at its steps on the page of Kubeflow Pipelines'],
  },
  {
    of: ['tag'],
    kind: 'tags',
    where: 'log',
    pattern: /^error: .+$/m,
    tell: (_, { log }) => said(log, ['', 'read the step’s log']),
  },
  {
    of: KFP_STEPS,
    kind: 'publish',
    where: 'log',
    pattern: /^error: .+$/m,
    tell: (_, { log }) => said(log, ['', 'read the step’s log']),
  },
  {
    of: ['compile'],
    kind: 'compiler_image',
    where: 'log',
    pattern:
      /can't open file '\/opt\/kfops\/compile_pipeline\.py'|exec: "?python"?: executable file not found/,
    tell: () => [
      'pipeline.compiler_image is not based on Kfops’ compiler image',
      'base it on the compiler image: see docs/pipelines.md',
    ],
  },
];

/** What `dist/pipeline/main.js` says last: the error, and what to do next. */
function said(log: string, fallback: readonly [string, string]): readonly [string, string] {
  const found = [...log.matchAll(/^error: (.+)(?:\n {2}→ (.+))?$/gm)].at(-1);
  if (!found) return fallback;
  return [sentence(found[1] ?? ''), found[2] ?? fallback[1]];
}

function sentence(text: string): string {
  return text.trim().replace(/\.$/, '');
}
