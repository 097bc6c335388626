import { open } from 'node:fs/promises';
import { join } from 'node:path';

import type { ServerProcess, ServerWorld } from '../../server/harness.js';
import { time, type Row } from '../row.js';
import { startClient } from './client.js';
import { percentile, sendAtOnce, together, type Load } from './load.js';
import { handled, inWorld, memory, shotsOf } from './serving.js';

const GIBIBYTES = 2;

/** How the server answers while it packs a large context. */
export function benchLargeContext(): Promise<readonly Row[]> {
  return inWorld({}, largeContext);
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
  const client = startClient();
  const send = (): Promise<Load> => client.sendAtRate(server.port, chatter, { perSecond: 200, seconds: 2 });
  const [loads, highest]: [Load[], number[]] = [[], []];
  const build = async (): Promise<void> => {
    await sendAtOnce(server.port, shotsOf(world, [comment]));
    const done = handled([comment]).then(() => true);
    let ended = false;
    while (!ended) {
      loads.push(await send());
      highest.push(await memory(server));
      ended = await Promise.race([done, Promise.resolve(false)]);
    }
  };
  await send();
  const took = await time(build).finally(() => {
    client.stop();
  });
  const all = together(...loads);
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
