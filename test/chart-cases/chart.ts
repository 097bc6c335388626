/** What Helm makes of the chart: a folder each with values.yaml and expected.yaml. `npm run cases:update` writes the latter. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { TEST_CACHE } from '../support/cache-folder.js';

export const CHART_CASES = fileURLToPath(new URL('./', import.meta.url));
const CHART = fileURLToPath(new URL('../../deploy/chart', import.meta.url));

/** Names of all cases. */
export function chartCases(): readonly string[] {
  const entries = readdirSync(CHART_CASES, { withFileTypes: true });
  return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
}

/** The helm that scripts/helm.sh has built, if it has. */
export function findHelm(): string | undefined {
  const folders = existsSync(TEST_CACHE) ? readdirSync(TEST_CACHE) : [];
  return folders
    .filter((name) => name.startsWith('helm-'))
    .map((name) => join(TEST_CACHE, name, 'helm'))
    .find((path) => existsSync(path));
}

/** The manifests for a case's values. */
export function renderChart(helm: string, name: string): string {
  const values = join(CHART_CASES, name, 'values.yaml');
  const fixed = ['--namespace', 'kfops-system', '--kube-version', '1.34.0'];
  return execFileSync(helm, ['template', 'kfops', CHART, ...fixed, '--values', values], { encoding: 'utf8' });
}

/** @throws when helm finds an error in the chart or in the values of a case */
export function lintChart(helm: string, name: string): void {
  const fixed = ['--namespace', 'kfops-system'];
  execFileSync(
    helm,
    ['lint', CHART, '--strict', ...fixed, '--values', join(CHART_CASES, name, 'values.yaml')],
    {
      stdio: 'pipe',
    },
  );
}
