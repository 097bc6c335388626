import { outputsLines } from '../../generator/results/outputs-lines.js';
import { kfpLinks, pinLines } from '../../generator/results/published.js';
import type { WorkflowResult } from '../../generator/results/result.js';
import { scheduleLines } from '../../generator/results/schedule-changes.js';
import { escapeTerminal } from '../../templates/escape.js';
import type { Style } from '../../templates/style.js';

/**
 * What was pinned, published and run, for a person: begins with an empty line, ends without a line break; no line where
 * there is nothing to tell.
 *
 * @param url - `kfp.url` of the settings
 */
export function publishedLines(
  { publish, run }: Pick<WorkflowResult, 'publish' | 'run'>,
  url: string | undefined,
  style: Style,
): string[] {
  const { pinned, notPinned } = pinLines(publish ?? {});
  const links = kfpLinks(url, publish, run);
  const version = publish?.version ?? run?.version;
  const line = (label: string, text: string): string => `  ${label.padEnd(8)} ${escapeTerminal(text)}`;
  const link = (address: string | undefined): string => (address === undefined ? '' : `  ${address}`);
  const published = publish === undefined || publish.versionId !== undefined;
  const lines = [
    ...pinned.map((text) => line('pinned', text)),
    ...notPinned.map((text) => line('not', text)),
    ...(publish?.warnings ?? []).map((text) => line(style.yellow('!'.padEnd(8)), text)),
    ...(version === undefined
      ? []
      : [line('version', published ? `${version}${link(links.version)}` : `${version}, not published`)]),
    ...scheduleLines(publish?.schedules).map((text, at) =>
      line(at === 0 ? 'schedule' : '', text.replaceAll('`', '')),
    ),
    ...(run?.runId === undefined
      ? []
      : [line('run', `${run.runId}  ${run.runState ?? ''}${link(links.run)}`)]),
    ...(run?.continued ? [line('', 'it had failed before, and continued')] : []),
    ...(run?.notContinued === undefined
      ? []
      : [
          line(
            style.yellow('!'.padEnd(8)),
            `the failed run can't continue: ${run.notContinued}; this one is new`,
          ),
        ]),
    ...(run?.ignored ?? []).map((name) =>
      line(style.yellow('!'.padEnd(8)), `the pipeline has no parameter ${name}`),
    ),
    ...outputsLines(run?.outputs).map(({ label, text, isWarning }) =>
      line(isWarning ? style.yellow('!'.padEnd(8)) : label, text),
    ),
  ];
  return lines.length === 0 ? [] : ['', style.bold('Pipeline'), ...lines];
}
