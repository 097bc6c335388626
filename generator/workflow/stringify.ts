import { Document, isMap, isScalar, isSeq, Scalar, visit } from 'yaml';

import type { Workflow } from './types.js';

/**
 * Text that some reader of YAML would take for something else than a string. Argo reads with Go's YAML 1.1 rules
 * and a mix of 1.2's: `on`, `1:30`, `0o17` and `1e3` must be quoted for both, so all that starts like a number is.
 */
const AMBIGUOUS = /^(?:[-+.\d~=]|<<|(?:y|n|yes|no|on|off|true|false|null)$)/i;

/** A DAG of more tasks than this is read as a list: each task stands on one line. */
const TASKS_IN_FULL = 50;

/** A Workflow as YAML: stable, without anchors or folded lines, one line for each parameter. */
export function stringifyWorkflow(workflow: Workflow): string {
  const document = new Document(workflow, { aliasDuplicateObjects: false });
  visit(document, {
    Pair(_, { key, value }) {
      if (!isScalar(key) || !isSeq(value)) return;
      const onOneLine =
        key.value === 'parameters' || (key.value === 'tasks' && value.items.length > TASKS_IN_FULL);
      if (!onOneLine) return;
      for (const item of value.items) if (isMap(item)) item.flow = true;
    },
    Scalar(_, scalar) {
      if (typeof scalar.value === 'string' && AMBIGUOUS.test(scalar.value)) scalar.type = Scalar.QUOTE_SINGLE;
    },
  });
  return document.toString({ lineWidth: 0, indentSeq: false, flowCollectionPadding: false });
}
