import { commentDelivery, type CallKind, type GitHubComment } from '../../fixtures/github/index.js';
import { ServerWorld, type ServerProcess } from '../../server/harness.js';
import { deliveryHeaders } from '../../support/webhook.js';
import type { Row } from '../row.js';
import type { Shot } from './load.js';

const SECRET = "It's a Secret to Everybody";
/** Longer than any of it takes on a busy machine, in milliseconds. */
const PATIENCE = 20 * 60_000;
/** Writes that GitHub takes in a minute and in an hour, and requests in an hour. */
const [PER_MINUTE, PER_HOUR, QUOTA] = [80, 500, 5000];

/** `kfops serve` as a process of its own, with everything round it on loopback; GitHub has no limits there. */
export async function inWorld(
  settings: Readonly<Record<string, unknown>>,
  measure: (world: ServerWorld, server: ServerProcess) => Promise<Row[]>,
): Promise<Row[]> {
  const world = await ServerWorld.start();
  world.github.quota = { ...world.github.quota, limit: 1_000_000 };
  try {
    return await measure(world, await world.serve({ settings }));
  } finally {
    await world.stop();
  }
}

/** GitHub's delivery of each comment. */
export function shotsOf(world: ServerWorld, comments: readonly GitHubComment[]): Shot[] {
  return comments.map((comment) => {
    const { event, payload } = commentDelivery(world.github.world, comment);
    const body = JSON.stringify(payload);
    return { headers: deliveryHeaders(SECRET, event, body), body: Buffer.from(body) };
  });
}

/** Waits until the bot has put its last reaction to each. */
export async function handled(comments: readonly GitHubComment[]): Promise<void> {
  await untilNone(
    'comments were not handled',
    () =>
      comments.filter(({ reactions }) => !reactions.some(({ content }) => /rocket|-1/.test(content))).length,
  );
}

/** Waits until nothing is left. */
export async function untilNone(what: string, left: () => number): Promise<void> {
  const deadline = performance.now() + PATIENCE;
  for (;;) {
    const count = left();
    if (count === 0) return;
    if (performance.now() > deadline) throw new Error(`${count} ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** What GitHub was asked, and how long it would take at GitHub's own pace. */
export function callsRow({ github }: ServerWorld): Row {
  const count = (kind: CallKind): number => github.done(kind).length;
  const [reads, writes] = [count('read'), count('write')];
  // A full hour's share at once, then as many as each hour gives.
  const hours = Math.max(writes / PER_MINUTE / 60, writes / PER_HOUR - 1, (reads + writes) / QUOTA - 1);
  return {
    name: 'writes to GitHub for these',
    value: String(writes),
    note: `not paced here; at ${PER_MINUTE} a minute and ${PER_HOUR} an hour they take ${hours.toFixed(1)} h; ${reads} reads`,
  };
}

/** Mebibytes. */
export async function memory({ port }: ServerProcess): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return Number(/^process_resident_memory_bytes (\S+)/m.exec(text)?.[1]) / 2 ** 20;
}
