import { WorkError } from '../../schema/index.js';
import { fillCheckedOutputs, parsePlainOutput } from './step-output.js';
import type { Workflow } from './types.js';

/** Argo's variables that no step decides. A parameter's value is an argument, which is checked, too. */
const VARIABLE = /\{\{(?:inputs\.parameters\.[\w-]+|workflow\.uid|workflow\.name)\}\}/g;

/**
 * The last check of every Workflow that Kfops makes: Argo evaluates nothing in it except the tags that Kfops writes
 * itself. What came into it from a configuration, an earlier workflow, a pull request's record or a service was checked
 * before; a text that slipped through is refused here.
 *
 * @throws WorkError that names the place
 */
export function checkTags<T extends Workflow>(workflow: T): T {
  check(workflow.spec, 'spec');
  return workflow;
}

function check(value: unknown, path: string): void {
  if (typeof value === 'string') {
    if (value.includes('{{') && !isKnown(value, path)) throw refusal(value, path);
  } else {
    for (const [key, each] of Object.entries(value ?? {})) {
      check(key, `${path}, key`);
      check(each, `${path}.${key}`);
    }
  }
}

function isKnown(text: string, path: string): boolean {
  if (path.endsWith('.valueFrom.parameter') && parsePlainOutput(text) !== undefined) return true;
  // What is left must not become a tag where a known one was.
  return !fillCheckedOutputs(text, () => '\n')
    .replaceAll(VARIABLE, '\n')
    .includes('{{');
}

function refusal(text: string, path: string): WorkError {
  const shown = text.length > 200 ? `${text.slice(0, 200)}…` : text;
  return new WorkError(
    `\`${shown}\` has a \`{{\` that Argo would evaluate (${path} of the workflow)`,
    'Remove the `{{` where the text comes from. If it comes from a workflow of an earlier Kfops, build again.',
  );
}
