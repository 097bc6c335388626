import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';

import { holdLease } from '../../argo/lease/lease.js';
import type { ServerContext } from '../context.js';
import type { Inbox } from '../inbox/inbox.js';
import { keepReconciling } from '../inbox/reconcile.js';
import { dueNotice } from '../notify/due.js';
import { notifyBuilds } from '../notify/notifier.js';
import { reportWorkflows } from '../reporter/reporter.js';
import { reporting } from '../reporter/reporting.js';
import type { Logger } from '../telemetry/log.js';

/** The replica that holds this lease reports, notifies and reconciles. */
const LEASE = 'kfops-server';

/** Does the work of the one replica that holds the lease, whenever this one holds it, until `signal` is aborted. */
export async function lead(
  context: ServerContext,
  inbox: Inbox,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  const { cluster, settings } = context;
  const lease = {
    namespace: cluster.client.namespace ?? settings.namespace,
    name: LEASE,
    holder: `${hostname()}-${randomUUID()}`,
    signal,
    onError: (err: unknown) => {
      log.warn({ err }, 'cannot acquire or renew the lease');
    },
  };
  await holdLease(cluster.client, lease, async (held) => {
    log.info('became leader: reporting and reconciling');
    await Promise.all([
      reportWorkflows({ ...reporting(context, log), notice: dueNotice(settings, log) }, held),
      notifyBuilds({ ...context, log }, held),
      keepReconciling(context, inbox, log, held, settings.server.look_seconds * 1000),
    ]);
  });
}
