import type { Failure } from '../../generator/results/result.js';
import { NAMES } from '../../generator/workflow/names.js';
import { cutEnd } from '../../schema/cut.js';
import { boundLog, LOG_LIMITS } from '../logs/log-limits.js';
import { buildCommands } from './build-commands.js';
import type { BuildOptions } from './build-options.js';
import {
  findEvidence,
  lastInstruction,
  RULES,
  type Evidence,
  type Rule,
  type StepKind,
} from './failure-rules.js';
import { LAST_STEP_RULES } from './last-step-rules.js';
import type { ObservedSpec, WorkflowNode } from './observed.js';

export type { Failure, FailureKind } from '../../generator/results/result.js';

/** Kaniko colours its log, terminal or not. */
// eslint-disable-next-line no-control-regex
const COLOURS = /\u001b\[[0-9;]*m/g;
/** As many lines of a log as fit into a message to people. */
const SHOWN_LINES = 20;

/** Characters of a reason: it fits one line. */
const LONGEST_REASON = 300;

const ALL_RULES: readonly Rule[] = [...LAST_STEP_RULES, ...RULES];

/** What is known of the image that a step builds. */
export interface BuiltImage {
  /** Its name in the configuration. */
  readonly image?: string;
  /** Of its task in the workflow. */
  readonly options?: BuildOptions | undefined;
  /** The Dockerfile's path in the repository. */
  readonly dockerfile?: string | undefined;
}

/**
 * Says why a step failed. Pure; the rules are held against messages and logs recorded from real runs.
 *
 * @param node - the last attempt
 * @param told - its last lines and, of a build, its image, where they are known
 */
export function classifyFailure(
  node: WorkflowNode,
  spec: ObservedSpec,
  { log = '', image = 'IMAGE', options, dockerfile }: BuiltImage & { readonly log?: string } = {},
): Failure {
  const template = spec.templates?.find(({ name }) => name === node.templateName);
  const memory = template?.container?.resources?.limits?.memory;
  const deadline = template?.activeDeadlineSeconds;
  const plain = withoutNoise(boundLog(log).replace(COLOURS, ''));
  const message = node.message === undefined ? undefined : cutEnd(node.message, LOG_LIMITS.messageLength);
  const evidence: Evidence = {
    message: message ?? '',
    log: plain,
    commands: buildCommands(image, options),
    memory: typeof memory === 'string' || typeof memory === 'number' ? String(memory) : undefined,
    deadline: deadline === undefined ? undefined : String(deadline),
  };
  const lastLines = plain.trimEnd().split('\n').slice(-SHOWN_LINES).join('\n');
  const kind = kindOf(node);
  for (const rule of ALL_RULES) {
    if (rule.of && !rule.of.includes(kind)) continue;
    const found = findEvidence(rule, evidence);
    if (found === undefined) continue;
    const [told, nextStep] = rule.tell(found, evidence);
    const reason = cutEnd(told, LONGEST_REASON);
    const line = rule.kind === 'dockerfile' ? /\bon line (\d+)/.exec(reason)?.[1] : undefined;
    return {
      kind: rule.kind,
      reason,
      nextStep,
      ...(dockerfile !== undefined &&
        line !== undefined && { location: { file: dockerfile, line: Number(line) } }),
      ...(rule.kind === 'dockerfile_step' && instructionOf(plain, dockerfile)),
      ...(lastLines !== '' && { lastLines }),
    };
  }
  return {
    kind: 'unknown',
    reason: message ?? 'Argo gives no reason',
    nextStep: 'read the step’s log (`kfops logs`), or look at it on Argo’s page',
    ...(lastLines !== '' && { lastLines }),
  };
}

/** Lines that Kaniko begins with, whatever it builds. */
const NOISE =
  /^(?:\w+\[\d+\] )?(?:active feature flags|(?:registry )?credential providers|Kaniko is being run outside of a container)\b/i;

/** Without what says nothing of this build, and without an error that is repeated at once. */
function withoutNoise(log: string): string {
  const message = (line: string | undefined): string | undefined => line?.replace(/^error: /i, '');
  return log
    .split('\n')
    .filter((line, i, all) => !NOISE.test(line) && (line === '' || message(line) !== message(all[i - 1])))
    .join('\n');
}

/** Kaniko names the instruction, and not its line: that is found in the Dockerfile. */
function instructionOf(log: string, file: string | undefined): Pick<Failure, 'instruction'> {
  const text = lastInstruction(log);
  return file === undefined || text === undefined ? {} : { instruction: { file, text } };
}

const KINDS: Readonly<Partial<Record<string, StepKind>>> = {
  [NAMES.tag]: 'tag',
  [NAMES.compile]: 'compile',
  [NAMES.publish]: 'publish',
  [NAMES.run]: 'run',
};

function kindOf({ templateName = '' }: WorkflowNode): StepKind {
  return KINDS[templateName] ?? 'build';
}
