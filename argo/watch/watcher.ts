import type { WorkflowWatcher } from '../../generator/ports.js';
import type { ClusterClient } from '../client/client.js';
import { explainedResult, stepLog } from '../logs/logs.js';
import { isFinished } from '../status/nodes.js';
import { goneResult, workflowResult } from '../status/status.js';
import { watchWorkflow } from './watch.js';

/** Watches the workflows of one namespace of a cluster. */
export function workflowWatcher(client: ClusterClient, namespace: string): WorkflowWatcher {
  return {
    async *watch(name, signal) {
      for await (const seen of watchWorkflow(client, namespace, name, signal ? { signal } : {})) {
        if (seen.kind === 'gone') yield goneResult(name, seen.last);
        else if (isFinished(seen.workflow)) yield await explainedResult(client, seen.workflow);
        else yield workflowResult(seen.workflow);
      }
    },
    async *log({ pod }, signal) {
      if (pod !== undefined) yield* stepLog(client, namespace, pod, { follow: true, tail: 1, signal });
    },
  };
}
