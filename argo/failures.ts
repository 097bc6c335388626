import type { Failure } from '../generator/result.js';
import { RULES, type Evidence } from './failure-rules.js';
import type { ObservedSpec, WorkflowNode } from './observed.js';

export type { Failure, FailureKind } from '../generator/result.js';

/** Kaniko colours its log, terminal or not. */
// eslint-disable-next-line no-control-regex
const COLOURS = /\u001b\[[0-9;]*m/g;
/** As many lines of a log as fit into a message to people. */
const SHOWN_LINES = 20;

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
  const plain = log.replace(COLOURS, '');
  const evidence: Evidence = {
    message: node.message ?? '',
    log: plain,
    memory: typeof memory === 'string' || typeof memory === 'number' ? String(memory) : undefined,
    deadline: deadline === undefined ? undefined : String(deadline),
  };
  const lastLines = plain.trimEnd().split('\n').slice(-SHOWN_LINES).join('\n');
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
