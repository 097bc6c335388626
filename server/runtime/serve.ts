import type { Writable } from 'node:stream';

import type { ClusterClient } from '../../argo/client/client.js';
import { ConfigError, hasErrors, type Diagnostic, type Located, type Settings } from '../../schema/index.js';
import { GitHubUsage } from '../github/usage.js';
import { ownSecrets } from '../redact/own-secrets.js';
import { serveSetup } from '../setup/serve-setup.js';
import { createLog } from '../telemetry/log.js';
import { metrics as createMetrics } from '../telemetry/metrics.js';
import { checkServerSettings } from './check-settings.js';
import { Door } from './door.js';
import { checkSettings, prepare, type Prepared } from './prepare.js';
import { DRAIN, runServer } from './run-server.js';
import { nextSettings, type SettingsFile } from './watch-settings.js';

/** Options of {@link serve}. */
export interface ServeOptions {
  readonly settings: Located<Settings>;
  /** Where the settings come from. When they change there, the server uses the new ones. */
  readonly file: SettingsFile;
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

/** Settings to serve with; `prepared` is missing if they are for the set-up. */
interface Next {
  readonly located: Located<Settings>;
  readonly prepared?: Prepared;
}

/**
 * Runs the chatops server until `signal` is aborted. Commands in progress have 25 seconds to finish; the next server runs
 * the others again. When the settings file changes, the server finishes its work with the old settings and continues with
 * the new ones; it listens all the time.
 *
 * @throws ConfigError if the settings aren't valid for a server
 * @throws ServiceError if it cannot listen at its address, or has to look for the object store and the cluster
 *   does not answer
 */
export async function serve(options: ServeOptions): Promise<void> {
  const { settings: first, file, env, out, announce, signal } = options;
  let masks = [ownSecrets(first.value)];
  const log = createLog({
    level: first.value.server.log_level,
    to: out,
    secrets: () => masks.flatMap((mask) => mask()),
  });
  const metrics = createMetrics();
  metrics.settingsValid(true);
  const door = new Door(log, metrics);
  const usage = new GitHubUsage();
  const connectCluster = once(options.connectCluster);

  /** @param inSetup - settings without GitHub credentials are accepted: the set-up is for them */
  const accept = async (located: Located<Settings>, inSetup: boolean): Promise<Next> => {
    if (inSetup && needsSetup(located.value)) {
      requireValid(checkServerSettings(located, { setup: true }));
      return { located };
    }
    masks = [...masks.slice(0, 1), ownSecrets(located.value)];
    return { located, prepared: await prepare(located, { connectCluster, env, usage, log, metrics }) };
  };

  let current: Next | undefined = await accept(first, true);
  try {
    while (current) {
      const { located, prepared }: Next = current;
      const inSetup = prepared === undefined;
      log.level = located.value.server.log_level;
      const ended = new AbortController();
      const ending = AbortSignal.any([signal, ended.signal]);
      const change: Promise<Next | undefined> = nextSettings<Next>({
        file,
        running: located.value,
        check: (settings) => {
          const setup = inSetup && needsSetup(settings.value);
          requireValid(setup ? checkServerSettings(settings, { setup }) : checkSettings(settings));
        },
        accept: (settings) => accept(settings, inSetup),
        log,
        metrics,
        signal: ending,
      }).finally(() => {
        ended.abort();
      });
      try {
        if (prepared) await runServer(prepared, { door, log, metrics, signal: ending, exit: signal });
        else
          await serveSetup({ settings: located.value.server, env, log, metrics, announce, signal: ending });
      } finally {
        ended.abort();
      }
      current = await change;
      masks.reverse();
      if (!signal.aborted) continue;
      current?.prepared?.connected.github.close();
      break;
    }
  } finally {
    await door.close(DRAIN);
  }
}

function requireValid(problems: readonly Diagnostic[]): void {
  if (hasErrors(problems)) throw new ConfigError(problems);
}

/** Whether they name neither a GitHub App nor a token. */
function needsSetup({ server: { github } }: Settings): boolean {
  return github.app === undefined && github.token_file === undefined;
}

/** Calls a function until it has succeeded once, then gives what it gave. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let done: Promise<T> | undefined;
  return () => {
    done ??= work().catch((error: unknown) => {
      done = undefined;
      throw error;
    });
    return done;
  };
}
