import type { JsonRecord } from '../../common/json.js';
import { isMetrics, typeName } from './names.js';
import type { RunArtifact, RunMetric, StoredOutputs } from './ports.js';
import { stepOfUri } from './step-of-uri.js';

/** An artifact as the metadata store gives it. */
export interface StoredArtifact {
  readonly id?: string;
  readonly name?: string;
  /** `system.Metrics` */
  readonly type?: string;
  readonly uri?: string;
  readonly custom_properties?: Readonly<Record<string, JsonRecord>>;
}

/**
 * What is a metric, and what is an artifact: `RecordArtifact` and `toMLMDArtifact` of Kubeflow's backend/src/v2/metadata
 * write an output's name as `display_name`, and each number that a step logs as a property.
 */
export function outputsOf(stored: readonly StoredArtifact[]): StoredOutputs {
  const metrics: RunMetric[] = [];
  const artifacts: RunArtifact[] = [];
  for (const { type = '', uri = '', name = '', custom_properties: properties = {} } of stored) {
    const step = stepOfUri(uri);
    const from = step === undefined ? {} : { step };
    if (isMetrics(type)) {
      for (const [key, property] of Object.entries(properties)) {
        const value = numberOf(property);
        if (value !== undefined) metrics.push({ name: key, value, ...from });
      }
    } else {
      const label = properties.display_name?.string_value;
      const shown = typeof label === 'string' && label !== '' ? label : name;
      artifacts.push({ type: typeName(type), name: shown, uri, ...from });
    }
  }
  return { metrics, artifacts, unread: 0 };
}

function numberOf({ double_value: double, int_value: integer }: JsonRecord): number | undefined {
  if (typeof double === 'number') return double;
  return typeof integer === 'string' ? Number(integer) : undefined;
}
