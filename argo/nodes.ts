import { gunzipSync } from 'node:zlib';

import { parseAnswer } from './answer.js';
import type { Nodes, ObservedWorkflow, WorkflowNode } from './observed.js';

/** Largest size in bytes of compressed nodes once unpacked: a thousand times what a workflow of 500 images has. */
const LARGEST = 256 * 1024 * 1024;

/**
 * The nodes of a workflow, unpacked where Argo compressed them.
 *
 * @returns undefined when they are in Argo's database, where only its server reads them
 */
export function nodesOf({ status }: ObservedWorkflow): Nodes | undefined {
  if (status?.compressedNodes) {
    const json = gunzipSync(Buffer.from(status.compressedNodes, 'base64'), { maxOutputLength: LARGEST });
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

/**
 * The nodes that count: without attempts that were followed by another, and without all that ran inside of those. A DAG
 * that is done again leaves its tasks in the status, and the next attempt has tasks of the same names.
 */
export function currentNodes(nodes: Nodes): readonly WorkflowNode[] {
  const all = Object.values(nodes);
  const superseded = new Set(all.flatMap((node) => attemptsOf(node, nodes).slice(0, -1)));
  const isCurrent = (node: WorkflowNode): boolean => {
    const boundary = nodes[node.boundaryID ?? ''];
    return !superseded.has(node) && (boundary === undefined || isCurrent(boundary));
  };
  return all.filter(isCurrent);
}

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
