import { time, type Row } from '../row.js';
import { sendAtOnce, type Load } from './load.js';
import { callsRow, handled, inWorld, memory, shotsOf } from './serving.js';

const MANY = 1000;

/** Many comments at once that ask for the same build. */
export function benchComments(): Promise<readonly Row[]> {
  return inWorld({}, async (world, server) => {
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
        value: `${pull.workflows.length} workflow, ${pull.botComments.length} comment`,
        note: `to reach: 1 and ≤ 2; ${load?.good} answered 2xx; all handled in ${(took / 1000).toFixed(0)} s`,
      },
      callsRow(world),
      { name: 'memory (RSS) after these', value: `${(await memory(server)).toFixed(0)} MiB` },
    ];
  });
}
