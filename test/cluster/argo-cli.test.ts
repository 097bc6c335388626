import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { expect } from 'chai';

import { kfops } from '../cli/kfops.js';
import { finish, settingsFile, uniqueName } from './support/build.js';
import { environment, NAMESPACE, need } from './support/environment.js';
import { BUSYBOX, folder, projectFiles, removeFolders } from './support/project.js';

const run = promisify(execFile);

after(removeFolders);

describe('the YAML of `kfops generate --upload`', () => {
  it('passes `argo lint`, and `argo submit` runs it', async function () {
    const argo = environment.argoCli;
    need(this, argo, 'argo CLI (KFOPS_TEST_ARGO_CLI)');
    const root = await folder({
      ...projectFiles({ path: uniqueName('argo'), images: [{ name: 'image' }] }),
      'image/Dockerfile': `FROM ${BUSYBOX}\nRUN echo hello\n`,
      'settings.yaml': settingsFile(),
    });
    const { endpoint, accessKey, secretKey } = environment.minio;
    const generated = await kfops(
      ['generate', '--upload', '--settings', 'settings.yaml', '--output', 'workflow.yaml'],
      {
        cwd: root,
        env: {
          KFOPS_MINIO_ENDPOINT: endpoint,
          KFOPS_MINIO_ACCESS_KEY: accessKey,
          KFOPS_MINIO_SECRET_KEY: secretKey,
        },
      },
    );
    expect(generated.code, generated.stderr).to.equal(0);

    const file = `${root}/workflow.yaml`;
    const env = { ...process.env, KUBECONFIG: environment.kubeconfig, ARGO_SERVER: '' };
    const lint = await run(argo, ['lint', '--offline', file], { env });
    expect(lint.stdout).to.contain('no linting errors found');
    const submit = ['submit', '--namespace', NAMESPACE, '--output', 'name', file];
    const submitted = await run(argo, submit, { env });
    const { result } = await finish(submitted.stdout.trim());
    expect(result.phase, JSON.stringify(result)).to.equal('succeeded');
  });
});
