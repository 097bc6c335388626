import { onNode, REQUEUE } from './node.js';
import type { Row } from './row.js';

/** Builds on the node of test/cluster. */
export async function benchCluster(): Promise<readonly Row[]> {
  return [REQUEUE, ...(await onNode('inside.ts'))];
}
