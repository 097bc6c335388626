import type { ComparedMetric, MetricValue } from './run-outputs.js';

/** A metric as people read it. */
export interface MetricRow {
  /** Its name, with its step in front where another metric has the same one. */
  readonly label: string;
  /** `0.934211`; '' where the run doesn't have it. */
  readonly value: string;
  readonly base: string;
  /** `+0.02 (+2.2 %)`; '' where one of the two is missing or no number. */
  readonly difference: string;
}

/** Of a number, in digits: as many as people compare. */
const DIGITS = 6;
/** Of a difference, whose last digits are those of rounding. */
const DIFFERENCE_DIGITS = 4;

/** The metrics of a run, each with its difference to the base branch's. */
export function metricRows(metrics: readonly ComparedMetric[]): readonly MetricRow[] {
  const times = new Map<string, number>();
  for (const { name } of metrics) times.set(name, (times.get(name) ?? 0) + 1);
  return metrics.map(({ name, step, value, base }) => ({
    label: step !== undefined && (times.get(name) ?? 0) > 1 ? `${step}: ${name}` : name,
    value: shown(value),
    base: shown(base),
    difference: difference(value, base),
  }));
}

function shown(value: MetricValue | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'number' ? rounded(value, DIGITS) : value;
}

function difference(value: MetricValue | undefined, base: MetricValue | undefined): string {
  if (typeof value !== 'number' || typeof base !== 'number') return '';
  const by = value - base;
  if (by === 0) return '0';
  if (!Number.isFinite(by)) return '';
  const relative = (by / Math.abs(base)) * 100;
  return Number.isFinite(relative) ? `${signed(by)} (${signed(relative, 2)} %)` : signed(by);
}

function signed(value: number, digits = DIFFERENCE_DIGITS): string {
  return `${value > 0 ? '+' : ''}${rounded(value, digits)}`;
}

/** Without zeros at its end; `1e-7` where it is very small. */
function rounded(value: number, digits: number): string {
  return String(Number(value.toPrecision(digits)));
}
