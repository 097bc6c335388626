import { writeYaml } from '../../schema/write-yaml.js';
import type { Workflow } from './types.js';

/** A DAG of more tasks than this is read as a list: each task has one line. */
const TASKS_IN_FULL = 50;

/** A Workflow as YAML: stable, without anchors or folded lines, one line for each parameter. */
export function stringifyWorkflow(workflow: Workflow): string {
  return writeYaml(workflow, (item, list, key) => {
    if (!Array.isArray(list) || Array.isArray(item)) return false;
    return key === 'parameters' || (key === 'tasks' && list.length > TASKS_IN_FULL);
  });
}
