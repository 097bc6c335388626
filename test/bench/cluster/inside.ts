/** The figures of `npm run bench -- cluster`, as JSON; runs where the node of test/cluster is reached. */
import { loadavg } from 'node:os';

import { kfops } from '../../cli/kfops.js';
import { settingsFile, uniqueName } from '../../cluster/support/build.js';
import { environment } from '../../cluster/support/environment.js';
import { EXAMPLE, exampleOverride } from '../../cluster/support/example.js';
import { BUSYBOX, folder, projectFiles, removeFolders } from '../../cluster/support/project.js';
import { median, time, type Row } from '../row.js';
import { plainBuilds } from './plain-builds.js';
import { podPhase } from './pods.js';

const STARTS = 5;
const ROUNDS = 3;

/** `kfops build` as a process that reaches MinIO without a forwarded port. */
async function build(cwd: string, args: readonly string[]): Promise<void> {
  const { endpoint, accessKey, secretKey } = environment.minio;
  const result = await kfops(['build', ...args], {
    cwd,
    env: {
      KUBECONFIG: environment.kubeconfig,
      KFOPS_MINIO_ENDPOINT: endpoint,
      KFOPS_MINIO_ACCESS_KEY: accessKey,
      KFOPS_MINIO_SECRET_KEY: secretKey,
    },
  });
  if (result.code !== 0) throw new Error(result.stderr + result.stdout);
}

/** From the start of the command to its end, and to the container of the first build. */
async function starts(): Promise<Row[]> {
  const times: Record<'command' | 'pod', number[]> = { command: [], pod: [] };
  for (let i = 0; i < STARTS; i++) {
    const root = await folder({
      ...projectFiles({ path: uniqueName('start'), images: [{ name: 'image' }] }),
      'image/Dockerfile': `FROM ${BUSYBOX}\nRUN echo ${uniqueName('x')}\n`,
      'settings.yaml': settingsFile(),
    });
    const name = uniqueName('bench');
    const running = await podPhase({ labelSelector: `workflows.argoproj.io/workflow=${name}` }, ['Running']);
    const [command, pod] = await Promise.all([
      time(() => build(root, ['--settings', 'settings.yaml', '--name', name])),
      time(running),
    ]);
    times.command.push(command);
    times.pod.push(pod);
  }
  return [
    row('kfops build, without --wait', times.command),
    row('command to first pod running', times.pod, 'one small image'),
  ];
}

/** Three ways to build the example, each a function of what its configuration is overridden with. */
const WAYS: Readonly<Record<string, (override: string) => Promise<unknown>>> = {
  'kfops build --wait': (override) => buildExample(override, []),
  'the same, its builds one after the other': (override) =>
    buildExample(override, ['--set', 'image_builder.parallelism=1']),
  'plain pods without Argo, one after the other, without compiling': plainBuilds,
};

async function buildExample(override: string, args: readonly string[]): Promise<void> {
  const root = await folder({ 'override.yaml': override, 'settings.yaml': settingsFile() });
  const files = ['--settings', 'settings.yaml', '--config-override', 'override.yaml'];
  await build(root, ['--wait', '--tag', 'bench', ...files, ...args, EXAMPLE]);
}

/** The example in each of the ways, in turn, each below a path of the registry that no build has seen. */
async function example(): Promise<Row[]> {
  const ways = Object.entries(WAYS).map(([name, work]) => ({
    name,
    work,
    first: [] as number[],
    again: [] as number[],
  }));
  for (let i = 0; i < ROUNDS; i++) {
    // Each of them is first in one round.
    const round = [...ways.slice(i % ways.length), ...ways.slice(0, i % ways.length)];
    const overrides = await Promise.all(round.map(() => exampleOverride(uniqueName('bench'))));
    for (const turn of ['first', 'again'] as const) {
      for (const [at, way] of round.entries()) {
        way[turn].push(await time(() => way.work(overrides[at] ?? '')));
      }
    }
  }
  return [
    ...ways.map(({ name, first }) => row(`sklearn-iris: ${name}`, first, 'empty layer cache')),
    ...ways.map(({ name, again }) => row(`again, unchanged: ${name}`, again)),
  ];
}

function row(name: string, times: readonly number[], note?: string): Row {
  const all = times.map((ms) => (ms / 1000).toFixed(1)).join(', ');
  return {
    name,
    value: `${(median(times) / 1000).toFixed(1)} s`,
    note: `median of ${all}${note === undefined ? '' : `; ${note}`}`,
  };
}

const before = loadavg()[0] ?? 0;
try {
  const rows = [...(await starts()), ...(await example())];
  rows.unshift({
    name: 'load of the machine before',
    value: before.toFixed(1),
    note: 'processes that want a processor, over a minute',
  });
  console.log(JSON.stringify(rows));
} finally {
  await removeFolders();
}
