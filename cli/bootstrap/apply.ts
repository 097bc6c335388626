import type { ClusterClient } from '../../argo/client/client.js';
import { KubernetesError } from '../../argo/client/errors.js';
import { applyObject, type Applied, type KubernetesObject } from '../../argo/objects/apply.js';
import { type Session, say } from '../session.js';

/** What happened to one object, and why where it was kept. */
export interface Outcome {
  readonly state: Applied;
  readonly note?: string;
}

/**
 * Applies objects one after the other, and says for each what happened.
 *
 * @param dryRun - only looks, and says what would happen
 * @returns the objects that somebody else made or has changed
 */
export async function applyAll(
  session: Session,
  client: ClusterClient,
  objects: readonly KubernetesObject[],
  { dryRun = false }: { readonly dryRun?: boolean } = {},
): Promise<readonly KubernetesObject[]> {
  const kept: KubernetesObject[] = [];
  for (const object of objects) {
    const outcome = await applyOne(client, object, dryRun);
    sayOutcome(session, object, outcome, dryRun);
    if (outcome.state === 'kept') kept.push(object);
  }
  return kept;
}

async function applyOne(client: ClusterClient, object: KubernetesObject, dryRun: boolean): Promise<Outcome> {
  try {
    const state = await applyObject(client, object, { dryRun });
    return state === 'kept' ? { state, note: 'somebody else made it' } : { state };
  } catch (error) {
    if (!(error instanceof KubernetesError) || error.status !== 409) throw error;
    const [, who] = /conflicts? with "([^"]{1,100})"/.exec(error.problem.slice(0, 2000)) ?? [];
    return { state: 'kept', note: `${who ?? 'somebody'} has changed it since` };
  }
}

const DRY: Readonly<Record<Applied, string>> = {
  created: 'create',
  changed: 'change',
  unchanged: 'unchanged',
  kept: 'keep',
};

/** `created    Role kfops-server in kfops` */
export function sayOutcome(
  session: Session,
  { kind, metadata: { name, namespace } }: KubernetesObject,
  { state, note }: Outcome,
  dryRun = false,
): void {
  const { style } = session;
  const word = (dryRun ? DRY[state] : state).padEnd(10);
  const colours = { created: style.green, changed: style.green, unchanged: style.dim, kept: style.yellow };
  const place = namespace === undefined ? '' : ` in ${namespace}`;
  say(session, `${colours[state](word)} ${kind} ${name}${place}${note === undefined ? '' : `: ${note}`}`);
}
