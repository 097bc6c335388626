/**
 * Writes the plain manifests in deploy/ from the chart, for `kubectl apply -k deploy`; with --check it says whether they
 * are up to date. Each template gives the file of the same path. deploy/server/2-settings.yaml is written by hand: its
 * comments tell what to fill in.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { format, resolveConfig } from 'prettier';

const DEPLOY = new URL('../deploy/', import.meta.url);
const BY_HAND = 'server/2-settings.yaml';
const BANNER = '# Written from deploy/chart by `npm run manifests`.\n';

/** What Helm makes of the chart: for each template its documents. */
function render(): Map<string, string[]> {
  const helm = execFileSync(fileURLToPath(new URL('helm.sh', import.meta.url)), { encoding: 'utf8' }).trim();
  const chart = fileURLToPath(new URL('chart/', DEPLOY));
  const text = execFileSync(
    helm,
    [
      ...['template', 'kfops', chart, '--namespace', 'kfops-system', '--kube-version', '1.34.0'],
      ...['--values', `${chart}plain.yaml`],
    ],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const files = new Map<string, string[]>();
  for (const document of text.split(/^---\n/m).filter(Boolean)) {
    const [, path = ''] = /^# Source: kfops\/templates\/(.+)$/m.exec(document) ?? [];
    files.set(path, [...(files.get(path) ?? []), document.replace(/^# Source: .*\n/m, '').trim()]);
  }
  return files;
}

const check = process.argv.includes('--check');
for (const [path, documents] of render()) {
  if (path === BY_HAND) continue;
  const file = fileURLToPath(new URL(path, DEPLOY));
  const options = await resolveConfig(file);
  const wanted = await format(`${BANNER}${documents.join('\n---\n')}\n`, { ...options, filepath: file });
  if (!check) {
    writeFileSync(file, wanted);
    continue;
  }
  let found = '';
  try {
    found = readFileSync(file, 'utf8');
  } catch {
    // Reported as any other difference.
  }
  if (found === wanted) continue;
  console.error(`deploy/${path} does not match the chart. Run: npm run manifests`);
  process.exitCode = 1;
}
