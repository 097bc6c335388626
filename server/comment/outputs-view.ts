import { metricRows } from '../../generator/results/metric-rows.js';
import type { BaseRun, RunOutputs } from '../../generator/results/run-outputs.js';
import type { OutputsView } from '../../templates/comment-data.js';
import { formatCount } from '../../templates/units.js';

/** What the comment shows of what a run produced. */
export function outputsView(outputs: RunOutputs): OutputsView {
  if ('unknown' in outputs)
    return { ...NOTHING, notes: [`What the run produced is unknown: ${outputs.unknown}.`] };
  const { metrics, artifacts, moreMetrics, moreArtifacts, base } = outputs;
  const all = artifacts.length + moreArtifacts;
  return {
    metrics: metricRows(metrics),
    moreMetrics,
    base: base?.version,
    notes: base === undefined || metrics.length === 0 ? [] : notesOf(base),
    artifacts: artifacts.map(({ type, name, step, uri }) => ({
      type,
      name: step === undefined ? name : `${step}: ${name}`,
      uri,
    })),
    moreArtifacts,
    artifactsTitle: all === 0 ? '' : formatCount(all, 'artifact'),
  };
}

const NOTHING: OutputsView = {
  metrics: [],
  moreMetrics: 0,
  base: undefined,
  notes: [],
  artifacts: [],
  moreArtifacts: 0,
  artifactsTitle: '',
};

function notesOf({ branch, version, unknown }: BaseRun): string[] {
  if (unknown !== undefined)
    return [`The metrics of the last successful run of \`${branch}\` are unknown: ${unknown}.`];
  return version === undefined ? [`No run of \`${branch}\` to compare with has succeeded yet.`] : [];
}
