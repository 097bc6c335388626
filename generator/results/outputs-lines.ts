import { metricRows } from './metric-rows.js';
import type { RunOutputs } from './run-outputs.js';

/** A line about what a run produced, in plain text. */
export interface OutputsLine {
  readonly label: 'metric' | 'artifact';
  readonly text: string;
  /** It says that something is unknown. */
  readonly isWarning?: true;
}

/** What a run produced, one line each. */
export function outputsLines(outputs: RunOutputs | undefined): readonly OutputsLine[] {
  if (outputs === undefined) return [];
  if ('unknown' in outputs)
    return [
      { label: 'metric', text: `what the run produced is unknown: ${outputs.unknown}`, isWarning: true },
    ];
  const { metrics, moreMetrics, artifacts, moreArtifacts, base } = outputs;
  const rows = metricRows(metrics);
  return [
    ...rows.map(({ label, value, base: before, difference }): OutputsLine => {
      const its = value === '' ? 'not reported' : value;
      const by = difference === '' ? '' : `, ${difference}`;
      const compared = before === '' ? '' : ` (${base?.version ?? 'before'}: ${before}${by})`;
      return { label: 'metric', text: `${label}  ${its}${compared}` };
    }),
    ...(moreMetrics > 0 ? [{ label: 'metric' as const, text: `and ${moreMetrics} more` }] : []),
    ...artifacts.map(({ type, name, step, uri }): OutputsLine => ({
      label: 'artifact',
      text: `${type} ${step === undefined ? name : `${step}: ${name}`}${uri === '' ? '' : `  ${uri}`}`,
    })),
    ...(moreArtifacts > 0 ? [{ label: 'artifact' as const, text: `and ${moreArtifacts} more` }] : []),
    ...(base?.unknown === undefined
      ? []
      : [
          {
            label: 'metric' as const,
            text: `the metrics of the last successful run of ${base.branch} are unknown: ${base.unknown}`,
            isWarning: true as const,
          },
        ]),
  ];
}
