import type { ClusterClient } from '../../argo/client/client.js';
import { ConfigError, hasErrors, type Located, type Settings } from '../../schema/index.js';
import { runCommands } from '../commands/run-commands.js';
import type { ServerContext, Work } from '../context.js';
import { meaningOf, type SavedDelivery } from '../http/payload.js';
import { logOf } from '../inbox/event-log.js';
import { pullRequestChanged, type EventResult } from '../inbox/pull-request-event.js';
import { pushed } from '../inbox/push-event.js';
import { explainHere } from '../planning/log-reader.js';
import { planHere } from '../planning/planner.js';
import { planningPorts } from '../planning/ports.js';
import type { InboxEvent } from '../ports.js';
import { ownSecrets } from '../redact/own-secrets.js';
import { createLog } from '../telemetry/log.js';
import { metrics as createMetrics } from '../telemetry/metrics.js';
import { checkServerSettings, logWarnings } from './check-settings.js';
import { connect } from './connect.js';
import { dryRunContext, type DryRunWrite } from './dry-run.js';
import { openContext } from './open-context.js';

/** Options of {@link receive}. */
export interface ReceiveOptions {
  readonly settings: Located<Settings>;
  readonly client: ClusterClient;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly delivery: SavedDelivery;
  /** Where the delivery comes from, for errors. */
  readonly file: string;
  /** If set, nothing is written anywhere; this gets what would be written. */
  readonly onDryRunWrite?: (one: DryRunWrite) => void;
  /** Gets the log, one line of JSON per entry. */
  readonly onLog: (line: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Handles a saved delivery to its end as the server would, but without checking its signature. A running server reports
 * what the workflow does afterwards.
 *
 * @throws ConfigError if the payload doesn't match its event, or the settings aren't valid for a server
 * @throws GitHubError, KubernetesError, and other errors that end a command without a reply
 */
export async function receive(options: ReceiveOptions): Promise<EventResult> {
  const { settings: located, client, env, delivery, file, onDryRunWrite, onLog, signal } = options;
  const meaning = meaningOf(delivery, file);
  if ('ignored' in meaning) return { outcome: 'ignored', why: meaning.ignored };
  const problems = checkServerSettings(located);
  if (hasErrors(problems)) throw new ConfigError(problems);

  const settings = located.value;
  const { log_level: level } = settings.server;
  const masked = ownSecrets(settings);
  const log = createLog({
    // A replay is for seeing how it went.
    level: level === 'warn' || level === 'error' ? 'info' : level,
    to: { write: (line: string) => (onLog(line), true) },
    secrets: masked,
  });
  logWarnings(problems, log);
  const connected = await connect({
    settings,
    client,
    env,
    log,
    metrics: createMetrics(),
    secrets: masked,
  });
  const planner = planHere(planningPorts(settings, connected.github.git, log));
  const context = onDryRunWrite
    ? dryRunContext(connected, onDryRunWrite)
    : openContext({ ...connected, planner, explain: explainHere });
  try {
    const handled = await handleEvent(context, meaning.event, { log, signal, receivedAt: new Date() });
    await Promise.allSettled(connected.pending);
    return handled;
  } finally {
    connected.github.close();
  }
}

const NO_RESULT: EventResult = { outcome: 'ignored' };

/** Does what an event asks for, to its end. */
export async function handleEvent(
  context: ServerContext,
  event: InboxEvent,
  { log, ...rest }: Work,
): Promise<EventResult> {
  const work = { ...rest, log: logOf(event, log) };
  if (event.kind === 'push') return pushed(context, event, work);
  if (event.kind !== 'comment') return pullRequestChanged(context, event, work);
  const comment = { placed: event.placed, log: work.log };
  const [result = NO_RESULT] = await runCommands(context, [comment], work);
  return result;
}
