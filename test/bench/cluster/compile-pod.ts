/** How long the pod of the compile step takes, as JSON; runs where the node of test/cluster is reached. */
import { loadavg } from 'node:os';

import { apiPath } from '../../../argo/client/client.js';
import { admin, build, logOf } from '../../cluster/support/build.js';
import { NAMESPACE } from '../../cluster/support/environment.js';
import { pipelineOf, project, removeFolders } from '../../cluster/support/project.js';
import { median, type Row } from '../row.js';

const ROUNDS = 6;

/** Says how long its process has been there, which until then has started Python and imported kfp. */
const SINCE_START = `
import os, time
with open("/proc/self/stat") as file:
    started = int(file.read().rsplit(")", 1)[1].split()[19]) / os.sysconf("SC_CLK_TCK")
print("since start:", time.clock_gettime(time.CLOCK_BOOTTIME) - started)
`;

interface Pod {
  readonly metadata: { readonly creationTimestamp: string };
  readonly status: {
    readonly containerStatuses: readonly {
      readonly name: string;
      readonly state: { readonly terminated: { readonly startedAt: string; readonly finishedAt: string } };
    }[];
  };
}

const seconds = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 1000;

const times: Record<'step' | 'container' | 'kfp', number[]> = { step: [], container: [], kfp: [] };
const before = loadavg()[0] ?? 0;
try {
  for (let i = 0; i < ROUNDS; i++) {
    const source = await project(
      { path: 'none', images: [] },
      { 'pipeline.py': SINCE_START + pipelineOf('python:3.11-slim') },
    );
    const { result } = await build(source);
    const { startedAt, finishedAt, pod = '' } = result.compile ?? {};
    if (result.phase !== 'succeeded' || !startedAt || !finishedAt) throw new Error(JSON.stringify(result));
    const path = apiPath('api', 'v1', 'namespaces', NAMESPACE, 'pods', pod);
    const { status } = await admin.call<Pod>({ what: 'reading the pod', path });
    const main = status.containerStatuses.find(({ name }) => name === 'main');
    const log = await logOf(result.compile);
    // The first one pulls the image.
    if (i === 0 || !main) continue;
    times.step.push((finishedAt.getTime() - startedAt.getTime()) / 1000);
    times.container.push(seconds(main.state.terminated.startedAt, main.state.terminated.finishedAt));
    times.kfp.push(Number(/^since start: ([\d.]+)$/m.exec(log)?.[1]));
  }
  const rows: Row[] = [
    { name: 'load of the machine before', value: before.toFixed(1) },
    row(
      'the compile step, start to end',
      times.step,
      'whole seconds; with its pod, its archive and its outputs',
    ),
    row('its container', times.container, 'whole seconds'),
    row('starting Python and importing kfp', times.kfp),
  ];
  console.log(JSON.stringify(rows));
} finally {
  await removeFolders();
}

function row(name: string, values: readonly number[], note = ''): Row {
  const all = values.map((value) => value.toFixed(1)).join(', ');
  return {
    name,
    value: `${median(values).toFixed(1)} s`,
    note: `median of ${all}; ${note}`.replace(/; $/, ''),
  };
}
