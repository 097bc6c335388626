import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

import { ANNOTATIONS, LABELS } from '../../generator/workflow/names.js';
import { commentDelivery, type GitHubComment, pullDelivery } from '../fixtures/github/index.js';
import { type PullHandle, type ServerProcess, ServerWorld } from './harness.js';

const SECONDS = Number(process.env.KFOPS_TEST_CHAOS_SECONDS ?? 120);
const SEED = Number(process.env.KFOPS_TEST_CHAOS_SEED ?? Math.floor(Math.random() * 2 ** 31));
/** Bounds of a run, however long it is. */
const [MOST_PULLS, MOST_COMMANDS, MOST_KILLS] = [25, 250, 12];
const SETTINGS = { server: { look_seconds: 5, queue: { per_repository: 6, total: 6 } } };
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

/** Two replicas, and everything that goes wrong around them, in an order that the seed decides. */
class Chaos {
  readonly #random = randomOf(SEED);
  readonly pulls: PullHandle[] = [];
  readonly commands: GitHubComment[] = [];
  readonly poison: { readonly comment: GitHubComment; readonly pull: PullHandle; kills: number }[] = [];
  readonly #replicas: ServerProcess[] = [];
  readonly #going = new Set<Promise<unknown>>();
  #kills = 0;

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
    await wait(50 + this.#random() * 250);
  }

  /** From here all is well again. */
  async calm(): Promise<void> {
    this.world.github.recover();
    await Promise.all(this.#going);
    for (let i = 0; i < 2; i++) await this.#revive(i);
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
    this.#tell(pullDelivery(this.world.github.world, pull.pull, 'synchronize', before));
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

  /** A command whose commit kills the replica that fetches it. */
  #poison(): void {
    if (this.poison.length >= 2) return;
    const pull = this.world.openPull();
    const { commit } = pull.pull.head;
    const comment = pull.write(this.#random() < 0.5 ? '/build' : '/plan');
    const one = { comment, pull, kills: 0 };
    this.poison.push(one);
    this.world.git.misbehave(
      { stallAfter: 0 },
      {
        times: Infinity,
        when: ({ wants }) => {
          if (!wants.includes(commit)) return false;
          one.kills++;
          const at = this.#replicas.findIndex(({ child }) => isAncestor(child.pid ?? 0, commit));
          this.#go(() => this.#kill(Math.max(at, 0), true));
          return true;
        },
      },
    );
    this.#tell(commentDelivery(this.world.github.world, comment));
  }

  async #kill(at: number, always = false): Promise<void> {
    if (!always && this.#kills >= MOST_KILLS) return;
    this.#kills++;
    await this.#replicas[at]!.stop('SIGKILL');
    await this.#revive(at);
  }

  async #revive(at: number): Promise<void> {
    const { child } = this.#replicas[at]!;
    if (child.exitCode === null && child.signalCode === null) return;
    this.#replicas[at] = await this.world.serve({ settings: SETTINGS });
  }

  #go(work: () => Promise<unknown>): void {
    const going = work()
      .catch(() => undefined)
      .finally(() => this.#going.delete(going));
    this.#going.add(going);
  }
}

/** Whether a process has a descendant whose command line names a text. */
function isAncestor(pid: number, text: string): boolean {
  const parents = new Map<number, number>();
  const naming: number[] = [];
  for (const name of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
      if (readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(text)) naming.push(Number(name));
    } catch {
      // It ended meanwhile.
    }
  }
  return naming.some((each) => {
    for (let at: number | undefined = each; at !== undefined && at > 1; at = parents.get(at))
      if (at === pid) return true;
    return false;
  });
}

function endOf(world: ServerWorld, { reactions }: GitHubComment): string[] {
  return reactions
    .filter(({ account, content }) => account.id === world.github.world.bot.id && content !== 'eyes')
    .map(({ content }) => content);
}

describe('two replicas in a world where everything goes wrong', function () {
  this.timeout((SECONDS + 300) * 1000);
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
    await world.until('each command to end', () =>
      all.every((comment) => endOf(world, comment).length > 0) ? true : undefined,
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
      'ended more than once',
    ).to.deep.equal([]);
    for (const { kills, comment } of chaos.poison) {
      expect(endOf(world, comment)).to.deep.equal(['-1']);
      expect(kills).to.be.within(1, 3);
    }

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
      expect(count, `workflows of ${comment.id}`).to.equal(endOf(world, comment)[0] === 'rocket' ? 1 : 0);
    }
    for (const pull of [...chaos.pulls, ...chaos.poison.map((each) => each.pull)])
      expect(pull.botComments.length, `comments on ${pull.pull.number}`).to.be.at.most(1);
    expect(world.github.problems).to.deep.equal([]);
    console.log(
      `      ${all.length} commands, ${workflows.length} workflows, ${world.servers.length} servers, ${chaos.poison.length} poisonous`,
    );
  });
});
