import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { expect } from 'chai';
import { parse } from 'yaml';

import { connectCluster, workflowPath } from '../../argo/client/client.js';
import type { Workflow } from '../../generator/workflow/types.js';
import { argoFile, ARGO_RELEASES } from '../support/argo-releases.js';
import { environment, need } from './support/environment.js';

const CASES = fileURLToPath(new URL('../cases', import.meta.url));

/** The workflow that each case is expected to give, as it is committed. */
async function workflows(): Promise<readonly (readonly [name: string, workflow: Workflow])[]> {
  const files = await readdir(CASES, { recursive: true });
  return Promise.all(
    files
      .filter((file) => file.endsWith('workflow.yaml'))
      .sort()
      .map(async (file) => [file, parse(await readFile(`${CASES}/${file}`, 'utf8')) as Workflow] as const),
  );
}

const run = promisify(execFile);

describe('the CRD of Argo 4', () => {
  after(async () => {
    if (environment.nodeScript) await run(environment.nodeScript, ['end', 'second-api']);
  });

  it('accepts the workflow of every case', async function () {
    const script = environment.nodeScript;
    need(this, script, 'node on which a second API server may run');
    const argo4 = ARGO_RELEASES.find(({ version }) => version.startsWith('4.'))!;
    const crd = argoFile(this, argo4, 'workflows-crd.yaml');
    const { stdout } = await run(script, ['second-api', crd]);
    const client = connectCluster({ kubeconfig: stdout.trim() });
    const all = await workflows();
    expect(all).to.have.length.above(5);

    const refused: string[] = [];
    for (const [name, workflow] of all) {
      const call = client.call({
        what: name,
        method: 'POST',
        path: workflowPath('kfops'),
        query: { dryRun: 'All', fieldValidation: 'Strict' },
        body: { ...workflow, metadata: { ...workflow.metadata, namespace: 'kfops' } },
      });
      await call.catch((error: unknown) => refused.push(String(error)));
    }
    expect(refused).to.deep.equal([]);

    const [, { spec, ...rest }] = all[0]!;
    const wrong = client.call({
      what: 'a field that Argo does not have',
      method: 'POST',
      path: workflowPath('kfops'),
      query: { dryRun: 'All', fieldValidation: 'Strict' },
      body: { ...rest, metadata: { name: 'wrong', namespace: 'kfops' }, spec: { ...spec, noSuchField: 1 } },
    });
    const error = await wrong.then(
      () => undefined,
      (e: unknown) => e,
    );
    expect(error, 'the check checks').to.include({ status: 400 });
  });
});
