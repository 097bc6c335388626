import { isMap, isScalar, isSeq, visit } from 'yaml';

import { writeYaml } from '../../schema/write-yaml.js';
import type { Workflow } from './types.js';

/** A DAG of more tasks than this is read as a list: each task has one line. */
const TASKS_IN_FULL = 50;

/** A Workflow as YAML: stable, without anchors or folded lines, one line for each parameter. */
export function stringifyWorkflow(workflow: Workflow): string {
  return writeYaml(workflow, (document) => {
    visit(document, {
      Pair(_, { key, value }) {
        if (!isScalar(key) || !isSeq(value)) return;
        const onOneLine =
          key.value === 'parameters' || (key.value === 'tasks' && value.items.length > TASKS_IN_FULL);
        if (!onOneLine) return;
        for (const item of value.items) if (isMap(item)) item.flow = true;
      },
    });
  });
}
