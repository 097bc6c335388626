import { gunzipSync } from 'node:zlib';

import { parseAnswer } from '../client/answer.js';
import type { Nodes, ObservedWorkflow, WorkflowNode } from './observed.js';

/** Largest size in bytes of compressed nodes once unpacked: a thousand times what a workflow of 500 images has. */
const LARGEST_BYTES = 256 * 1024 * 1024;

/**
 * The nodes of a workflow, unpacked where Argo compressed them.
 *
 * @returns undefined when they are in Argo's database, where only its server reads them
 */
export function nodesOf({ status }: ObservedWorkflow): Nodes | undefined {
  if (status?.compressedNodes) {
    const json = gunzipSync(Buffer.from(status.compressedNodes, 'base64'), {
      maxOutputLength: LARGEST_BYTES,
    });
    return parseAnswer(json.toString('utf8')) as Nodes;
  }
  if (status?.nodes === undefined && status?.offloadNodeStatusVersion) return undefined;
  return status?.nodes ?? {};
}

/**
 * The attempts of a node of type Retry, in order. Its other children belong to hooks.
 *
 * @returns nothing for a node of another type
 */
export function attemptsOf(node: WorkflowNode, nodes: Nodes): readonly WorkflowNode[] {
  if (node.type !== 'Retry') return [];
  return (node.children ?? []).flatMap((id) => nodes[id] ?? []).filter(({ nodeFlag }) => !nodeFlag?.hooked);
}

/** Whether Argo does a DAG of this workflow by attempts. */
export function hasDagAttempts(nodes: Nodes): boolean {
  return Object.values(nodes).some((node) => attemptsOf(node, nodes).some(({ type }) => type === 'DAG'));
}

/**
 * The nodes that count: of attempts one, and nothing that ran inside of the others. A DAG that is done again leaves its
 * tasks in the status, and the next attempt has tasks of the same names.
 */
export function currentNodes(nodes: Nodes): readonly WorkflowNode[] {
  const all = Object.values(nodes);
  const superseded = new Set(
    all.flatMap((node) => {
      const attempts = attemptsOf(node, nodes);
      const counting = attempts.findLast((attempt) => !isLeftOver(attempt, all)) ?? attempts.at(-1);
      return attempts.filter((attempt) => attempt !== counting);
    }),
  );
  const isCurrent = (node: WorkflowNode): boolean => {
    const boundary = nodes[node.boundaryID ?? ''];
    return !superseded.has(node) && (boundary === undefined || isCurrent(boundary));
  };
  return all.filter(isCurrent);
}

/**
 * Whether Argo began an attempt of a DAG while it stopped the workflow, whatever the limit is: it has failed,
 * and none of its pods was made.
 */
function isLeftOver({ type, id, phase }: WorkflowNode, all: readonly WorkflowNode[]): boolean {
  if (type !== 'DAG' || phase !== 'Failed') return false;
  const pods = all.filter((node) => node.boundaryID === id && node.type === 'Pod');
  return (
    pods.length > 0 &&
    pods.every(
      ({ hostNodeName, message }) => hostNodeName === undefined && (message ?? '').startsWith(STOPPED),
    )
  );
}

const STOPPED = 'workflow shutdown';

const FINISHED: ReadonlySet<string | undefined> = new Set(['Succeeded', 'Failed', 'Error']);

/** Whether Argo is done with a workflow. */
export function isFinished({ status }: ObservedWorkflow): boolean {
  return FINISHED.has(status?.phase);
}

/** The pod in which a node runs, as Argo names it since 3.4. */
export function podName(workflow: string, node: WorkflowNode): string {
  if (node.name === workflow || node.templateName === undefined) return node.id;
  return `${workflow}-${node.templateName}-${node.id.slice(node.id.lastIndexOf('-') + 1)}`;
}
