import type { ObservedSpec, WorkflowNode } from './observed.js';

/** What went wrong with a step. */
export type FailureKind =
  | 'dockerfile_step'
  | 'file_missing'
  | 'dockerfile'
  | 'out_of_memory'
  | 'base_image'
  | 'push_refused'
  | 'context_missing'
  | 'object_store'
  | 'evicted'
  | 'unschedulable'
  | 'deadline'
  | 'image_pull'
  | 'digest'
  | 'unknown';

/** Why a step failed, in words, and what to do next. */
export interface Failure {
  readonly kind: FailureKind;
  /** One sentence without its full stop. */
  readonly reason: string;
  readonly nextStep: string;
  /** The step's last lines, where they are known. */
  readonly lastLines?: string;
}

/** What a rule looks at: Argo's message about the node, and the step's last lines. */
interface Evidence {
  readonly message: string;
  readonly log: string;
  /** The memory that the build may use, as its manifest says it. */
  readonly memory: string | undefined;
  readonly deadline: string | undefined;
}

interface Rule {
  readonly kind: FailureKind;
  /** Which text it is found in. The log is written by the build itself: it decides only about what the build did. */
  readonly where: 'message' | 'log';
  readonly pattern: RegExp;
  readonly tell: (
    found: readonly string[],
    evidence: Evidence,
  ) => readonly [reason: string, nextStep: string];
}

const RULES: readonly Rule[] = [
  {
    kind: 'out_of_memory',
    where: 'message',
    pattern: /OOMKilled/,
    tell: (_, { memory }) => [
      `the build was killed for using more memory than it may${memory === undefined ? '' : ` (${memory})`}`,
      'raise resources.limits.memory of this image in config.yaml, or let its RUN steps use less',
    ],
  },
  {
    kind: 'deadline',
    where: 'message',
    pattern: /active on the node longer than the specified deadline|exceeded its deadline|DeadlineExceeded/i,
    tell: (_, { deadline }) => [
      `it took longer than it may${deadline === undefined ? '' : ` (${deadline} s)`}`,
      'raise this image’s timeout in config.yaml, or make the build faster (a layer cache, a smaller base image)',
    ],
  },
  {
    kind: 'context_missing',
    where: 'message',
    pattern: /artifact context failed to load: .*(?:key does not exist|NoSuchKey|not found)/i,
    tell: () => [
      'its build context is not in the object store (any more)',
      'build again, which uploads it; if that does not help, look for a lifecycle rule that deletes too early',
    ],
  },
  {
    kind: 'object_store',
    where: 'message',
    pattern: /artifact (\S+) failed to load: (.*)/,
    tell: ([, artifact = '', why = '']) => [
      `the artifact ${artifact} could not be read from the object store: ${why}`,
      'check the object store’s address and Secret in the settings (`kfops doctor`)',
    ],
  },
  {
    kind: 'evicted',
    where: 'message',
    pattern: /evicted|low on resource|node shutdown|preempt/i,
    tell: ([found = '']) => [
      `its pod was taken from the node again and again (${found})`,
      'build again; give the build a memory request that fits what it needs, so that nodes are chosen for it',
    ],
  },
  {
    kind: 'evicted',
    where: 'message',
    pattern: /pod deleted|PodDeleted|NodeLost/i,
    tell: () => [
      'its pod was deleted while it worked',
      'build again; if it happens again, ask who deletes pods there',
    ],
  },
  {
    kind: 'image_pull',
    where: 'message',
    pattern: /ImagePullBackOff|ErrImagePull|InvalidImageName/,
    tell: () => [
      'the image of the step itself cannot be pulled',
      'check kaniko.image (for the compile step: compiler_image) and imagePullSecrets, and that nodes reach its registry',
    ],
  },
  {
    kind: 'unschedulable',
    where: 'message',
    pattern: /Unschedulable|nodes are available/i,
    tell: () => [
      'no node of the cluster can take its pod',
      'lower resources.requests of this image, or check nodeSelector and tolerations in kaniko-manifest.yaml',
    ],
  },
  {
    kind: 'push_refused',
    where: 'log',
    pattern: /(?:checking push permission|error pushing image|failed to push)[^\n]*/i,
    tell: ([line = '']) => pushRefused(line),
  },
  {
    kind: 'file_missing',
    where: 'log',
    pattern:
      /(?:failed to get fileinfo for|lstat|stat) (\S+)[^\n]*no such file or directory|copy failed[^\n]*/i,
    tell: ([line = '', path]) => [
      path === undefined
        ? `a COPY found nothing (${line.trim()})`
        : `${inContext(path)} is not in the build context`,
      'check the path against `kfops context IMAGE -o - | tar -tz`, .dockerignore and other_folders_path',
    ],
  },
  {
    kind: 'base_image',
    where: 'log',
    pattern:
      /(?:MANIFEST_UNKNOWN|NAME_UNKNOWN|manifest unknown|unable to (?:complete operation|get image)|retrieving image)[^\n]*/i,
    tell: ([line = '']) => [
      `a base image cannot be had: ${line.trim()}`,
      'check the FROM lines of the Dockerfile, and that builds reach that registry (with a Secret, if it is private)',
    ],
  },
  {
    kind: 'dockerfile_step',
    where: 'log',
    pattern: /failed to execute command: (?:waiting for process to exit: )?([^\n]*)/i,
    tell: ([, how = '']) => [
      `a RUN step of the Dockerfile failed (${how.trim()})`,
      'read its last lines, and try it on your machine: `kfops context IMAGE -o - | docker build -`',
    ],
  },
  {
    kind: 'dockerfile',
    where: 'log',
    pattern: /(?:error building image|dockerfile parse error|error resolving dockerfile)[^\n]*/i,
    tell: ([line = '']) => [line.trim(), 'correct the Dockerfile'],
  },
];

