import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';

import { expect } from 'chai';

import { compile } from '../../generator/compile.js';
import { storeContexts } from '../../generator/store-contexts.js';
import { finish, store, testSettings, uniqueName } from './support/build.js';
import { environment, NAMESPACE, need } from './support/environment.js';
import { BUSYBOX, folder, project, removeFolders } from './support/project.js';

const run = promisify(execFile);

after(removeFolders);

describe('the YAML of a workflow', () => {
  it('passes `argo lint`, and `argo submit` runs it', async function () {
    const argo = environment.argoCli;
    need(this, argo, 'argo CLI (KFOPS_TEST_ARGO_CLI)');
    const source = await project(
      { path: uniqueName('argo'), images: [{ name: 'image' }] },
      { 'image/Dockerfile': `FROM ${BUSYBOX}\nRUN echo hello\n` },
    );
    const { plan, yaml } = await compile(source, { settings: testSettings() });
    await storeContexts(source, plan.images, store(plan.objectStore.bucket));
    const file = `${await folder({})}/workflow.yaml`;
    await writeFile(file, yaml);

    const env = { ...process.env, KUBECONFIG: environment.kubeconfig, ARGO_SERVER: '' };
    const lint = await run(argo, ['lint', '--offline', file], { env });
    expect(lint.stdout).to.contain('no linting errors found');
    const submitted = await run(argo, ['submit', '--namespace', NAMESPACE, '--output', 'name', file], {
      env,
    });
    const { result } = await finish(submitted.stdout.trim());
    expect(result.phase, JSON.stringify(result)).to.equal('succeeded');
  });
});
