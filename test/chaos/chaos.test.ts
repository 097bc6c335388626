import { expect } from 'chai';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { ANNOTATIONS, LABELS } from '../../generator/workflow/names.js';
import { commentDelivery, type GitHubComment, pullDelivery } from '../fixtures/github/index.js';
import { commitBomb } from '../support/tree-bomb.js';
import { visibleText } from '../support/visible-text.js';
import { descendantsOf, isAncestor, plannersOf, processesOf } from '../support/process-tree.js';
import { type PullHandle, type ServerProcess, ServerWorld } from '../server/harness.js';

const SECONDS = Number(process.env.KFOPS_TEST_CHAOS_SECONDS ?? 120);
const SEED = Number(process.env.KFOPS_TEST_CHAOS_SEED ?? Math.floor(Math.random() * 2 ** 31));
/** Bounds of a run, however long it is. */
const [MOST_PULLS, MOST_COMMANDS, MOST_KILLS] = [25, 250, 12];
const [MOST_POISON, MOST_PLANNER_KILLS] = [6, 15];
/**
 * How long the last commands may take, in milliseconds: two of the poisonous ones end a replica at each of their three
 * starts, after which a lease of 15 s runs out; two more take the planner's 20 s three times.
 */
const LAST_COMMANDS = 300_000;
/** How a commit is poison: it ends the replica that fetches it, or the planner by memory or by time. */
const POISONS = ['replica', 'memory', 'time'] as const;
const SETTINGS = {
  // So that nothing but the limits of a planner stops it.
  limits: { repository_files: 100_000_000, context_files: 100_000_000 },
  server: {
    look_seconds: 5,
    queue: { per_repository: 6, total: 6 },
    planning: { workers: 3, seconds: 20, memory: 320 * 2 ** 20 },
  },
};
const COMMANDS = ['/build', '/build', '/build --no-cache', '/plan', '/status', '/help'];

/** The same numbers for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Poison {
  readonly kind: (typeof POISONS)[number];
  readonly comment: GitHubComment;
  readonly pull: PullHandle;
  /** How often it was fetched. */
  fetches: number;
}

/** Two replicas, and everything that goes wrong around them, in an order that the seed decides. */
class Chaos {
  readonly #random = randomOf(SEED);
  readonly pulls: PullHandle[] = [];
  readonly commands: GitHubComment[] = [];
  readonly poison: Poison[] = [];
  plannerKills = 0;
  readonly #replicas: ServerProcess[] = [];
  readonly #going = new Set<Promise<unknown>>();
  #kills = 0;
  #reviving = Promise.resolve();

  constructor(readonly world: ServerWorld) {}

  async start(): Promise<void> {
    for (let i = 0; i < 2; i++) this.#replicas.push(await this.world.serve({ settings: SETTINGS }));
    this.#open();
  }

