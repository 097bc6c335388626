import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Writable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';

import type { ClusterClient } from '../../argo/client/client.js';
import { holdLease } from '../../argo/lease/lease.js';
import { ConfigError, hasErrors, type Diagnostic, type Located, type Settings } from '../../schema/index.js';
import type { ServerContext } from '../context.js';
import type { GitHubAdapter } from '../github/index.js';
import { secretFiles, startHttp, type HttpServer } from '../http/listener.js';
import { Inbox } from '../inbox/inbox.js';
import { keepReconciling } from '../inbox/reconcile.js';
import { dueNotice } from '../notify/due.js';
import { notifyBuilds } from '../notify/notifier.js';
import { startWorkers, type Workers } from '../planning/start.js';
import { ownSecrets } from '../redact/own-secrets.js';
import { reportWorkflows } from '../reporter/reporter.js';
import { reporting } from '../reporter/reporting.js';
import { serveSetup } from '../setup/serve-setup.js';
import { createLog, type Logger } from '../telemetry/log.js';
import { metrics as createMetrics } from '../telemetry/metrics.js';
import { checkFiles } from './check-files.js';
import { checkServerSettings, logWarnings } from './check-settings.js';
import { connect } from './connect.js';
import { warnOfImagesByTag } from './images-by-tag.js';
import { openContext } from './open-context.js';
import { Readiness } from './readiness.js';
import { warnOfController } from './warn-of-controller.js';
import { withStore } from './with-store.js';

/** Options of {@link serve}. */
export interface ServeOptions {
  readonly settings: Located<Settings>;
  /** Called once there is an App or a token. Its ConfigError is reported together with other errors. */
  readonly connectCluster: () => Promise<ClusterClient>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Gets the log, one line of JSON per entry. */
  readonly out: Pick<Writable, 'write'>;
  /** Called with the set-up page's URL and its one-time code if there is neither an App nor a token yet. */
  readonly announce: (address: string) => void;
  /** Ends the server. */
  readonly signal: AbortSignal;
}

/** How long running commands may take after the signal, in milliseconds. */
const DRAIN = 18_000;
/** How long writes to GitHub may take after that, in milliseconds. */
const LAST_WORDS = 4_000;
/** The replica that holds this lease reports and reconciles. */
const LEASE = 'kfops-server';

/**
 * Runs the chatops server until `signal` is aborted. Commands in progress have 25 seconds to finish; the next server runs
 * the others again.
 *
 * @throws ConfigError if the settings aren't valid for a server
 * @throws ServiceError if it cannot listen at its address, or has to look for the object store and the cluster
 *   does not answer
 */
export async function serve({
  settings: located,
  connectCluster,
  env,
  out,
  announce,
  signal,
}: ServeOptions): Promise<void> {
  const { server } = located.value;
  const masked = ownSecrets(located.value);
  const log = createLog({ level: server.log_level, to: out, secrets: masked });
  const metrics = createMetrics();
  if (await serveSetup({ settings: server, env, log, metrics, announce, signal })) return;

  const problems = [...checkServerSettings(located), ...checkFiles(located)];
  const client = await unlessWrong(connectCluster(), problems);
  if (client === undefined || hasErrors(problems)) throw new ConfigError(problems);
  logWarnings(problems, log);
  const settings = await withStore(located.value, client, log);
  warnOfImagesByTag(settings, log);
  const secrets = secretFiles(server.github.webhook_secret_files, { log });
  const connected = await connect({ settings, client, env, log, metrics, secrets: masked });
  const { github, pending } = connected;
  const workers = startWorkers(settings, { git: github.git, log, metrics });
  const context = openContext({ ...connected, ...workers });
  context.background(warnOfController(context.cluster, log));
  const inbox = new Inbox(context, log);
  const readiness = new Readiness(context, log);

  const http = await startHttp({
    settings: server,
    secrets,
    log,
    metrics,
    ready: () => readiness.reasons(),
    onDelivery: (delivery) => {
      if (!inbox.deliver(delivery)) throw new Error('the queue is full, or the server is stopping');
    },
  }).catch(async (error: unknown) => {
    await workers.close();
    throw error;
  });
  log.info({ port: http.port, repositories: server.repositories }, 'listening');
  const ending = new AbortController();
  const leading = lead(context, inbox, log, AbortSignal.any([signal, ending.signal]));
  try {
    await Promise.race([readiness.watch(signal), leading.then(() => aborted(signal))]);
  } finally {
    ending.abort();
    await end({ log, http, inbox, github, pending, leading, workers });
  }
}

/** The promise's value; undefined if it rejects with a ConfigError, whose diagnostics are added to `problems`. */
async function unlessWrong<T>(promise: Promise<T>, problems: Diagnostic[]): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    problems.push(...error.diagnostics);
    return undefined;
  }
}

/** The work of the one replica that holds the lease. */
async function lead(context: ServerContext, inbox: Inbox, log: Logger, signal: AbortSignal): Promise<void> {
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

interface Running {
  readonly log: Logger;
  readonly http: HttpServer;
  readonly inbox: Inbox;
  readonly github: GitHubAdapter;
  readonly pending: ReadonlySet<Promise<unknown>>;
  readonly leading: Promise<void>;
  readonly workers: Workers;
}

/** Accepts nothing new and lets running work finish. The next server does what doesn't finish in time. */
async function end(running: Running): Promise<void> {
  const { log, github, workers } = running;
  log.info('ending');
  const dropped = await within(DRAIN + LAST_WORDS, finish(running));
  await workers.close();
  github.close();
  if (dropped === undefined) log.warn('stopped before everything had finished; the next server continues it');
  else log.info({ dropped }, 'ended');
}

/** @returns how many commands were not started */
async function finish({ http, inbox, pending, leading }: Running): Promise<number> {
  const [dropped] = await Promise.all([inbox.drain(AbortSignal.timeout(DRAIN)), http.close(DRAIN), leading]);
  await within(LAST_WORDS, Promise.allSettled(pending));
  return dropped;
}

/** The promise's value; undefined on timeout. */
async function within<T>(milliseconds: number, work: Promise<T>): Promise<T | undefined> {
  const over = new AbortController();
  try {
    return await Promise.race([work, wait(milliseconds, undefined, { signal: over.signal })]);
  } finally {
    over.abort();
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => {
    signal.addEventListener('abort', resolve, { once: true });
  });
}
