import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import type { Load, Rate, Shot } from './load.js';

/** What a client is told to do. */
export interface Order {
  readonly port: number;
  readonly shots: readonly Shot[];
  readonly rate: Rate;
}

/** A client as a process of its own. */
export interface Client {
  sendAtRate(port: number, shots: readonly Shot[], rate: Rate): Promise<Load>;
  stop(): void;
}

/** Starts a client beside a process that stands in for the world: what keeps that one busy is not the server's delay. */
export function startClient(): Client {
  const script = fileURLToPath(new URL('client-process.ts', import.meta.url));
  const child = fork(script, { execArgv: ['--import', 'tsx/esm'], serialization: 'advanced' });
  const ended = once(child, 'exit').then(() => {
    throw new Error('the client ended');
  });
  ended.catch(() => undefined);
  return {
    sendAtRate: async (port, shots, rate) => {
      const order: Order = { port, shots, rate };
      child.send(order);
      const [load] = (await Promise.race([once(child, 'message'), ended])) as [Load];
      return load;
    },
    stop: () => void child.kill(),
  };
}
