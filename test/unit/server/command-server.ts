import { pino } from 'pino';

import { commitMarks, LABELS } from '../../../generator/workflow/names.js';
import type { Workflow } from '../../../generator/workflow/types.js';
import { workflowIdentity, type Identity } from '../../../server/builds/identity.js';
import { NOTHING_YET, type ConversationState } from '../../../server/comment/state.js';
import type { ServerContext, Work } from '../../../server/context.js';
import type { CheckReport, Comment, PullRequest, Reaction } from '../../../server/ports.js';
import { buildCluster } from '../../../server/rules/build-namespaces.js';
import type { Collection } from '../../fixtures/kubernetes-store.js';
import { startKubernetes, type KubernetesStandIn } from '../../fixtures/kubernetes.js';
import { ANN, HEAD, pullRequest, REPOSITORY } from './facts.js';

export const WRITTEN = new Date('2026-01-02T03:04:05Z');

/** A comment that was written after the head was pushed. */
export function commentOf(id: number, login = ANN.login): Comment {
  return { id, body: '/build', author: { ...ANN, login }, createdAt: WRITTEN, edited: false, url: '' };
}

/** `/build` of the head, unless changed. */
export function identityOf(changes: Partial<Identity> = {}): Identity {
  return {
    origin: { repository: REPOSITORY, number: 17 },
    commit: HEAD,
    verb: 'build',
    flags: [],
    ...changes,
  };
}

/** A workflow in the cluster: whose it is, and how far. */
export interface MadeWorkflow {
  readonly of?: Identity;
  readonly attempt?: number;
  readonly comments?: readonly number[];
  readonly phase?: 'Running' | 'Succeeded' | 'Failed';
}

/** What a command meets: a cluster, a conversation and GitHub, all in memory. Each test reads `steps` at the end. */
export class CommandServer {
  /** What was changed outside, in order. */
  readonly steps: string[] = [];
  readonly reports: CheckReport[] = [];
  readonly abort = new AbortController();
  state: ConversationState = NOTHING_YET;
  pullRequest: PullRequest | undefined = pullRequest();
  /** When the head was pushed, as GitHub says. */
  headSince: Date | undefined = new Date(0);
  deleted = new Set<number>();
  reactions: readonly Reaction[] = [];
  /** The largest comment that a check answers. */
  answeredByCheck = 0;
  settings = {
    repositories: ['my-team/iris'],
    supersede: 'stop' as 'stop' | 'queue' | 'refuse',
    minio: { bucket: 'kfops' },
    manifest_branches: [],
    forks: undefined as object | undefined,
  };
  /** What the planner returns or throws. */
  plan: (task: string, input: unknown) => unknown = () => ({ metadata: { name: 'made' } });
  /** Called before the conversation is changed. */
  beforeChange: (urgency: string) => void = () => undefined;
  readonly workflows: Collection;

  private constructor(readonly api: KubernetesStandIn) {
    this.workflows = api.collection('workflows', 'kfops');
    api.onRequest(({ method, path, body }) => {
      const { spec } = (body ?? {}) as { spec?: { shutdown?: string } };
      if (method === 'PATCH' && spec?.shutdown) this.steps.push(`stop ${path.split('/').at(-1) ?? ''}`);
    });
  }

  static async open(): Promise<CommandServer> {
    return new CommandServer(await startKubernetes(2_000));
  }

  close(): Promise<void> {
    return this.api.close();
  }

  /** Adds a workflow to the cluster. */
  has({ of = identityOf(), attempt = 1, comments = [1], phase = 'Running' }: MadeWorkflow): string {
    const { name, labels, annotations } = workflowIdentity(of, attempt, { comments, by: 'ann' }, 'rules');
    this.workflows.create({
      metadata: {
        name,
        annotations: { ...annotations },
        labels: {
          ...labels,
          ...commitMarks(of.commit).labels,
          [LABELS.managedBy]: 'kfops',
          [LABELS.pullRequest]: String(of.origin.number),
          'workflows.argoproj.io/phase': phase,
        },
      },
      spec: {},
      status: { phase },
    });
    return name;
  }

  get work(): Work {
    return { log: pino({ level: 'silent' }), signal: this.abort.signal, receivedAt: WRITTEN };
  }

  get context(): ServerContext {
    const { render, github } = this;
    return {
      render,
      github,
      settings: {
        server: this.settings,
        registries: [],
        notify: [],
        limits: {},
        kaniko: {},
        service_accounts: {},
      },
      cluster: buildCluster(this.api.client, { namespace: 'kfops', server: this.settings } as never),
      metrics: { commentToWorkflow: () => undefined },
      links: { redact: (text: string) => text },
      conversations: {
        read: () => Promise.resolve({ state: this.state }),
        change: async (
          _: unknown,
          change: (state: ConversationState) => ConversationState,
          urgency: string,
        ) => {
          await Promise.resolve();
          this.beforeChange(urgency);
          this.state = change(this.state);
          this.steps.push(`write ${urgency}`);
          return { state: this.state };
        },
      },
      planner: {
        do: async (task: string, input: unknown) => {
          await Promise.resolve();
          this.steps.push(`planner ${task}`);
          return this.plan(task, input);
        },
      },
      runner: {
        submit: ({ metadata }: Workflow) => {
          this.steps.push('submit');
          return Promise.resolve({ name: (metadata as { name: string }).name });
        },
      },
    } as unknown as ServerContext;
  }

  private readonly render = { web: 'https://github.com' };

  private readonly github = {
    pullRequests: {
      read: () => Promise.resolve(this.pullRequest),
      headSince: () => Promise.resolve(this.headSince),
      comment: (_: unknown, id: number) => Promise.resolve(this.deleted.has(id) ? undefined : commentOf(id)),
    },
    branchTip: () => Promise.resolve('c'.repeat(40)),
    checks: {
      report: (_: unknown, report: CheckReport) => {
        this.reports.push(report);
        return Promise.resolve();
      },
      latest: () => Promise.resolve(this.answeredByCheck),
    },
    reactions: { mine: () => Promise.resolve(new Set(this.reactions)) },
  };
}
