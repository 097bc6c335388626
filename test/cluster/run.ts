/**
 * `npm run test:cluster [-- FILE… mocha's arguments]`: runs the tests that need a cluster, or these files of them. Those
 * in `alone/` change what all others use (processes of the node, Argo's configuration, Services, NetworkPolicies): they
 * run one after the other, before the others, which run two files at once.
 *
 * With KFOPS_TEST_KUBECONFIG on the cluster that it names; else on a node of its own (node.sh), which is started when it
 * is not up, and in that case ended afterwards. Where neither is possible it says so, which is a failure if
 * KFOPS_TEST_ALL is set.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('node.sh', import.meta.url));
const MOCHA = fileURLToPath(new URL('../../node_modules/mocha/bin/mocha.js', import.meta.url));
const ALONE = fileURLToPath(new URL('alone/*.test.ts', import.meta.url));
const TOGETHER = fileURLToPath(new URL('*.test.ts', import.meta.url));
const CONFIG = fileURLToPath(new URL('.mocharc.json', import.meta.url));

let running: ChildProcess | undefined;
let interrupted = false;

async function main(): Promise<number> {
  const args = process.argv.slice(2);
  const suites = args.some((arg) => arg.endsWith('.test.ts'))
    ? [args]
    : [
        [ALONE, ...args],
        [TOGETHER, '--parallel', '--jobs', '2', ...args],
      ];
  if (process.env.KFOPS_TEST_KUBECONFIG) return await mocha(suites);
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    console.error(
      'The cluster tests are skipped: they need root on Linux for a node of their own, or a cluster in KFOPS_TEST_KUBECONFIG (docs/testing.md).',
    );
    return process.env.KFOPS_TEST_ALL ? 1 : 0;
  }
  const wasUp = (await command(SCRIPT, ['is-up'])) === 0;
  try {
    const up = await command(SCRIPT, ['up']);
    if (up !== 0 || interrupted) return up || 130;
    const variables = execFileSync(SCRIPT, ['env'], { encoding: 'utf8' });
    for (const line of variables.trim().split('\n')) {
      const at = line.indexOf('=');
      process.env[line.slice(0, at)] = line.slice(at + 1);
    }
    return await mocha(suites, SCRIPT, 'exec');
  } finally {
    if (!wasUp) await endNode();
  }
}

/** @returns the first exit code that is not 0 */
async function mocha(suites: readonly string[][], ...within: readonly string[]): Promise<number> {
  let worst = 0;
  for (const suite of suites) {
    if (interrupted) return worst || 130;
    const [file = '', ...args] = [...within, process.execPath, MOCHA, '--config', CONFIG, ...suite];
    const code = await command(file, args);
    worst ||= code;
  }
  return worst;
}

/** Runs a command to its end; a signal ends it. */
async function command(file: string, args: readonly string[]): Promise<number> {
  running = spawn(file, args, { stdio: 'inherit' });
  const [status] = (await once(running, 'exit')) as [number | null];
  running = undefined;
  return status ?? 1;
}

/** In a process group of its own, out of reach of a Ctrl-C that is pressed again. */
async function endNode(): Promise<void> {
  await once(spawn(SCRIPT, ['down'], { stdio: 'inherit', detached: true }), 'exit');
}

// A signal ends what runs; what was started for it is then ended as ever.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    interrupted = true;
    running?.kill(signal);
  });
}
process.exitCode = await main();
