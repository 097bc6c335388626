import type { PullHandle, ServerProcess, ServerWorld } from '../../server/harness.js';
import { time, type Row } from '../row.js';
import { sendAtOnce, type Load } from './load.js';
import { callsRow, handled, inWorld, memory, shotsOf, untilNone } from './serving.js';

const MANY = 1000;
/** Pull requests of one commit: what is measured is not how commits are fetched. */
const OF_A_COMMIT = 100;
/** So many end while the others begin to run. */
const ENDING = 50;
/** Milliseconds after which those end: steps that begin are told two seconds later. */
const BEGUN = 3000;

/** A comment on each of many pull requests, all at once, and what is told of their workflows. */
export function benchPulls(): Promise<readonly Row[]> {
  return inWorld({ server: { queue: { per_repository: 8, total: 8 } } }, async (world, server) => {
    const commits = Array.from({ length: MANY / OF_A_COMMIT }, (_, i) =>
      world.commit({ 'pipeline/change.py': `CHANGED = ${i}\n` }),
    );
    const pulls = commits.flatMap((commit) =>
      Array.from({ length: OF_A_COMMIT }, () => world.openPull({ commit })),
    );
    return [
      ...(await submitted(world, server, pulls)),
      ...(await told(world, pulls)),
      callsRow(world),
      { name: 'memory (RSS) after these', value: `${(await memory(server)).toFixed(0)} MiB` },
    ];
  });
}

async function submitted(
  world: ServerWorld,
  server: ServerProcess,
  pulls: readonly PullHandle[],
): Promise<Row[]> {
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
      note: `to reach: ${MANY}, and one comment each: ${once}; ${load?.good} answered 2xx; all in ${(took / 1000).toFixed(0)} s`,
    },
  ];
}

async function told(world: ServerWorld, pulls: readonly PullHandle[]): Promise<Row[]> {
  const { argo } = world;
  const saying = (text: string): PullHandle[] =>
    pulls.filter(({ botComments }) => botComments.some(({ body }) => body.includes(text)));
  const [running, ending] = [argo.workflows.slice(ENDING), argo.workflows.slice(0, ENDING)];
  for (const workflow of running) argo.set(workflow, 'Running', { 'build-iris-train': 'Running' });
  await new Promise((resolve) => setTimeout(resolve, BEGUN));
  const before = saying('Building').length;
  for (const workflow of ending) argo.succeed(workflow);
  await untilNone('ends were not told', () => ENDING - saying('✅ Built').length);
  const meanwhile = saying('Building').length - before;
  for (const workflow of running) argo.succeed(workflow);
  const took = await time(() => untilNone('ends were not told', () => MANY - saying('✅ Built').length));
  const once = pulls.filter(({ botComments }) => botComments.length === 1).length;
  return [
    {
      name: `told of others before ${ENDING} ends`,
      value: String(meanwhile),
      note: `to reach: ends first; ${MANY - ENDING - before} others were to be told that they run`,
    },
    {
      name: `the ends of the other ${MANY - ENDING}`,
      value: `${(took / 1000).toFixed(0)} s`,
      note: `to reach: one comment each, after all: ${once}`,
    },
  ];
}
