import { fileURLToPath } from 'node:url';

import { pino } from 'pino';

import { unlessAborted } from '../../../../common/unless-aborted.js';
import { ANNOTATIONS, LABELS } from '../../../../generator/workflow/names.js';
import { defaultSettings } from '../../../../schema/index.js';
import type { Channel } from '../../../../server/notify/channels.js';
import { notifyBuilds } from '../../../../server/notify/notifier.js';
import type { Post, PostOutcome } from '../../../../server/notify/post.js';
import { FakeClock } from '../../../fixtures/fake-clock.js';
import type { ApiObject, Collection } from '../../../fixtures/kubernetes-store.js';
import { startKubernetes, type KubernetesStandIn } from '../../../fixtures/kubernetes.js';
import { serverWorkflow } from '../../../support/argo-status.js';

/** A request to a receiver. */
export interface Request {
  /** The channel's name. */
  readonly to: string;
  readonly id: string;
  readonly event: string;
  readonly workflow: string;
}

type Mark = 'failed' | 'recovered' | 'done' | 'undelivered';

/** A channel that every repository notifies. */
export function channel(name: string, more: Partial<Channel> = {}): Channel {
  return {
    name,
    kind: 'webhook',
    repositories: ['*/*'],
    always: true,
    on: ['failed', 'recovered'],
    url: `https://${name}.example`,
    // Any text is a secret.
    secret_file: fileURLToPath(import.meta.url),
    allow_private: false,
    ...more,
  };
}

/** Never answers. */
export function hang(_: Request, signal: AbortSignal): Promise<PostOutcome> {
  return unlessAborted(signal, new Promise<never>(() => undefined));
}

/** A notifier between a stand-in for the cluster and receivers in memory. Builds of acme/churn run in `own`. */
export class NotifierStage {
  readonly clock = new FakeClock();
  readonly requests: Request[] = [];
  /** `outcome channel` of each. */
  readonly metrics: string[] = [];
  channels: Channel[] = [];
  repositories = ['acme/churn'];
  answer: (request: Request, signal: AbortSignal) => PostOutcome | Promise<PostOutcome> = () => ({
    kind: 'sent',
  });
  /** The channels that config.yaml names. */
  named: () => readonly string[] = () => [];
  #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();

  private constructor(readonly api: KubernetesStandIn) {}

  static async open(): Promise<NotifierStage> {
    return new NotifierStage(await startKubernetes(2_000));
  }

  /** Starts a notifier that remembers nothing. */
  start(): void {
    this.#stop = new AbortController();
    const settings = defaultSettings();
    const pull = { defaultBranch: 'main', base: { branch: 'main' } };
    const options = {
      cluster: { client: this.api.client, namespaces: ['own', 'elsewhere'], namespaceOf: () => 'own' },
      settings: {
        ...settings,
        server: { ...settings.server, repositories: this.repositories },
        notify: this.channels,
      },
      render: { web: 'https://github.com' },
      metrics: {
        notification: (outcome: string, of = 'config.yaml') => this.metrics.push(`${outcome} ${of}`),
      },
      log: pino({ level: 'silent' }),
      github: {
        pullRequests: { read: () => Promise.resolve(pull) },
        branchTip: () => Promise.resolve('tip'),
      },
      planner: { do: () => Promise.resolve().then(() => ({ channels: this.named() })) },
      post: (post: Post, signal: AbortSignal) => this.#receive(post, signal),
      clock: this.clock,
    };
    this.#running = notifyBuilds(options as never, this.#stop.signal);
  }

  /** Ends the notifier in the midst of what it does. */
  async stop(): Promise<void> {
    this.#stop.abort(new Error('the test is over'));
    await this.#running;
  }

  async close(): Promise<void> {
    await this.stop();
    await this.api.close();
  }

  /** Makes a workflow whose notification is due. */
  due(name: string, event: 'failed' | 'recovered' = 'failed', namespace = 'own'): ApiObject {
    const made = serverWorkflow(name);
    const { labels, annotations } = made.metadata;
    const notice = { event, time: '2026-01-02T03:06:07Z', summary: 'it ended', more: 0, failures: [] };
    return this.#workflows(namespace).create({
      ...made,
      metadata: {
        ...made.metadata,
        labels: { ...labels, [LABELS.notify]: event },
        annotations: { ...annotations, [ANNOTATIONS.notice]: JSON.stringify(notice) },
      },
    });
  }

  /** What a retry leaves of the notification. */
  retry(workflow: ApiObject): void {
    const { metadata } = workflow;
    const labels = { ...metadata.labels };
    Reflect.deleteProperty(labels, LABELS.notify);
    this.#workflows('own').replace({ ...workflow, metadata: { ...metadata, labels } });
  }

  /** Lets time pass until each of these workflows is marked so. */
  async marked(mark: Mark, names: readonly string[], namespace = 'own'): Promise<void> {
    await this.#until(namespace, () => names.every((name) => this.markOf(name, namespace) === mark));
  }

  /** Lets time pass until these channels are marked as notified of each of these workflows. */
  async notified(channels: readonly string[], names: readonly string[]): Promise<void> {
    const wanted = JSON.stringify(channels);
    await this.#until('own', () => names.every((name) => this.notifiedOf(name) === wanted));
  }

  markOf(name: string, namespace = 'own'): string | undefined {
    return this.#workflows(namespace).objects.get(name)?.metadata.labels?.[LABELS.notify];
  }

  notifiedOf(name: string): string | undefined {
    return this.#workflows('own').objects.get(name)?.metadata.annotations?.[ANNOTATIONS.notified];
  }

  /** Lets time pass until a promise is settled. */
  until<T>(promise: Promise<T>): Promise<T> {
    return this.clock.until(promise, () => this.api.pending > 0);
  }

  async #until(namespace: string, isTrue: () => boolean): Promise<void> {
    const { listeners } = this.#workflows(namespace);
    let check: () => void = () => undefined;
    const reached = new Promise<void>((resolve) => {
      check = () => {
        if (isTrue()) resolve();
      };
    });
    listeners.add(check);
    check();
    await this.until(reached);
    listeners.delete(check);
  }

  #workflows(namespace: string): Collection {
    return this.api.collection('workflows', namespace);
  }

  #receive({ url, headers, body }: Post, signal: AbortSignal): Promise<PostOutcome> {
    const { workflow } = JSON.parse(body) as { workflow: { name: string } };
    const request = {
      to: url.hostname.replace('.example', ''),
      id: headers['x-kfops-delivery'] ?? '',
      event: headers['x-kfops-event'] ?? '',
      workflow: workflow.name,
    };
    this.requests.push(request);
    return Promise.resolve(this.answer(request, signal));
  }
}
