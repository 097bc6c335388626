/**
 * The time limit of unit tests: a unit test that takes longer than 10 s waits for something that does not come, or does
 * too much. Tests that set a limit of their own keep it. The other tests have the limit of `.mocharc.json`.
 */
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const LIMIT_MS = 10_000;
/** On a machine with two busy cores, starting git, Go, Python or Node takes seconds instead of milliseconds. */
const WITH_PROCESSES_MS = 60_000;

/** Unit tests that start processes, as folders or files below `test/unit/`. */
const WITH_PROCESSES = [
  'cli/file.test.ts',
  'cli/git-remote.test.ts',
  'generator/contexts/dockerignore-moby.test.ts',
  'generator/docker-build.test.ts',
  'generator/pipeline-code/',
  'generator/workflow/',
  'pipeline/',
  'schema/',
  'server/http/',
  'server/planning/',
  'sources/',
  'stores/',
];

const UNIT = fileURLToPath(new URL('../unit/', import.meta.url));

/** The limit of the tests in a file; undefined where it is no unit test. */
export function timeLimit(file: string): number | undefined {
  const path = relative(UNIT, file);
  if (path.startsWith('..')) return undefined;
  return WITH_PROCESSES.some((each) => path.startsWith(each)) ? WITH_PROCESSES_MS : LIMIT_MS;
}

/** Mocha's lists of a suite's hooks, which its types hide. */
type HookLists = Readonly<Record<`_${'before' | 'after'}${'All' | 'Each'}`, readonly Mocha.Hook[]>>;

function setLimits(suite: Mocha.Suite, general: number): void {
  const lists = suite as unknown as HookLists;
  const hooks = [lists._beforeAll, lists._beforeEach, lists._afterEach, lists._afterAll].flat();
  for (const runnable of [...hooks, ...suite.tests]) {
    const limit = runnable.file === undefined ? undefined : timeLimit(runnable.file);
    if (limit !== undefined && runnable.timeout() === general) runnable.timeout(limit);
  }
  for (const each of suite.suites) setLimits(each, general);
}

export const mochaHooks = {
  beforeAll(this: Mocha.Context): void {
    const root = this.test?.parent;
    if (root) setLimits(root, root.timeout());
  },
};
