import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { parseAllDocuments } from 'yaml';

import { skipWithout } from './missing.js';

const CHART = fileURLToPath(new URL('../../deploy/chart', import.meta.url));

/** An object that the chart renders. */
export interface Rendered {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly [field: string]: unknown;
}

/** The path of Helm, which takes minutes to build the first time. Skips the test without Go. */
export function helmBinary(context: Mocha.Context): string {
  const script = fileURLToPath(new URL('../../scripts/helm.sh', import.meta.url));
  const { status, stdout, stderr } = spawnSync(script, { encoding: 'utf8' });
  if (status === 0) return stdout.trim();
  if (!stderr.includes('Go is missing')) throw new Error(`helm.sh failed: ${stderr}`);
  return skipWithout(context, 'Go', 'install Go 1.24 or newer');
}

/**
 * What the chart renders with these values.
 *
 * @param where - the namespace of the release, and the folder of the chart
 * @throws Error with what Helm said
 */
export function renderChart(
  helm: string,
  values: unknown,
  {
    namespace = 'kfops-system',
    chart = CHART,
  }: { readonly namespace?: string; readonly chart?: string } = {},
): readonly Rendered[] {
  const { status, stdout, stderr } = spawnSync(
    helm,
    [
      ...['template', 'kfops', chart, '--namespace', namespace, '--kube-version', '1.34.0'],
      ...['--values', '-'],
    ],
    { encoding: 'utf8', input: JSON.stringify(values) },
  );
  if (status !== 0) throw new Error(stderr);
  return parseAllDocuments(stdout, { version: '1.1' }).flatMap((document) => {
    const object = document.toJS() as Rendered | null;
    return object ? [object] : [];
  });
}
