import {
  commentPayload,
  deliveryHeaders,
  startServerProcess,
  type ServerProcess,
} from '../support/webhook.js';
import type { Row } from './row.js';
import { benchComments } from './server/comments.js';
import { benchLargeContext } from './server/large-context.js';
import {
  percentile,
  sendAsFastAsPossible,
  sendAtOnce,
  sendAtRate,
  together,
  type Load,
  type Shot,
} from './server/load.js';
import { benchPulls } from './server/pulls.js';

const SECRET = "It's a Secret to Everybody";
const PER_SECOND = 1000;
const SECONDS = 60;
const FAST_SECONDS = 5;
const AT_ONCE = 1000;

/** What is measured in turn: this server's front, which keeps deliveries and does nothing, and Probot doing as little. */
const SERVERS = { kfops: 'test/support/webhook-server.ts', Probot: 'test/bench/server/probot.ts' };

interface Figures {
  readonly rate: Load;
  readonly fast: Load;
  readonly atOnce: Load;
  /** Deliveries that were answered 2xx. */
  readonly good: number;
  /** Of these, the ones that were not kept. */
  readonly lost: number;
  readonly mebibytes: number;
}

/** The server under load: its front, and `kfops serve` with everything round it. */
export const SERVER_BENCHES = {
  'server-front': benchFront,
  'server-comments': benchComments,
  'server-pulls': benchPulls,
  'server-context': benchLargeContext,
};

/**
 * Deliveries over loopback: each server is a process of its own, the client is this one. They are measured in turn and
 * then once more in the other order, after the client and both of them are warm.
 */
async function benchFront(): Promise<readonly Row[]> {
  const shots = deliveries(200);
  const servers: Record<string, ServerProcess> = {};
  try {
    for (const [name, script] of Object.entries(SERVERS)) {
      const server = await startServerProcess(script, { WEBHOOK_SECRET: SECRET, NODE_ENV: 'production' });
      servers[name] = server;
      await sendAsFastAsPossible(server.port, shots, { connections: 16, seconds: 2 });
    }
    const first = await measureEach(Object.entries(servers), shots);
    const second = await measureEach(Object.entries(servers).reverse(), shots);
    const figures = Object.keys(SERVERS).map((name) => [name, both(first[name]!, second[name]!)] as const);
    const probot = figures.at(-1)![1];
    return figures.flatMap(([name, of]) => rows(name, of, probot));
  } finally {
    for (const server of Object.values(servers)) await server.stop();
  }
}

async function measureEach(
  servers: readonly (readonly [string, ServerProcess])[],
  shots: readonly Shot[],
): Promise<Record<string, Figures>> {
  const figures: Record<string, Figures> = {};
  for (const [name, server] of servers) figures[name] = await measure(server, shots);
  return figures;
}

async function measure(server: ServerProcess, shots: readonly Shot[]): Promise<Figures> {
  const { port } = server;
  const before = await server.metric('kfops_queue_length');
  const rate = await sendAtRate(port, shots, { perSecond: PER_SECOND, seconds: SECONDS });
  const mebibytes = (await server.metric('process_resident_memory_bytes')) / 2 ** 20;
  const fast = await sendAsFastAsPossible(port, shots, { connections: 64, seconds: FAST_SECONDS });
  const atOnce = await sendAtOnce(
    port,
    Array.from({ length: AT_ONCE }, (_, i) => shots[i % shots.length]!),
  );
  const kept = (await server.metric('kfops_queue_length')) - before;
  const { good } = together(rate, fast, atOnce);
  return { rate, fast, atOnce, good, lost: good - kept, mebibytes };
}

/** Two measurements as one; of the memory and of what came at once, the worse. */
function both(a: Figures, b: Figures): Figures {
  return {
    rate: together(a.rate, b.rate),
    fast: together(a.fast, b.fast),
    atOnce: a.atOnce.seconds > b.atOnce.seconds ? a.atOnce : b.atOnce,
    good: a.good + b.good,
    lost: a.lost + b.lost,
    mebibytes: Math.max(a.mebibytes, b.mebibytes),
  };
}

function rows(name: string, of: Figures, probot: Figures): Row[] {
  const ours = name !== 'Probot';
  const { rate, fast, atOnce, good, lost, mebibytes } = of;
  const perSecond = ({ good, seconds }: Load): number => good / seconds;
  const row = (what: string, value: string, note: string): Row => ({
    name: `${name}: ${what}`,
    value,
    ...(ours && { note }),
  });
  return [
    row(
      `${PER_SECOND} webhooks/s for ${SECONDS} s`,
      `${perSecond(rate).toFixed(0)}/s`,
      `to reach: ≥ 1000/s; p50 ${percentile(rate, 0.5).toFixed(1)} ms`,
    ),
    row('p99 of these', `${percentile(rate, 0.99).toFixed(0)} ms`, 'to reach: < 250 ms'),
    row('memory (RSS) after these', `${mebibytes.toFixed(0)} MiB`, 'to reach: < 200 MiB'),
    row(
      'as fast as possible, 64 connections',
      `${perSecond(fast).toFixed(0)}/s`,
      `${(perSecond(fast) / perSecond(probot.fast)).toFixed(1)} × Probot in the same run`,
    ),
    row(
      `${AT_ONCE} at once`,
      `${atOnce.seconds.toFixed(2)} s`,
      `to reach: all 2xx in < 3 s; ${atOnce.good} of ${atOnce.sent} were`,
    ),
    row('answered 2xx and lost', String(lost), `to reach: 0 of ${good}`),
  ];
}

/** Comments with a command, which nothing drops early, each signed. */
function deliveries(count: number): Shot[] {
  return Array.from({ length: count }, (_, i) => {
    const payload = commentPayload(`/build\n\nnumber ${i}`);
    payload.comment.id = i + 1;
    const body = JSON.stringify(payload);
    return { headers: deliveryHeaders(SECRET, 'issue_comment', body), body: Buffer.from(body) };
  });
}
