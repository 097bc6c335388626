import { isRecord, recordOf, type JsonRecord } from '../../common/json.js';
import { cutEnd } from '../../schema/cut.js';

/** A metric's value: a number, or its name where JSON can't write it. */
export type MetricValue = number | (typeof NAMED_VALUES)[number];

const NAMED_VALUES = ['NaN', 'Infinity', '-Infinity'] as const;

/** A metric of a run, and of the run that it is compared with; one of the two may lack it. */
export interface ComparedMetric {
  readonly name: string;
  /** The step that reported it, where that is known. */
  readonly step?: string;
  readonly value?: MetricValue;
  readonly base?: MetricValue;
}

/** An artifact that a run produced. */
export interface ProducedArtifact {
  /** `Model`, `Dataset`, … */
  readonly type: string;
  readonly name: string;
  readonly step?: string;
  /** '' for an artifact without content. */
  readonly uri: string;
}

/** The run that metrics are compared with: the last one of the base branch that succeeded. */
export interface BaseRun {
  /** As it is in the names of versions. */
  readonly branch: string;
  /** Name of its version; absent: there is no such run, or it is unknown. */
  readonly version?: string;
  readonly runId?: string;
  /** Why it, or its metrics, could not be read: a clause. */
  readonly unknown?: string;
}

/** What a run produced, in a size that an output parameter can have. */
export interface ProducedOutputs {
  readonly metrics: readonly ComparedMetric[];
  readonly artifacts: readonly ProducedArtifact[];
  /** How many further metrics and artifacts there are. */
  readonly moreMetrics: number;
  readonly moreArtifacts: number;
  /** Absent where nothing is compared. */
  readonly base?: BaseRun;
}

/** What a run produced, or why that is unknown: a clause that names the service and its address. */
export type RunOutputs = ProducedOutputs | { readonly unknown: string };

/** How much of a run's outputs is kept. */
export const MOST_METRICS = 50;
export const MOST_ARTIFACTS = 20;
/** Of a name, a type or a step, in characters. */
export const LONGEST_NAME = 100;
/** Of an address, in characters. */
export const LONGEST_URI = 500;
/** Of a reason, in characters. */
export const LONGEST_REASON = 500;

/** @returns undefined where it is none: the step didn't look */
export function parseRunOutputs(value: unknown): RunOutputs | undefined {
  if (!isRecord(value)) return undefined;
  if (typeof value.unknown === 'string') return { unknown: text(value.unknown, LONGEST_REASON) };
  if (!Array.isArray(value.metrics) || !Array.isArray(value.artifacts)) return undefined;
  return {
    metrics: records(value.metrics, MOST_METRICS).map(metric),
    artifacts: records(value.artifacts, MOST_ARTIFACTS).map(artifact),
    moreMetrics: count(value.moreMetrics),
    moreArtifacts: count(value.moreArtifacts),
    ...(isRecord(value.base) && { base: baseRun(value.base) }),
  };
}

/** @returns the value as JSON can have it */
export function metricValue(value: number): MetricValue {
  return Number.isFinite(value) ? value : (String(value) as MetricValue);
}

/** @returns undefined where it is no {@link MetricValue} */
export function parseMetricValue(value: unknown): MetricValue | undefined {
  return Number.isFinite(value) ? (value as number) : NAMED_VALUES.find((name) => name === value);
}

function metric({ name, step, value, base }: JsonRecord): ComparedMetric {
  const [its, other] = [parseMetricValue(value), parseMetricValue(base)];
  return {
    name: text(name, LONGEST_NAME),
    ...optional('step', step, LONGEST_NAME),
    ...(its !== undefined && { value: its }),
    ...(other !== undefined && { base: other }),
  };
}

function artifact({ type, name, step, uri }: JsonRecord): ProducedArtifact {
  return {
    type: text(type, LONGEST_NAME),
    name: text(name, LONGEST_NAME),
    ...optional('step', step, LONGEST_NAME),
    uri: text(uri, LONGEST_URI),
  };
}

function baseRun({ branch, version, runId, unknown }: JsonRecord): BaseRun {
  return {
    branch: text(branch, LONGEST_NAME),
    // Names of versions are longer than those of metrics.
    ...optional('version', version, LONGEST_REASON),
    ...optional('runId', runId, LONGEST_NAME),
    ...optional('unknown', unknown, LONGEST_REASON),
  };
}

function records(list: readonly unknown[], most: number): readonly JsonRecord[] {
  return list.slice(0, most).map(recordOf);
}

function optional<K extends string>(key: K, value: unknown, longest: number): Partial<Record<K, string>> {
  return typeof value === 'string' ? ({ [key]: text(value, longest) } as Record<K, string>) : {};
}

function text(value: unknown, longest: number): string {
  return typeof value === 'string' ? cutEnd(value.replace(/\p{Surrogate}/gu, '\ufffd'), longest) : '';
}

function count(value: unknown): number {
  return Number.isSafeInteger(value) && (value as number) > 0 ? (value as number) : 0;
}
