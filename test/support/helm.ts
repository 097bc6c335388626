import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { parseAllDocuments } from 'yaml';

import { skipWithout } from './missing.js';

const ROOT = new URL('../../', import.meta.url);

/** An object of the chart. */
export interface ChartObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly [field: string]: unknown;
}

/**
 * What Helm makes of the chart, in the namespace `kfops-system`. Skips the test or suite without Go, from whose module
 * Helm is built once, which takes two minutes.
 *
 * @param values - in addition to those that the chart needs
 */
export function renderChart(context: Mocha.Context, values: object): readonly ChartObject[] {
  const path = `${process.env.PATH ?? ''}:/usr/local/go/bin`;
  if (!path.split(':').some((folder) => existsSync(`${folder}/go`)))
    return skipWithout(context, 'Go', 'install it from https://go.dev/dl');
  const helm = execFileSync(fileURLToPath(new URL('scripts/helm.sh', ROOT)), { encoding: 'utf8' }).trim();
  const chart = fileURLToPath(new URL('deploy/chart/', ROOT));
  const args = ['template', 'kfops', chart, '-n', 'kfops-system', '--kube-version', '1.34.0', '-f', '-'];
  const text = execFileSync(helm, args, { encoding: 'utf8', input: JSON.stringify(values) });
  return parseAllDocuments(text, { version: '1.1' })
    .map((document) => document.toJS() as ChartObject | null)
    .filter((object) => object !== null);
}
