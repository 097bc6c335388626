import { expect } from 'chai';
import { stringify } from 'yaml';

import { VERSION } from '../../schema/generated/version.js';
import { kfops } from '../cli/kfops.js';
import { finish, imagesGiven, logOf, settingsFile, testSettings, uniqueName } from './support/build.js';
import { loadPinned } from './support/compiled.js';
import { environment, need } from './support/environment.js';
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
      'settings.yaml': settingsFile(),
      'new.yaml': stringify({ kaniko: { image: testSettings().kaniko.image }, images: { registry } }),
    });
    const run = (...args: readonly string[]) =>
      kfops(args, { cwd, env: { KUBECONFIG: environment.kubeconfig } });

    // Nothing here depends on what was built before, or on how snapshots are taken.
    const sets = [
      `0.build_args.BASE=${nodeBase}`,
      `1.build_args.BASE=${pythonBase}`,
      ...[0, 1].flatMap((i) => [`${i}.cache=false`, `${i}.snapshot_mode=redo`]),
    ].flatMap((value) => ['--set', `image_builder.images.${value}`]);
    const to = ['--registry', registry, '--insecure', '--wait'];
    const made = await run('images', ...to, '--settings', 'settings.yaml', ...sets);
    expect(made.code, made.stderr).to.equal(0);
    expect(made.stderr).to.include(`images: {registry: ${registry}, version: ${VERSION}}`);
    const { result } = await finish(made.stdout.trim());
    for (const { repository, digest } of result.images) {
      const { config } = await configOf(repository, digest!);
      expect(config, repository).to.include({ User: '65532:65532' });
    }

    const used = await run('build', '--wait', '--settings', 'new.yaml');
    expect(used.code, used.stderr).to.equal(0);
    const after = await finish(used.stdout.trim());
    expect(imagesGiven(await logOf(after.result.compile))).to.deep.equal({});
    expect((await loadPinned(this, after.workflow)).name).to.equal('test');
  });
});
