import { open } from 'node:fs/promises';
import { join } from 'node:path';

import { commentDelivery, type GitHubComment } from '../../fixtures/github/index.js';
import { ServerWorld, type ServerProcess } from '../../server/harness.js';
import { deliveryHeaders } from '../../support/webhook.js';
import { time, type Row } from '../row.js';
import { percentile, sendAtOnce, sendAtRate, type Load, type Shot } from './load.js';

const SECRET = "It's a Secret to Everybody";
const MANY = 1000;
const GIBIBYTES = 2;
/** Longer than any of it takes on a busy machine, in milliseconds. */
const PATIENCE = 20 * 60_000;

/** `kfops serve` as a process of its own, with everything round it on loopback; writes are not paced. */
export async function benchCommands(): Promise<readonly Row[]> {
  return [
    ...(await inWorld({}, manyComments)),
    ...(await inWorld({ server: { queue: { per_repository: 8, total: 8 } } }, manyPullRequests)),
    ...(await inWorld({}, largeContext)),
  ];
}

async function inWorld(
  settings: Readonly<Record<string, unknown>>,
  measure: (world: ServerWorld, server: ServerProcess) => Promise<Row[]>,
): Promise<Row[]> {
  const world = await ServerWorld.start();
  try {
    return await measure(world, await world.serve({ settings }));
  } finally {
    await world.stop();
  }
}

/** All ask for the same build. */
async function manyComments(world: ServerWorld, server: ServerProcess): Promise<Row[]> {
  const pull = world.openPull();
  const comments = Array.from({ length: MANY }, () => pull.write('/build'));
  let load: Load | undefined;
  const took = await time(async () => {
    load = await sendAtOnce(server.port, shotsOf(world, comments));
    await handled(comments);
  });
  return [
    {
      name: `${MANY} comments on one commit`,
      value: `${pull.workflows.length} workflows, ${pull.botComments.length} comments`,
      note: `to reach: 1 and ≤ 2; ${load?.good} answered 2xx; all handled in ${(took / 1000).toFixed(0)} s`,
    },
  ];
}

async function manyPullRequests(world: ServerWorld, server: ServerProcess): Promise<Row[]> {
  const pulls = Array.from({ length: MANY }, () => world.openPull({ commit: world.commits.head }));
  const comments = pulls.map((pull) => pull.write('/build'));
  let load: Load | undefined;
  const took = await time(async () => {
    load = await sendAtOnce(server.port, shotsOf(world, comments));
    await handled(comments);
  });
  const once = pulls.filter(({ botComments }) => botComments.length === 1).length;
  return [
    {
      name: `${MANY} pull requests`,
      value: `${world.argo.workflows.length} workflows`,
      note: `to reach: ${MANY}, and one comment each: ${once}; ${load?.good} answered 2xx; ${(took / 1000).toFixed(0)} s`,
    },
    { name: 'memory (RSS) after these', value: `${(await memory(server)).toFixed(0)} MiB` },
  ];
}

async function largeContext(world: ServerWorld, server: ServerProcess): Promise<Row[]> {
  const folder = join(world.root, 'work', 'containers/train');
  const file = await open(join(folder, 'large.bin'), 'w');
  await file.truncate(GIBIBYTES * 2 ** 30);
  await file.close();
  const pull = world.openPull({ commit: world.commit({}) });
  const comment = pull.write('/build');
  const chatter = shotsOf(
    world,
    Array.from({ length: 100 }, (_, i) => pull.write(`nothing to do ${i}`)),
  );
  const [loads, highest]: [Load[], number[]] = [[], []];
  const took = await time(async () => {
    await sendAtOnce(server.port, shotsOf(world, [comment]));
    const done = handled([comment]).then(() => true);
    let ended = false;
    while (!ended) {
      loads.push(await sendAtRate(server.port, chatter, { perSecond: 200, seconds: 2 }));
      highest.push(await memory(server));
      ended = await Promise.race([done, Promise.resolve(false)]);
    }
  });
  const all = {
    sent: 0,
    good: 0,
    seconds: 0,
    latencies: loads.flatMap(({ latencies }) => latencies).sort((a, b) => a - b),
  };
  return [
    {
      name: `p99 while a context of ${GIBIBYTES} GiB is packed`,
      value: `${percentile(all, 0.99).toFixed(0)} ms`,
      note: `to reach: < 250 ms; 200 webhooks/s over ${(took / 1000).toFixed(0)} s`,
    },
    {
      name: 'memory (RSS) meanwhile',
      value: `${Math.max(...highest).toFixed(0)} MiB`,
      note: 'to reach: ≤ 256 MiB',
    },
  ];
}

function shotsOf(world: ServerWorld, comments: readonly GitHubComment[]): Shot[] {
  return comments.map((comment) => {
    const { event, payload } = commentDelivery(world.github.world, comment);
    const body = JSON.stringify(payload);
    return { headers: deliveryHeaders(SECRET, event, body), body: Buffer.from(body) };
  });
}

/** Waits until the bot has put its last reaction to each. */
async function handled(comments: readonly GitHubComment[]): Promise<void> {
  const deadline = performance.now() + PATIENCE;
  const left = (): number =>
    comments.filter(({ reactions }) => !reactions.some(({ content }) => /rocket|-1/.test(content))).length;
  while (left() > 0) {
    if (performance.now() > deadline) throw new Error(`${left()} comments were not handled`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Mebibytes. */
async function memory({ port }: ServerProcess): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return Number(/^process_resident_memory_bytes (\S+)/m.exec(text)?.[1]) / 2 ** 20;
}
