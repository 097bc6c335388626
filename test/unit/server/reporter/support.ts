import { pino } from 'pino';

import { conversations, type Conversations } from '../../../../server/comment/conversations.js';
import { readMarker } from '../../../../server/comment/marker.js';
import type { ConversationState } from '../../../../server/comment/state.js';
import type { BuildState } from '../../../../server/ports.js';
import type { CheckReport, Origin, Urgency } from '../../../../server/ports.js';
import { redact } from '../../../../server/redact/redact.js';
import type { ReporterOptions } from '../../../../server/reporter/options.js';
import { reportWorkflows } from '../../../../server/reporter/reporter.js';
import { FakeClock } from '../../../fixtures/fake-clock.js';
import type { Collection } from '../../../fixtures/kubernetes-store.js';
import { startKubernetes, type KubernetesStandIn } from '../../../fixtures/kubernetes.js';
import { FakeComments } from '../../../support/comments.js';
import { REPOSITORY } from '../../../support/conversation.js';

/** A write on GitHub: which pull request, and how urgent. */
export interface Write {
  readonly kind: 'comment' | 'check';
  readonly pullRequest: number;
  readonly urgency: Urgency | undefined;
  readonly report?: CheckReport;
}

/** A reporter between a stand-in for the cluster and comments in memory. */
export class Stage {
  readonly clock = new FakeClock();
  readonly github = new Map<number, FakeComments>();
  readonly checks: CheckReport[] = [];
  readonly ends: string[] = [];
  readonly writes: Write[] = [];
  /** Pull requests whose comment was changed, with the id of their repository. */
  readonly changed = new Set<string>();
  /** Awaited before each write on GitHub; may throw. */
  beforeWrite: (write: Write, body?: string) => Promise<void> | void = () => undefined;
  /** What is notified of an end. */
  notice: ReporterOptions['notice'];
  namespaces: readonly [string, ...string[]] = ['kfops'];
  redact = (text: string): string => redact(text, ['hunter2-secret']);
  #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();

  private constructor(
    readonly api: KubernetesStandIn,
    readonly workflows: Collection,
  ) {}

  static async open(): Promise<Stage> {
    const api = await startKubernetes(2_000);
    return new Stage(api, api.collection('workflows', 'kfops'));
  }

  /** Starts a reporter that remembers nothing. */
  start(): void {
    this.#stop = new AbortController();
    this.#running = reportWorkflows(
      {
        cluster: { client: this.api.client, namespaces: this.namespaces, namespaceOf: () => 'kfops' },
        conversations: this.#conversations((ref) => {
          this.changed.add(`${ref.repository.id}#${ref.number}`);
        }),
        checks: {
          report: async (_, report, urgency) => {
            await this.#write({ kind: 'check', pullRequest: 0, urgency, report });
            this.checks.push(report);
          },
        },
        render: { web: 'https://github.com' },
        links: { redact: (text) => this.redact(text) },
        log: pino({ level: 'silent' }),
        metrics: { build: (state) => this.ends.push(state) },
        serves: ({ name }) => name === REPOSITORY.name,
        notice: (...ended) => this.notice?.(...ended),
        argoUrl: 'https://argo.example',
        clock: this.clock,
        patience: { totalMs: 60_000, firstMs: 1, longestMs: 2 },
      },
      this.#stop.signal,
    );
  }

  async stop(): Promise<void> {
    this.#stop.abort(new Error('the test is over'));
    // What a test holds up for good is waited for no longer than the reporter would.
    const over = new AbortController();
    void this.#running.finally(() => {
      over.abort();
    });
    while (!over.signal.aborted) {
      this.clock.advance(1_000);
      await new Promise(setImmediate);
    }
    await this.#running;
  }

  async close(): Promise<void> {
    await this.stop();
    await this.api.close();
  }

  /** Changes the comment as the rest of the server does. */
  change(number: number, change: (state: ConversationState) => ConversationState): Promise<unknown> {
    return this.#conversations().change({ repository: REPOSITORY, number }, change, 'record');
  }

  body(number = 17): string {
    return this.comments(number).mine[0]?.body ?? '';
  }

  state(number = 17): ConversationState {
    const read = readMarker(this.body(number));
    if (read.kind !== 'state') throw new Error(`pull request ${number}: ${read.kind}`);
    return read.state;
  }

  /** What the comment says of the latest build; undefined where there is no comment. */
  told(number = 17): BuildState | undefined {
    return this.body(number) === '' ? undefined : this.state(number).builds[0]?.state;
  }

  /** Writes of comments on a pull request. */
  edits(number = 17): number {
    return this.writes.filter(({ kind, pullRequest }) => kind === 'comment' && pullRequest === number).length;
  }

  comments(number: number): FakeComments {
    const there = this.github.get(number);
    if (there !== undefined) return there;
    const made = new FakeComments();
    made.before = async ({ kind, urgency }, body) => {
      if (kind === 'create' || kind === 'edit')
        await this.#write({ kind: 'comment', pullRequest: number, urgency }, body);
    };
    this.github.set(number, made);
    return made;
  }

  /** Ends once it is so. Mocha's own limit is the longest. */
  async until(so: () => boolean): Promise<void> {
    while (!so()) await new Promise(setImmediate);
  }

  /** Lets so much time pass, in steps of a second, all that is due being done in each. */
  async passes(milliseconds: number): Promise<void> {
    for (let passed = 0; passed < milliseconds; passed += 1_000) {
      await this.settled();
      this.clock.advance(Math.min(1_000, milliseconds - passed));
    }
    await this.settled();
  }

  /** Ends once the reporter waits for something to come, or for time to pass. */
  async settled(): Promise<void> {
    let quiet = 0;
    let seen = -1;
    while (quiet < 20) {
      const now = this.api.requests.length + this.writes.length;
      quiet = this.clock.waiting > 0 && now === seen && this.api.pending === 0 ? quiet + 1 : 0;
      seen = now;
      await new Promise(setImmediate);
    }
  }

  async #write(write: Write, body?: string): Promise<void> {
    await this.beforeWrite(write, body);
    this.writes.push(write);
  }

  #conversations(onChange: (ref: Origin) => void = () => undefined): Conversations {
    const log = { warn: () => undefined, error: () => undefined };
    const made = new Map<number, Conversations>();
    const of = ({ number = 0 }: Origin): Conversations => {
      const there = made.get(number);
      if (there !== undefined) return there;
      const one = conversations({
        github: this.comments(number).github,
        render: { web: 'https://github.com' },
        log: log as never,
      });
      made.set(number, one);
      return one;
    };
    return {
      read: (ref) => of(ref).read(ref),
      change: (ref, change, urgency) => {
        onChange(ref);
        return of(ref).change(ref, change, urgency);
      },
    };
  }
}
