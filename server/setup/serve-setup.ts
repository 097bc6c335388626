import type { Settings } from '../../schema/index.js';
import { startHttp } from '../http/listener.js';
import type { Logger } from '../telemetry/log.js';
import type { Metrics } from '../telemetry/metrics.js';
import { openSetup } from './setup.js';

/** What {@link serveSetup} is given. */
export interface ServeSetupOptions {
  readonly settings: Settings['server'];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Called once with the page's URL and its one-time code, which is shown nowhere else. */
  readonly announce: (address: string) => void;
  /** Ends the server. */
  readonly signal: AbortSignal;
}

const CLOSE_MS = 5000;

/**
 * Serves the set-up of a server that knows neither an App nor a token, and nothing else: no delivery is taken, and it
 * is never ready.
 *
 * @returns at once with false where the settings name an App or a token; else with true when `signal` ended it
 * @throws ServiceError when its address cannot be listened at
 */
export async function serveSetup(options: ServeSetupOptions): Promise<boolean> {
  const { settings, log, metrics, announce, signal } = options;
  const setup = openSetup(options);
  if (!setup) return false;
  const http = await startHttp({
    settings,
    secrets: () => [],
    log,
    metrics,
    ready: () => ['no GitHub credentials are configured; starting the set-up'],
    onDelivery: () => {
      throw new Error('the server is being set up');
    },
    setup: setup.pages,
  });
  log.info({ port: http.port }, 'listening for the set-up only');
  announce(setup.address(http.port));
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else
      signal.addEventListener(
        'abort',
        () => {
          resolve();
        },
        { once: true },
      );
  });
  await http.close(CLOSE_MS);
  return true;
}
