import { recordOf, type JsonRecord } from '../../common/json.js';
import { itemsOf } from '../kfp-answers.js';
import type { KfpClient } from '../kfp.js';
import { isMetrics, typeName } from './names.js';
import { MOST_READ, type OutputsStore, type RunArtifact, type RunMetric } from './ports.js';

const PAGE = 200;
/** Artifacts that are read at a time: the API has no call for those of a run. */
const AT_ONCE = 8;
/** Artifacts that are read at most, each with a call. */
const MOST_CALLS = 100;
/** Relations of an artifact to the step that made it; others are of inputs. */
const OUTPUTS: ReadonlySet<unknown> = new Set(['OUTPUT', 'ITERATOR_OUTPUT']);

/**
 * The artifacts in Kubeflow's own API, which replaces the metadata store after 2.17: `ArtifactService` of
 * backend/api/v2beta1/artifact.proto in its repository. Asks with the token and rights of the run step.
 */
export function artifactApi(client: KfpClient): OutputsStore {
  return {
    read: async (runId) => {
      const made = await relationsOf(client, runId);
      const metrics: RunMetric[] = [];
      const artifacts: RunArtifact[] = [];
      const ids = [...made.keys()].slice(0, MOST_CALLS);
      for (let at = 0; at < ids.length; at += AT_ONCE) {
        const read = await Promise.all(ids.slice(at, at + AT_ONCE).map((id) => artifact(client, id)));
        for (const [i, { type, name, uri, number_value: value }] of read.entries()) {
          const step = made.get(ids[at + i] ?? '');
          const from = { name: textOf(name), ...(step !== undefined && { step }) };
          const number = numberOf(value);
          if (!isMetrics(textOf(type)))
            artifacts.push({ type: typeName(textOf(type)), uri: textOf(uri), ...from });
          else if (number !== undefined) metrics.push({ value: number, ...from });
        }
      }
      return { metrics, artifacts, unread: made.size - ids.length };
    },
    close: () => undefined,
  };
}

/** The ids of the artifacts that a run made, each with the step that made it. */
async function relationsOf(
  client: KfpClient,
  runId: string,
): Promise<ReadonlyMap<string, string | undefined>> {
  const made = new Map<string, string | undefined>();
  let page: unknown;
  let seen = 0;
  do {
    const query = {
      run_ids: runId,
      page_size: String(PAGE),
      ...(typeof page === 'string' && { page_token: page }),
    };
    const answer = await client.call({ method: 'GET', path: '/artifact_tasks', query });
    const relations = itemsOf(answer.artifact_tasks);
    for (const { artifact_id: id, type, producer } of relations) {
      if (typeof id !== 'string' || !OUTPUTS.has(type) || made.has(id)) continue;
      const step = recordOf(producer).task_name;
      made.set(id, typeof step === 'string' && step !== '' ? step : undefined);
    }
    seen += relations.length;
    page = answer.next_page_token;
  } while (typeof page === 'string' && page !== '' && seen < MOST_READ);
  return made;
}

function artifact(client: KfpClient, id: string): Promise<JsonRecord> {
  return client.call({ method: 'GET', path: `/artifacts/${encodeURIComponent(id)}` });
}

/** JSON has texts for numbers that it can't write. */
function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return value === 'NaN' || value === 'Infinity' || value === '-Infinity' ? Number(value) : undefined;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
