import { gunzipSync } from 'node:zlib';

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
    return JSON.parse(json.toString('utf8')) as Nodes;
  }
  if (status?.nodes === undefined && status?.offloadNodeStatusVersion) return undefined;
  return status?.nodes ?? {};
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