  /** One thing happens. */
  async step(): Promise<void> {
    const dice = this.#random();
    if (dice < 0.08) this.#open();
    else if (dice < 0.55) this.#command();
    else if (dice < 0.63) this.#push();
    else if (dice < 0.67) this.#close();
    else if (dice < 0.8) this.#argo();
    else if (dice < 0.9) this.#trouble();
    else if (dice < 0.93) this.#poison();
    else if (dice < 0.95) await this.#kill(this.#index(2));
    else if (dice < 0.98) this.#killPlanner();
    await wait(50 + this.#random() * 250);
  }

  /** From here all is well again. */
  async calm(): Promise<void> {
    this.world.github.recover();
    await Promise.all(this.#going);
    for (let i = 0; i < 2; i++) await this.#revive(i);
  }

  /** Both replicas build and plan for others: a new replica remembers for a while of whom GitHub said nothing. */
  async isWell(): Promise<void> {
    const { github, repository } = this.world;
    github.world.setRole(repository, 'bob', 'write');
    for (const replica of this.#replicas) {
      await this.world.openPull().answered(replica, '/build', 'rocket', 'bob');
      await this.world.openPull().answered(replica, '/plan', 'rocket', 'bob');
    }
  }

  /** What servers of this world have started and is not below one that runs. */
  orphans(): number[] {
    const known = new Set(this.world.servers.flatMap(({ child }) => descendantsOf(child.pid ?? 0)));
    return processesOf(this.world.folder).filter((pid) => !known.has(pid));
  }

  #index(length: number): number {
    return Math.floor(this.#random() * length);
  }

  #pull(): PullHandle {
    return this.pulls[this.#index(this.pulls.length)]!;
  }

  #open(): void {
    if (this.pulls.length < MOST_PULLS) this.pulls.push(this.world.openPull());
  }

  #command(): void {
    if (this.commands.length >= MOST_COMMANDS) return;
    const pull = this.#pull();
    const comment = pull.write(COMMANDS[this.#index(COMMANDS.length)]!);
    this.commands.push(comment);
    this.#tell(commentDelivery(this.world.github.world, comment));
  }

  #push(): void {
    const pull = this.#pull();
    const before = pull.pull.head.commit;
    pull.push({ 'pipeline/change.py': `PUSHED = ${this.#random()}\n` });
    this.#tell(pullDelivery(this.world.github.world, pull.pull, 'synchronize', { before }));
  }

  #close(): void {
    const open = this.pulls.filter(({ pull }) => pull.state === 'open');
    if (open.length < 4) return;
    const { pull } = open[this.#index(open.length)]!;
    pull.state = 'closed';
    this.#tell(pullDelivery(this.world.github.world, pull, 'closed'));
  }

  /** Lost, once, or to both; late or at once. Whether it arrives is nobody's business. */
  #tell(delivery: Parameters<ServerWorld['deliver']>[1]): void {
    const dice = this.#random();
    const copies = dice < 0.25 ? 0 : dice < 0.75 ? 1 : 2;
    for (let i = 0; i < copies; i++) {
      const replica = this.#index(2);
      const delay = this.#random() < 0.2 ? this.#random() * 3_000 : 0;
      this.#go(async () => {
        await wait(delay);
        await this.world.deliver(this.#replicas[replica]!, delivery);
      });
    }
  }

  #argo(): void {
    const running = this.world.argo.workflows.filter(
      ({ status }) => status?.phase !== 'Succeeded' && status?.phase !== 'Failed',
    );
    const workflow = running[this.#index(running.length)];
    if (!workflow) return;
    if (workflow.spec.shutdown !== undefined) this.world.argo.set(workflow, 'Failed');
    else if (this.#random() < 0.5) this.world.argo.succeed(workflow);
    else this.world.argo.set(workflow, 'Running', { 'build-iris-train': 'Running' });
  }

  #trouble(): void {
    const { github } = this.world;
    const times = 1 + this.#index(4);
    const dice = this.#random();
    if (dice < 0.5) github.misbehave({ status: 502 }, { times });
    else if (dice < 0.8) github.misbehave({ cut: dice < 0.65 ? 'before' : 'after' }, { times });
    else github.misbehave({ delay: 1_000 }, { times });
  }

  /** A command whose commit kills what reads it. */
  #poison(): void {
    if (this.poison.length >= MOST_POISON) return;
    const kind = POISONS[this.poison.length % POISONS.length]!;
    const shape = { depth: 12, width: 4, name: 'd'.repeat(100) };
    const pull = this.world.openPull(
      kind === 'memory'
        ? { commit: commitBomb(join(this.world.root, 'me/iris.git'), this.world.commits.head, shape) }
        : {},
    );
    const { commit } = pull.pull.head;
    const comment = pull.write(this.#random() < 0.5 ? '/build' : '/plan');
    const one: Poison = { kind, comment, pull, fetches: 0 };
    this.poison.push(one);
    this.world.git.misbehave(
      { stallAfter: 0 },
      {
        times: Infinity,
        when: ({ wants }) => {
          if (!wants.includes(commit)) return false;
          one.fetches++;
          if (kind === 'memory') return false;
          if (kind === 'time') return true;
          const at = this.#replicas.findIndex(({ child }) => isAncestor(child.pid ?? 0, commit));
          this.#go(() => this.#kill(Math.max(at, 0), true));
          return true;
        },
      },
    );
    this.#tell(commentDelivery(this.world.github.world, comment));
  }

  /** One of the test's own, whatever it does at the moment. */
  #killPlanner(): void {
    const planners = plannersOf(this.#replicas[this.#index(2)]!.child.pid ?? 0);
    const pid = planners[this.#index(planners.length)];
    if (pid === undefined || this.plannerKills >= MOST_PLANNER_KILLS) return;
    this.plannerKills++;
    process.kill(pid, 'SIGKILL');
  }

  async #kill(at: number, always = false): Promise<void> {
    if (!always && this.#kills >= MOST_KILLS) return;
    this.#kills++;
    await this.#replicas[at]!.stop('SIGKILL');
    await this.#revive(at);
  }

  /** One after the other: a replica that was killed twice is started once. */
  #revive(at: number): Promise<void> {
    this.#reviving = this.#reviving.then(async () => {
      const { child } = this.#replicas[at]!;
      if (child.exitCode === null && child.signalCode === null) return;
      this.#replicas[at] = await this.world.serve({ settings: SETTINGS });
    });
    return this.#reviving;
  }

  #go(work: () => Promise<unknown>): void {
    const going = work()
      .catch(() => undefined)
      .finally(() => this.#going.delete(going));
    this.#going.add(going);
  }
}

