import { createHash } from 'node:crypto';

import { pipelineLabel } from '../generator/project/pipeline-label.js';

const LONGEST = 63;

/**
 * The name of a pipeline in KFP, which takes DNS labels only, for the name in the configuration: `Sklearn Iris` is
 * `sklearn-iris`. Where that loses more than case and blanks, eight digits of a hash keep two names apart.
 */
export function pipelineName(name: string): string {
  const label = pipelineLabel(name);
  if (label.length > 0 && label.length <= LONGEST && /^[\w .-]+$/.test(name)) return label;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  const start = label.slice(0, LONGEST - hash.length - 1).replace(/-$/, '');
  return `${start || 'pipeline'}-${hash}`;
}

/**
 * The `filter` of KFP's lists for one name. The server takes the escapes of an address out of it twice: what these begin
 * with is escaped as JSON does.
 */
export function byName(name: string): string {
  return filter('EQUALS', 'name', name);
}

/** The `filter` of KFP's lists for all names that have a text in them. */
export function bySubstring(text: string): string {
  return filter('IS_SUBSTRING', 'name', text);
}

/** The `filter` of KFP's list of runs for those in one state. */
export function byState(state: string): string {
  return filter('EQUALS', 'state', state);
}

function filter(operation: 'EQUALS' | 'IS_SUBSTRING', key: 'name' | 'state', text: string): string {
  const value = { predicates: [{ operation, key, string_value: text }] };
  return JSON.stringify(value).replaceAll('%', '\\u0025').replaceAll('+', '\\u002b');
}
