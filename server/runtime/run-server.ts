import { setTimeout as wait } from 'node:timers/promises';

import { Inbox } from '../inbox/inbox.js';
import { startWorkers, type Workers } from '../planning/start.js';
import type { Logger } from '../telemetry/log.js';
import type { Metrics } from '../telemetry/metrics.js';
import { logWarnings } from './check-settings.js';
import type { Door } from './door.js';
import { warnOfImagesByTag } from './images-by-tag.js';
import { lead } from './lead.js';
import { openContext } from './open-context.js';
import type { Prepared } from './prepare.js';
import { Readiness } from './readiness.js';
import { warnOfController } from './warn-of-controller.js';

/** How long running commands may take after the signal, in milliseconds. */
export const DRAIN = 18_000;
/** How long writes to GitHub may take after that, in milliseconds. */
const LAST_WORDS = 4_000;

/** What {@link runServer} is given. */
export interface RunOptions {
  readonly door: Door;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Ends the work with these settings. */
  readonly signal: AbortSignal;
  /** Ends the process. Without it, other settings follow, and the door stays open. */
  readonly exit: AbortSignal;
}

/**
 * Serves with one set of settings until `signal` is aborted, and finishes what it does.
 *
 * @throws ServiceError if it cannot listen at its address
 */
export async function runServer(prepared: Prepared, options: RunOptions): Promise<void> {
  const { connected, secrets, warnings } = prepared;
  const { door, log, metrics, signal } = options;
  const { settings, github } = connected;
  const { server } = settings;
  logWarnings(warnings, log);
  warnOfImagesByTag(settings, log);
  const workers = startWorkers(settings, { git: github.git, log, metrics });
  const context = openContext({ ...connected, ...workers });
  context.background(warnOfController(context.cluster, log));
  const inbox = new Inbox(context, log);
  const readiness = new Readiness(context, log);

  try {
    await door.open({
      settings: server,
      secrets,
      ready: () => readiness.reasons(),
      deliver: (delivery, held) => inbox.deliver(delivery, held),
      room: server.queue.length,
    });
  } catch (error) {
    await workers.close();
    github.close();
    throw error;
  }
  log.info({ port: door.port, repositories: server.repositories }, 'listening');
  const ending = new AbortController();
  const leading = lead(context, inbox, log, AbortSignal.any([signal, ending.signal]));
  try {
    await Promise.race([readiness.watch(signal), leading.then(() => aborted(signal))]);
  } finally {
    ending.abort();
    await end({ prepared, options, inbox, leading, workers });
  }
}

interface Running {
  readonly prepared: Prepared;
  readonly options: RunOptions;
  readonly inbox: Inbox;
  readonly leading: Promise<void>;
  readonly workers: Workers;
}

/** Accepts nothing new and lets running work finish. The next server does what doesn't finish in time. */
async function end(running: Running): Promise<void> {
  const { prepared, options, inbox, workers } = running;
  const { log, door, signal, exit } = options;
  const continues = isFollowed(signal, exit);
  if (continues) {
    log.info('the settings change: finishing with the previous ones');
    door.hold();
    await Promise.race([within(DRAIN, inbox.idle()), aborted(exit)]);
  } else log.info('ending');
  const dropped = await within(DRAIN + LAST_WORDS, finish(running));
  await workers.close();
  prepared.connected.github.close();
  if (dropped === undefined) log.warn('stopped before everything had finished; the next server continues it');
  else log.info({ dropped }, continues ? 'finished with the previous settings' : 'ended');
}

/** Whether other settings follow. */
function isFollowed(signal: AbortSignal, exit: AbortSignal): boolean {
  return signal.aborted && !exit.aborted;
}

/** @returns how many commands were not started */
async function finish({ prepared, options, inbox, leading }: Running): Promise<number> {
  const { door, signal, exit } = options;
  const closing = isFollowed(signal, exit) ? undefined : door.close(DRAIN);
  const [dropped] = await Promise.all([inbox.drain(AbortSignal.timeout(DRAIN)), closing, leading]);
  await within(LAST_WORDS, Promise.allSettled(prepared.connected.pending));
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
