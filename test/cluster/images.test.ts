import { expect } from 'chai';
import { stringify } from 'yaml';

import { VERSION } from '../../schema/generated/version.js';
import { finish, imagesGiven, logOf, settingsFile, testSettings, uniqueName } from './support/build.js';
import { loadPinned } from './support/compiled.js';
import { kubectl } from './support/commands.js';
import { documented, runAsAdmin } from './support/documented.js';
import { environment, NAMESPACE, need } from './support/environment.js';
import { folder, projectFiles, removeFolders } from './support/project.js';
import { configOf } from './support/registry.js';

after(removeFolders);

describe('kfops images', () => {
  it('builds and pushes both images, and a workflow with them compiles and pins a pipeline', async function () {
    const { pythonBase, nodeBase } = environment;
    need(this, pythonBase, 'base with Python’s packages (KFOPS_TEST_PYTHON_BASE)');
    need(this, nodeBase, 'base with Node’s packages (KFOPS_TEST_NODE_BASE)');
    this.timeout(1_200_000);
    const registry = `${environment.registry}/${uniqueName('own')}`;
    const cwd = await folder({
      ...projectFiles({ path: 'none', images: [] }),
      'images-password': 'a password',
      'node.yaml': settingsFile(),
      'settings.yaml': stringify({
        kaniko: { image: testSettings().kaniko.image },
        images: { registry },
        server: { insecure_registries: [environment.registry] },
      }),
    });
    const env = { KUBECONFIG: environment.kubeconfig, KFOPS_NO_REUSE: '' };

    // Nothing here depends on what was built before, or on how snapshots are taken.
    const sets = [
      `0.build_args.BASE=${nodeBase}`,
      `1.build_args.BASE=${pythonBase}`,
      ...[0, 1].flatMap((i) => [`${i}.cache=false`, `${i}.snapshot_mode=redo`]),
    ].flatMap((value) => ['--set', `image_builder.images.${value}`]);
    const node = ['--insecure', '--settings', 'node.yaml', ...sets].join(' ');
    // The node's registry needs no login.
    await documented('docs/install.md', 'kubectl create secret docker-registry kfops-images-login', {
      cwd,
      values: [['registry.example.com', environment.registry]],
    });
    const made = await documented('docs/install.md', 'kfops images ', {
      cwd,
      env,
      values: [
        ['registry.example.com/kfops', registry],
        ['--wait', `--wait ${node}`],
      ],
    }).finally(() => kubectl('delete', 'secret', 'kfops-images-login', '-n', NAMESPACE));
    expect(made.output).to.include(`images: {registry: ${registry}, version: ${VERSION}}`);
    const { result } = await finish(made.stdout.trim());
    for (const { repository, digest } of result.images) {
      const { config } = await configOf(repository, digest!);
      expect(config, repository).to.include({ User: '65532:65532' });
    }

    const doctor = await documented('docs/install.md', 'kfops doctor ', { cwd, env });
    for (const image of ['kfops', 'kfops-compiler'])
      expect(doctor.output, doctor.output).to.include(`✓ Image ${registry}/${image}:`);
    expect(doctor.output).not.to.match(/^✗/m);
    const used = await runAsAdmin('kfops build --wait --settings settings.yaml', { cwd, env });
    const after = await finish(used.stdout.trim());
    expect(imagesGiven(await logOf(after.result.compile))).to.deep.equal({});
    expect((await loadPinned(this, after.workflow)).name).to.equal('test');
  });
});
