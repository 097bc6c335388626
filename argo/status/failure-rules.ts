import type { FailureKind } from '../../generator/results/result.js';
import { trimEndOf } from '../../schema/trim-end.js';
import type { BuildCommands } from './build-commands.js';

/** What a rule looks at: Argo's message about the node, and the step's last lines. */
export interface Evidence {
  readonly message: string;
  readonly log: string;
  /** The commands with which a person looks into a build. */
  readonly commands: BuildCommands;
  /** The memory that the build may use, as its manifest says it. */
  readonly memory: string | undefined;
  readonly deadline: string | undefined;
}

/** What a step does: its failures need other words, and its log is another one's. */
export type StepKind = 'build' | 'tag' | 'compile' | 'publish' | 'run';

export interface Rule {
  /** The steps that it is for; absent: all. */
  readonly of?: readonly StepKind[];
  readonly kind: FailureKind;
  /** Which text it is found in. The log is written by the build itself: it decides only about what the build did. */
  readonly where: 'message' | 'log';
  /** Linear in time: nothing between two fixed words is of any length. */
  readonly pattern: RegExp;
  /** What the part of a line that `pattern` found must hold, too. */
  readonly has?: RegExp;
  readonly tell: (
    found: readonly string[],
    evidence: Evidence,
  ) => readonly [reason: string, nextStep: string];
}

/** A step that took longer than it may. */
export const DEADLINE = {
  kind: 'deadline',
  where: 'message',
  pattern: /active on the node longer than the specified deadline|exceeded its deadline|DeadlineExceeded/i,
} as const satisfies Partial<Rule>;

/** Why a step with {@link DEADLINE} failed. */
export function deadlineExceeded({ deadline }: Evidence): string {
  return `it exceeded its time limit${deadline === undefined ? '' : ` (${deadline} s)`}`;
}

function checkPath({ commands }: Evidence): string {
  return `check the path against \`${commands.context} -o - | tar -tz\`, .dockerignore and other_folders_path`;
}

function tryLocally({ context, docker }: BuildCommands): string {
  return docker === undefined
    ? `read its last lines, and try it on your machine: \`${context} -o context.tar.gz\` prints the \`docker build\` command`
    : `read its last lines, and try it on your machine: \`${docker}\``;
}

