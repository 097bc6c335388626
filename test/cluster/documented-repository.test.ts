import { expect } from 'chai';

import { blockOf } from '../support/documented-blocks.js';
import { runBlock } from '../support/run-block.js';
import { type ShownCommand, shownCommands } from '../support/shell-blocks.js';
import { missingLines } from '../support/shown-lines.js';
import { git } from '../unit/sources/repository.js';
import { settingsFile, uniqueName } from './support/build.js';
import { registryLogin } from './support/documented-steps.js';
import { environment, need } from './support/environment.js';
import { BUSYBOX, folder, removeFolders } from './support/project.js';

after(removeFolders);

/** A value that no other run has: nothing is in the registry or the store. */
const RUN = uniqueName('run');

const DOCKERFILE = `FROM ${BUSYBOX}\nLABEL run=${RUN}\nRUN echo forecast\n`;

const STEPS = ['api', 'worker'];
const PIPELINE = `from kfp import dsl

${STEPS.map(
  (name) => `
# ${RUN}
@dsl.container_component
def ${name}():
    return dsl.ContainerSpec(image="${environment.registry}/acme/${name}", command=["true"])

`,
).join('')}
@dsl.pipeline(name="Shop forecast")
def shop_forecast():
${STEPS.map((name) => `    ${name}()\n`).join('')}`;

describe('a repository without a configuration', () => {
  let cwd: string;
  let output: string;

  before(async function () {
    need(this, environment.kubectl, 'kubectl (KFOPS_TEST_KUBECTL)');
    need(this, environment.adminKubeconfig, 'admin (KFOPS_TEST_ADMIN_KUBECONFIG)');
    const auths = { [environment.registry]: { auth: Buffer.from('kfops:a password').toString('base64') } };
    cwd = await folder({
      'api/Dockerfile': DOCKERFILE,
      'api/server.py': 'print("ready")\n',
      'worker/Dockerfile': DOCKERFILE,
      'worker/train.py': 'print("trained")\n',
      'pipelines/forecast.py': PIPELINE,
      '.docker/config.json': JSON.stringify({ auths }),
      'settings.yaml': settingsFile(),
    });
    git(cwd, 'init', '-q');
    git(cwd, 'remote', 'add', 'origin', 'https://github.com/acme/shop-forecast.git');
  });

  it('becomes a build with the commands of README.md', async () => {
    const removeLogin = await registryLogin();
    const used = await runBlock(blockOf('README.md', 'kfops init ').text, {
      cwd,
      env: { KUBECONFIG: environment.kubeconfig, KFOPS_SETTINGS: 'settings.yaml', KFOPS_NO_REUSE: '' },
      // The node's registry has no https.
      values: [
        ['kfops validate ', "sed -i 's/# insecure:/insecure:/' config_files/config.yaml\nkfops validate "],
      ],
    }).finally(removeLogin);
    ({ output } = used);
    expect(used.code, output).to.equal(0);
  });

  for (const block of [
    blockOf('docs/cluster.md', '$ kfops doctor\n'),
    blockOf('docs/cluster.md', '$ kfops build --wait\n'),
  ]) {
    const [{ command, shown }] = shownCommands(block) as [ShownCommand];
    it(`prints what docs/cluster.md shows for \`${command}\``, function () {
      need(this, environment.nodeScript, 'node of its own (test/cluster/node.sh)');
      // This line is about the workflows of other tests.
      const steady = shown.filter((line) => !line.startsWith('✓ Argo’s controller'));
      const missing = missingLines(steady, output, [
        ['/home/me/shop', cwd],
        ['in namespace acme', 'in namespace kubeflow-user-example-com'],
        ['20.20.2', process.versions.node],
        ['https://argo.example.com', 'https://argo.example'],
        ['10.99.0.1:5000/kfops/kfops-compiler:0.1.0', environment.compilerImage],
        ['10.99.0.1:5000/kfops/kfops:0.1.0', environment.kfopsImage],
        ['10.99.0.1:5000/kaniko-project/executor:v1.24.0', environment.kanikoImage],
        ['10.99.0.1:5000', environment.registry],
      ]);
      expect(missing, output).to.deep.equal([]);
    });
  }
});
