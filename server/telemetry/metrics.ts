import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

import type { BuildState, WorkerStopReason } from '../ports.js';

/**
 * The outcome of a delivery. `accepted`: queued · `ignored`: not relevant to the server · `unsigned`: no signature, or
 * a wrong one · `dropped`: gave way to others while its body was read · `failed`: could not be queued.
 */
export type DeliveryOutcome =
  | 'accepted'
  | 'ignored'
  | 'unsigned'
  | 'malformed'
  | 'too-large'
  | 'too-slow'
  | 'dropped'
  | 'unavailable'
  | 'failed';

/** The outcome of a command. `joined`: the same build already existed · `ignored`: no reply. */
export type CommandOutcome = 'submitted' | 'joined' | 'answered' | 'refused' | 'ignored' | 'failed';

/**
 * The outcome of a request to a channel. `retried`: it failed, and is made again · `refused`: the receiver rejects it, or
 * its address isn't allowed · `expired`: it failed for too long · `unreadable`: config.yaml, which names the channel,
 * can't be read.
 */
export type NotificationOutcome = 'sent' | 'retried' | 'refused' | 'expired' | 'unreadable';

/** The server's Prometheus metrics. Each label has few values, no matter what is sent. */
export interface Metrics {
  /** @param event - its name by GitHub's header, after the signature was checked */
  delivery(event: string, outcome: DeliveryOutcome): void;
  /** Bytes of bodies that are held before their signature is checked. */
  unverifiedBytes(bytes: number): void;
  /** @param name - the verb without its slash */
  command(name: string, outcome: CommandOutcome): void;
  /** How many commands wait. */
  queueLength(commands: number): void;
  /** From GitHub's delivery of a comment to its workflow in the cluster. */
  commentToWorkflow(seconds: number): void;
  /** @param state - the state in which a build ended */
  build(state: BuildState): void;
  /**
   * @param route - with placeholders: `GET /repos/{owner}/{repo}/pulls/{pull_number}`
   * @param status - of HTTP; undefined where no answer came
   */
  githubCall(route: string, status: number | undefined): void;
  /** @param resource - GitHub's name of the budget: `core`, `graphql` */
  githubQuota(resource: string, remaining: number): void;
  /** Age of the oldest command that the last look at recent comments found unhandled; 0 when all were handled. */
  reconcileLag(seconds: number): void;
  /** Whether the workflows of each namespace of builds can be listed; others, of earlier settings, are removed. */
  buildNamespaces(isListed: ReadonlyMap<string, boolean>): void;
  /** A repository or a log that took too much time or memory to read, or ended the process that read it. */
  readonly planningStopped: (reason: WorkerStopReason) => void;
  /** @param channel - its name in the settings; absent: those that config.yaml names */
  notification(outcome: NotificationOutcome, channel?: string): void;
  /** Whether the settings file, as it is now, can be used. */
  settingsValid(valid: boolean): void;
  /** All of it in Prometheus' text form. */
  text(): Promise<string>;
  /** The MIME type of {@link text}. */
  readonly contentType: string;
}

const EVENTS = new Set(['issue_comment', 'pull_request', 'push', 'ping']);

/** Counters of their own for each call. */
export function metrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const collected = collectors([registry]);
  const { deliveries, unverified, commands, queue, toWorkflow, builds, calls, quota, lag, listed, stopped } =
    collected;
  const [commandNames, routes, resources] = [fewOf(32), fewOf(100), fewOf(16)];

  return {
    delivery: (event, outcome) => {
      deliveries.inc({ event: EVENTS.has(event) ? event : 'other', outcome });
    },
    unverifiedBytes: (bytes) => {
      unverified.set(bytes);
    },
    command: (name, outcome) => {
      commands.inc({ command: commandNames(name), outcome });
    },
    queueLength: (length) => {
      queue.set(length);
    },
    commentToWorkflow: (seconds) => {
      toWorkflow.observe(seconds);
    },
    build: (result) => {
      builds.inc({ result });
    },
    githubCall: (route, status) => {
      calls.inc({ route: routes(route), status: status === undefined ? 'none' : String(status) });
    },
    githubQuota: (resource, remaining) => {
      quota.set({ resource: resources(resource) }, remaining);
    },
    reconcileLag: (seconds) => {
      lag.set(seconds);
    },
    buildNamespaces: (isListed) => {
      listed.reset();
      for (const [namespace, is] of isListed) listed.set({ build_namespace: namespace }, is ? 1 : 0);
    },
    planningStopped: (reason) => {
      stopped.inc({ reason });
    },
    notification: (outcome, channel = 'config.yaml') => {
      collected.notifications.inc({ channel, outcome });
    },
    settingsValid: (isValid) => {
      collected.valid.set(isValid ? 1 : 0);
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

/** What is shown, under which name. */
function collectors(registers: Registry[]) {
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Counter<L>({ name, help, labelNames: [...labelNames], registers });

  const deliveries = counter('kfops_deliveries_total', 'Deliveries of GitHub.', ['event', 'outcome']);
  const unverified = new Gauge({
    name: 'kfops_unverified_bytes',
    help: 'Bytes of bodies that are held before their signature is checked.',
    registers,
  });
  const commands = counter('kfops_commands_total', 'Commands in comments.', ['command', 'outcome']);
  const queue = new Gauge({ name: 'kfops_queue_length', help: 'Commands that wait.', registers });
  const toWorkflow = new Histogram({
    name: 'kfops_comment_to_workflow_seconds',
    help: "Seconds from a comment's delivery to its workflow.",
    buckets: [0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600],
    registers,
  });
  const builds = counter('kfops_builds_total', 'Builds that ended.', ['result']);
  const calls = counter('kfops_github_calls_total', 'Requests to GitHub.', ['route', 'status']);
  const quota = new Gauge({
    name: 'kfops_github_quota_remaining',
    help: 'Requests that GitHub still takes before its budget is filled again.',
    labelNames: ['resource'],
    registers,
  });
  const lag = new Gauge({
    name: 'kfops_reconcile_lag_seconds',
    help: 'Age of the oldest unhandled command at the last look at recent comments.',
    registers,
  });
  const listed = new Gauge({
    name: 'kfops_build_namespace_up',
    help: 'Whether the workflows of a namespace of builds can be listed.',
    labelNames: ['build_namespace'],
    registers,
  });
  const stopped = counter(
    'kfops_planning_stopped_total',
    'Readings of a repository or a log that were stopped.',
    ['reason'],
  );
  const notifications = counter('kfops_notifications_total', 'Requests to channels for notifications.', [
    'channel',
    'outcome',
  ]);
  const valid = new Gauge({
    name: 'kfops_settings_valid',
    help: '1 if the settings file can be used; 0 if the server keeps the previous settings.',
    registers,
  });
  return {
    deliveries,
    unverified,
    commands,
    queue,
    toWorkflow,
    builds,
    calls,
    quota,
    lag,
    listed,
    stopped,
    notifications,
    valid,
  };
}

/** Lets the first `count` different texts through; for all others it says `other`, as each label costs memory. */
function fewOf(count: number): (text: string) => string {
  const seen = new Set<string>();
  return (text) => {
    if (!seen.has(text)) {
      if (seen.size >= count || text.length > 100) return 'other';
      seen.add(text);
    }
    return text;
  };
}