/** For builds, and what holds for every pod. The first that fits decides. */
export const RULES: readonly Rule[] = [
  {
    kind: 'out_of_memory',
    where: 'message',
    pattern: /OOMKilled/,
    tell: (_, { memory }) => [
      `the build exceeded its memory limit${memory === undefined ? '' : ` (${memory})`}`,
      'raise resources.limits.memory of this image in config.yaml, or make its RUN steps use less',
    ],
  },
  {
    kind: 'out_of_disk',
    where: 'message',
    pattern: /ephemeral local storage usage exceeds (?:the total limit of containers )?(\S*)/,
    tell: ([, limit = '']) => [
      `the build exceeded its disk limit${limit === '' ? '' : ` (${trimEndOf(limit, '.')})`}`,
      'raise resources.limits.ephemeral-storage of this image in config.yaml, or make its steps write less',
    ],
  },
  {
    ...DEADLINE,
    tell: (_, evidence) => [
      deadlineExceeded(evidence),
      'raise this image’s timeout in config.yaml, or make the build faster (a layer cache, a smaller base image); if it has no log, its pod never started: `kfops watch` shows what it waits for',
    ],
  },
  {
    kind: 'context_missing',
    where: 'message',
    pattern: /artifact context failed to load: .*/i,
    has: /key does not exist|NoSuchKey|not found/i,
    tell: () => [
      'its build context is not in the object store',
      'build again, which uploads it; if it fails again, look for a lifecycle rule that deletes too early',
    ],
  },
  {
    kind: 'object_store',
    where: 'message',
    pattern: /artifact (\S+) failed to load: (.*)/,
    tell: ([, artifact = '', why = '']) => [
      `the artifact ${artifact} cannot be read from the object store: ${why}`,
      'check the object store’s address and Secret in the settings (`kfops doctor`)',
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
    kind: 'evicted',
    where: 'message',
    pattern: /evicted|low on resource|node shutdown|preempt/i,
    tell: ([found = '']) => [
      `its pod was evicted repeatedly (${found})`,
      'build again; give the build a memory request that matches its use, so that it gets a fitting node',
    ],
  },
  {
    kind: 'evicted',
    where: 'message',
    pattern: /pod deleted|PodDeleted|NodeLost/i,
    tell: () => [
      'its pod was deleted while it ran',
      'build again; if it happens again, ask who deletes pods there',
    ],
  },
  {
    kind: 'image_pull',
    where: 'message',
    pattern: /ImagePullBackOff|ErrImagePull|InvalidImageName/,
    tell: () => [
      'cannot pull the image that the step runs in',
      'check kaniko.image in the settings and imagePullSecrets, and that nodes reach its registry',
    ],
  },
  {
    of: ['build'],
    kind: 'push_refused',
    where: 'log',
    pattern: /(?:checking push permission|error pushing image|failed to push)[^\n]*/i,
    tell: ([line = '']) => pushRefused(line),
  },
  {
    of: ['build'],
    kind: 'file_missing',
    where: 'log',
    pattern: /(?:failed to get fileinfo for|stat) (\S+)[^\n]*/i,
    has: /no such file or directory/i,
    tell: ([, path = ''], evidence) => [
      `${inContext(path)} is not in the build context`,
      checkPath(evidence),
    ],
  },
  {
    of: ['build'],
    kind: 'file_missing',
    where: 'log',
    pattern: /copy failed[^\n]*/i,
    tell: ([line = ''], evidence) => [`a COPY found nothing (${line.trim()})`, checkPath(evidence)],
  },
  {
    of: ['build'],
    kind: 'base_image',
    where: 'log',
    pattern: /error building image: ([^\n]*)/,
    has: /MANIFEST_UNKNOWN|NAME_UNKNOWN|UNAUTHORIZED|DENIED|manifest unknown|unable to complete operation|dial tcp|no such host/,
    tell: ([, line = '']) => [
      `cannot pull a base image: ${line.slice(afterLast(line, 'last error: ')).trim()}`,
      'check the FROM lines of the Dockerfile, and that builds reach that registry (with a Secret, if it is private)',
    ],
  },
  {
    of: ['build'],
    kind: 'dockerfile_step',
    where: 'log',
    pattern: /failed to execute command: (?:waiting for process to exit: )?([^\n]*)/i,
    tell: ([, how = ''], { log, commands }) => [
      `${lastStep(log)} failed (${how.trim()})`,
      tryLocally(commands),
    ],
  },
  {
    of: ['build'],
    kind: 'dockerfile',
    where: 'log',
    pattern: /(?:error building image|dockerfile parse error|error resolving dockerfile)[^\n]*/i,
    tell: ([line = '']) => [line.trim(), 'correct the Dockerfile'],
  },
];

/** The first place in its text that a rule is for. */
export function findEvidence(
  { pattern, has, where }: Rule,
  evidence: Evidence,
): readonly string[] | undefined {
  const text = evidence[where];
  if (!has) return pattern.exec(text) ?? undefined;
  for (const line of text.split('\n')) {
    const found = pattern.exec(line);
    if (found && has.test(found[0])) return found;
  }
  return undefined;
}

function afterLast(text: string, mark: string): number {
  const at = text.lastIndexOf(mark);
  return at < 0 ? 0 : at + mark.length;
}

/** The instruction that Kaniko was at when it failed, as it prints it: on one line. */
export function lastInstruction(log: string): string | undefined {
  return [...log.matchAll(/^INFO\[\d+\] (RUN .*)$/gm)].at(-1)?.[1]?.trim();
}

function lastStep(log: string): string {
  const step = lastInstruction(log);
  if (step === undefined) return 'a RUN step of the Dockerfile';
  return step.length > 200 ? `${step.slice(0, 199)}…` : step;
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
      'ask for permission to push to this repository, or check container_registry_uri',
    ];
  }
  const status = /\b(5\d\d)\b/.exec(line)?.[1];
  if (status !== undefined) {
    return [
      `the registry failed during the push (${status})`,
      'build again; if this persists, ask the registry’s operator',
    ];
  }
  return [
    `cannot push the image: ${pushCause(line)}`,
    'check container_registry_uri and that builds reach it',
  ];
}

const PUSH_FAILED =
  /(?:push permission for "[^"\s]*"|failed to push to destination \S+|error pushing image): /i;

/** What went wrong, without what Kaniko puts before it and the request that it made. */
function pushCause(line: string): string {
  const before = PUSH_FAILED.exec(line);
  return line
    .slice(before ? before.index + before[0].length : 0)
    .replace(/^(?:GET|HEAD|POST|PUT|PATCH) \S+: /, '')
    .trim();
}

/** Kaniko unpacks the context below this folder. */
function inContext(path: string): string {
  return trimEndOf(path.replace(/^"?\/kaniko\/buildcontext\//, ''), '":');
}
