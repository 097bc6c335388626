/**
 * `npm run test:cluster [-- mocha's arguments]`: runs the tests that need a cluster.
 *
 * With KFOPS_TEST_KUBECONFIG on the cluster that it names; else on a node of its own (node.sh), which is started when it
 * is not up, and in that case ended afterwards. Where neither is possible it says so, which in CI is a failure.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('node.sh', import.meta.url));
const MOCHA = fileURLToPath(new URL('../../node_modules/mocha/bin/mocha.js', import.meta.url));
const CONFIG = fileURLToPath(new URL('.mocharc.json', import.meta.url));

function main(): number {
  const mocha = [MOCHA, '--config', CONFIG, ...process.argv.slice(2)];
  if (process.env.KFOPS_TEST_KUBECONFIG) return command(process.execPath, mocha);
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    console.error(
      'The cluster tests are skipped: they need root on Linux for a node of their own, or a cluster in KFOPS_TEST_KUBECONFIG (docs/testing.md).',
    );
    return process.env.CI ? 1 : 0;
  }
  const wasUp = !node('status').startsWith('the node is down');
  try {
    const up = command(SCRIPT, ['up']);
    if (up !== 0) return up;
    for (const line of node('env').trim().split('\n')) {
      const at = line.indexOf('=');
      process.env[line.slice(0, at)] = line.slice(at + 1);
    }
    return command(SCRIPT, ['exec', process.execPath, ...mocha]);
  } finally {
    if (!wasUp) command(SCRIPT, ['down']);
  }
}

function node(verb: string): string {
  return execFileSync(SCRIPT, [verb], { encoding: 'utf8' });
}

function command(file: string, args: readonly string[]): number {
  const { status, error } = spawnSync(file, args, { stdio: 'inherit' });
  if (error) throw error;
  return status ?? 1;
}

process.exitCode = main();
