import {
  LONGEST_NAME,
  LONGEST_URI,
  metricValue,
  MOST_ARTIFACTS,
  MOST_METRICS,
  type BaseRun,
  type ComparedMetric,
  type ProducedArtifact,
  type ProducedOutputs,
} from '../../generator/results/run-outputs.js';
import { cutEnd } from '../../schema/cut.js';
import type { RunArtifact, RunMetric, StoredOutputs } from './ports.js';

/** The run that is compared with, and its metrics. */
export interface ComparedWith {
  readonly run: BaseRun;
  readonly metrics: readonly RunMetric[];
}

/** @returns what a run produced, in a size that an output parameter of a Workflow can have */
export function summariseOutputs(
  { metrics, artifacts, unread }: StoredOutputs,
  base?: ComparedWith,
): ProducedOutputs {
  const all = comparedMetrics(metrics, base?.metrics ?? []);
  return {
    metrics: all.slice(0, MOST_METRICS),
    artifacts: artifacts.slice(0, MOST_ARTIFACTS).map(shortArtifact),
    moreMetrics: Math.max(0, all.length - MOST_METRICS),
    moreArtifacts: Math.max(0, artifacts.length - MOST_ARTIFACTS) + unread,
    ...(base && { base: base.run }),
  };
}

/** The run's own metrics first, by name, then those that only the other one has. */
function comparedMetrics(own: readonly RunMetric[], others: readonly RunMetric[]): ComparedMetric[] {
  const [values, base] = [byName(own), byName(others)];
  return [...new Map([...values, ...base]).keys()].map((key) => {
    const [value, other] = [values.get(key), base.get(key)];
    const { name = '', step } = value ?? other ?? {};
    return {
      name,
      ...(step !== undefined && { step }),
      ...(value && { value: metricValue(value.value) }),
      ...(other && { base: metricValue(other.value) }),
    };
  });
}

/** By step and name, sorted; what a loop reports several times is numbered. */
function byName(metrics: readonly RunMetric[]): ReadonlyMap<string, RunMetric> {
  const found = new Map<string, RunMetric>();
  const times = new Map<string, number>();
  // Cut before they are compared: names may be as long as an answer of the store.
  for (const metric of metrics.map(shortMetric).toSorted(compareMetrics)) {
    const { step = '', name } = metric;
    const key = JSON.stringify([step, name]);
    const time = (times.get(key) ?? 0) + 1;
    times.set(key, time);
    if (time === 1) found.set(key, metric);
    else found.set(JSON.stringify([step, name, time]), { ...metric, name: `${name} (${time})` });
  }
  return found;
}

/** By name, then by step; those of one name and step stay in their order. */
function compareMetrics(a: RunMetric, b: RunMetric): number {
  const [left, right] = [a, b].map(({ name, step = '' }) => `${name}\0${step}`);
  return left === right ? 0 : (left ?? '') < (right ?? '') ? -1 : 1;
}

function shortMetric({ name, value, step }: RunMetric): RunMetric {
  return {
    name: cutEnd(name, LONGEST_NAME),
    value,
    ...(step !== undefined && { step: cutEnd(step, LONGEST_NAME) }),
  };
}

function shortArtifact({ type, name, step, uri }: RunArtifact): ProducedArtifact {
  return {
    type: cutEnd(type, LONGEST_NAME),
    name: cutEnd(name, LONGEST_NAME),
    ...(step !== undefined && { step: cutEnd(step, LONGEST_NAME) }),
    uri: cutEnd(withoutSecrets(uri), LONGEST_URI),
  };
}

/** An address without a login and without its query, which may sign it. */
function withoutSecrets(uri: string): string {
  const [path = ''] = uri.split(/[?#]/, 1);
  return path.replace(/^([a-z][a-z\d+.-]{0,30}:\/\/)[^/]*@/i, '$1');
}
