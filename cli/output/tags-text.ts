import type { WorkflowResult } from '../../generator/results/result.js';
import { escapeTerminal } from '../../templates/escape.js';
import type { Style } from '../../templates/style.js';

/**
 * Which tags could not be set or checked, for a person: begins with an empty line, ends without a line break; no line
 * where there is nothing to report.
 */
export function tagLines({ tags }: Pick<WorkflowResult, 'tags'>, style: Style): string[] {
  const warnings = tags?.warnings ?? [];
  if (warnings.length === 0) return [];
  const mark = style.yellow('!');
  return ['', style.bold('Tags'), ...warnings.map((text) => `  ${mark} ${escapeTerminal(text)}`)];
}
