import { Agent, request } from 'node:http';

/** A delivery, ready to be sent. */
export interface Shot {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What came of many deliveries. */
export interface Load {
  readonly sent: number;
  /** Answered 2xx. */
  readonly good: number;
  readonly seconds: number;
  /** Milliseconds until the answer, sorted. */
  readonly latencies: readonly number[];
}

/** How deliveries are sent. */
export interface Rate {
  readonly perSecond: number;
  readonly seconds: number;
}

/** The latency that `share` of the deliveries did not exceed. */
export function percentile({ latencies }: Load, share: number): number {
  return latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? Number.NaN;
}

/** What a server that does not keep up leaves waiting in the client, at most. */
const FLYING = 2000;

/**
 * Sends `perSecond` deliveries for `seconds`. The latency counts from when a delivery was due, whether the server keeps
 * up or not. Ends after twice the time, with fewer deliveries then.
 */
export async function sendAtRate(
  port: number,
  shots: readonly Shot[],
  { perSecond, seconds }: Rate,
): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: 128 });
  const results: Promise<Result>[] = [];
  let flying = 0;
  const start = performance.now();
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const elapsed = (performance.now() - start) / 1000;
      const due = Math.min(seconds, elapsed) * perSecond;
      while (results.length < due && flying < FLYING) {
        const planned = start + (results.length / perSecond) * 1000;
        flying++;
        const result = send(port, agent, shots[results.length % shots.length]!, planned);
        results.push(result.finally(() => flying--));
      }
      if (results.length < perSecond * seconds && elapsed < seconds * 2) return;
      clearInterval(timer);
      resolve();
    }, 5);
  });
  return summary(await Promise.all(results), start, agent);
}

/** Sends deliveries one after the other on each of `connections`, as fast as they are answered. */
export async function sendAsFastAsPossible(
  port: number,
  shots: readonly Shot[],
  { connections, seconds }: { readonly connections: number; readonly seconds: number },
): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const results: Result[] = [];
  const start = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async (_, first) => {
      for (let i = first; performance.now() - start < seconds * 1000; i += connections) {
        results.push(await send(port, agent, shots[i % shots.length]!, performance.now()));
      }
    }),
  );
  return summary(results, start, agent);
}

/** Sends all deliveries at once, each on a connection of its own. */
export async function sendAtOnce(port: number, shots: readonly Shot[]): Promise<Load> {
  const agent = new Agent({ keepAlive: false });
  const start = performance.now();
  const results = await Promise.all(shots.map((shot) => send(port, agent, shot, start)));
  return summary(results, start, agent);
}

/** Several loads as one. */
export function together(...loads: readonly Load[]): Load {
  const sum = (of: (load: Load) => number): number => loads.reduce((total, load) => total + of(load), 0);
  return {
    sent: sum(({ sent }) => sent),
    good: sum(({ good }) => good),
    seconds: sum(({ seconds }) => seconds),
    latencies: loads.flatMap(({ latencies }) => latencies).sort((a, b) => a - b),
  };
}

interface Result {
  readonly good: boolean;
  readonly ms: number;
}

function summary(results: readonly Result[], start: number, agent: Agent): Load {
  agent.destroy();
  return {
    sent: results.length,
    good: results.filter(({ good }) => good).length,
    seconds: (performance.now() - start) / 1000,
    latencies: results.map(({ ms }) => ms).sort((a, b) => a - b),
  };
}

function send(port: number, agent: Agent, { headers, body }: Shot, since: number): Promise<Result> {
  return new Promise((resolve) => {
    const done = (good: boolean): void => {
      resolve({ good, ms: performance.now() - since });
    };
    const outgoing = request(
      {
        port,
        agent,
        host: '127.0.0.1',
        path: '/webhook',
        method: 'POST',
        headers: { ...headers, 'content-length': body.length },
        timeout: 30_000,
      },
      (response) => {
        response.resume().once('end', () => {
          done(response.statusCode !== undefined && response.statusCode >= 200 && response.statusCode < 300);
        });
      },
    );
    outgoing
      .once('timeout', () => {
        outgoing.destroy();
      })
      .once('error', () => {
        done(false);
      })
      .end(body);
  });
}