function endOf(world: ServerWorld, { reactions }: GitHubComment): string[] {
  return reactions
    .filter(({ account, content }) => account.id === world.github.world.bot.id && content !== 'eyes')
    .map(({ content }) => content);
}

/** What the servers logged of a command, for a failure that the next run does not repeat. */
function logOf({ servers }: ServerWorld, { id }: GitHubComment): string {
  const lines = servers.flatMap(({ log }, server) =>
    log.map((line) => `server ${server}: ${JSON.stringify(line)}`),
  );
  return lines.filter((line) => line.includes(String(id))).join('\n');
}

describe('two replicas in a world where everything goes wrong', function () {
  // The end takes less: each wait of it is bounded by itself.
  this.timeout((SECONDS + 300) * 1000 + LAST_COMMANDS);
  let world: ServerWorld;

  before(async () => {
    world = await ServerWorld.start();
  });
  after(() => world.stop());

  it(`loses and doubles nothing (KFOPS_TEST_CHAOS_SEED=${SEED})`, async () => {
    const chaos = new Chaos(world);
    await chaos.start();
    const end = Date.now() + SECONDS * 1000;
    while (Date.now() < end) await chaos.step();
    await chaos.calm();

    const all = [...chaos.commands, ...chaos.poison.map(({ comment }) => comment)];
    const open = (): GitHubComment[] => all.filter((comment) => endOf(world, comment).length === 0);
    await world.until(
      () => `each command to end, left: ${JSON.stringify(open())}`,
      () => (open().length === 0 ? true : undefined),
      LAST_COMMANDS,
    );
    const isStopped = ({ workflows, pull }: PullHandle): boolean =>
      pull.state === 'open' ||
      workflows.every(
        ({ spec, status }) =>
          spec.shutdown === 'Stop' || status?.phase === 'Succeeded' || status?.phase === 'Failed',
      );
    await world.until('what runs for closed pull requests to be stopped', () =>
      chaos.pulls.every(isStopped) ? true : undefined,
    );

    const twice = all.filter((comment) => endOf(world, comment).length !== 1);
    expect(
      twice.map(({ id, body }) => `${id} ${body}`),
      `ended more than once\n${twice.map((comment) => logOf(world, comment)).join('\n')}\n`,
    ).to.deep.equal([]);
    for (const { kind, fetches, comment, pull } of chaos.poison) {
      expect(endOf(world, comment), kind).to.deep.equal(['-1']);
      // Three starts, each by both replicas at most; a kill may have come before the first.
      expect(fetches, kind).to.be.at.most(6);
      expect(pull.workflows, kind).to.deep.equal([]);
      // Another limit, or a kill, may have been faster than its own, or GitHub failed when it was asked for the author's
      // permission; and where both replicas wrote at once, the one that lost writes again.
      const said = (): string => visibleText(pull.botComments[0]?.body ?? '');
      await world.until(
        () => `what ended the command (${kind}), and not:\n${said()}`,
        () =>
          /was stopped|stopped three times|ended unexpectedly|GitHub did not say/.test(said())
            ? true
            : undefined,
      );
    }
    // Nobody else's planner was stopped: each stop is one of the kills, or an attempt at what is poison.
    const stops = world.servers.flatMap(({ log }) =>
      log.filter(({ msg, reason }) => msg === 'planner process stopped' && reason !== 'time'),
    );
    expect(stops.length).to.be.at.most(chaos.plannerKills + 6 * chaos.poison.length);

    const { workflows } = world.argo;
    const attempts = workflows.map(
      ({ metadata }) => `${metadata.labels?.[LABELS.request]} ${metadata.annotations?.[ANNOTATIONS.attempt]}`,
    );
    expect(new Set(attempts).size, 'workflows for one attempt').to.equal(workflows.length);
    const asked = workflows.flatMap(
      ({ metadata }) => JSON.parse(metadata.annotations?.[ANNOTATIONS.comments] ?? '[]') as number[],
    );
    for (const comment of chaos.commands.filter(({ body }) => body.startsWith('/build'))) {
      const count = asked.filter((id) => id === comment.id).length;
      expect(count, `workflows of ${comment.id}\n${logOf(world, comment)}\n`).to.equal(
        endOf(world, comment)[0] === 'rocket' ? 1 : 0,
      );
    }
    for (const pull of [...chaos.pulls, ...chaos.poison.map((each) => each.pull)])
      expect(pull.botComments.length, `comments on ${pull.pull.number}`).to.be.at.most(1);
    expect(world.github.problems).to.deep.equal([]);
    await chaos.isWell();
    await world.until('processes that nobody has any more to end', () =>
      chaos.orphans().length === 0 ? true : undefined,
    );
    console.log(
      `      ${all.length} commands, ${workflows.length} workflows, ${world.servers.length} servers, ${chaos.poison.length} poisonous, ${chaos.plannerKills} planners killed`,
    );
  });
});