/**
 * Says why a step failed. Pure; the rules are held against messages and logs recorded from real runs.
 *
 * @param node - the last attempt
 * @param log - its last lines, where they are known
 */
export function classifyFailure(node: WorkflowNode, spec: ObservedSpec, log = ''): Failure {
  const template = spec.templates?.find(({ name }) => name === node.templateName);
  const memory = template?.container?.resources?.limits?.memory;
  const deadline = template?.activeDeadlineSeconds;
  const evidence: Evidence = {
    message: node.message ?? '',
    log,
    memory: memory === undefined ? undefined : String(memory),
    deadline: deadline === undefined ? undefined : String(deadline),
  };
  const lastLines = log.trimEnd();
  for (const rule of RULES) {
    const found = rule.pattern.exec(evidence[rule.where]);
    if (found === null) continue;
    const [reason, nextStep] = rule.tell(found, evidence);
    return { kind: rule.kind, reason, nextStep, ...(lastLines !== '' && { lastLines }) };
  }
  return {
    kind: 'unknown',
    reason: node.message ?? 'Argo gives no reason',
    nextStep: 'read the step’s log (`kfops logs`), or look at it on Argo’s page',
    ...(lastLines !== '' && { lastLines }),
  };
}

function pushRefused(line: string): readonly [string, string] {
  if (/UNAUTHORIZED|\b401\b|authentication required/i.test(line)) {
    return [
      'the registry did not accept the credentials (401)',
      'check the Secret that kaniko-manifest.yaml mounts at /kaniko/.docker',
    ];
  }
  if (/DENIED|\b403\b|forbidden/i.test(line)) {
    return [
      'the registry does not let these credentials push there (403)',
      'ask for the right to push to this repository, or check container_registry_uri',
    ];
  }
  const status = /\b(5\d\d)\b/.exec(line)?.[1];
  if (status !== undefined) {
    return [
      `the registry broke while the image was pushed (${status})`,
      'build again; if it stays, ask its operator',
    ];
  }
  return [
    `the image could not be pushed: ${line.trim()}`,
    'check container_registry_uri and that builds reach it',
  ];
}

/** Kaniko unpacks the context below this folder. */
function inContext(path: string): string {
  return path.replace(/^"?\/kaniko\/buildcontext\//, '').replace(/[":]+$/, '');
}
