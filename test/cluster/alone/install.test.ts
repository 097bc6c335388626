import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect } from 'chai';

import { commentDelivery } from '../../fixtures/github/index.js';
import type { KfpServer } from '../../fixtures/kfp-server.js';
import type { WebhookReceiver } from '../../server/process.js';
import { buildsAndRuns, dockerfile } from '../support/build-and-run.js';
import { checkout, documented } from '../support/documented.js';
import { makeBuildNamespace, prepareBuilds } from '../support/documented-steps.js';
import { environment, NAMESPACE, need } from '../support/environment.js';
import { CHART, PLAIN } from '../support/installations.js';
import { InstalledWorld, publisherRights } from '../support/installed.js';
import { changesSince, inventory } from '../support/inventory.js';
import { kubeflow } from '../support/kubeflow.js';
import { applyAll } from '../support/objects.js';
import { enforcePolicies, onlyStepsReachTheStore, seaweedfsPolicies } from '../support/policies.js';
import { folder, removeFolders } from '../support/project.js';
import { withSeaweedfs } from '../support/seaweedfs.js';

/** From an empty namespace to a pipeline's run, with SeaweedFS and NetworkPolicies; and back to an empty namespace. */
describe('an installation', () => {
  const restore: (() => Promise<unknown> | undefined)[] = [];

  before(async function () {
    restore.push(removeFolders, await withSeaweedfs(this), await enforcePolicies(this));
  });
  after(async () => {
    for (const each of restore.reverse()) await each();
    await makeBuildNamespace();
  });

  for (const installation of [CHART, PLAIN]) {
    describe(`by ${installation.name}`, () => {
      let kfp: KfpServer;
      let world: InstalledWorld;
      let server: WebhookReceiver;
      let earlier: readonly string[];
      let cwd: string;

      const values = [['kfops-system', installation.server]] as const;

      before(async function () {
        cwd = await folder({});
        kfp = await kubeflow(this);
        kfp.states = ['RUNNING', 'SUCCEEDED'];
        world = await InstalledWorld.open(this, installation);
        restore.push(await seaweedfsPolicies(installation));
        await applyAll(await publisherRights(installation));
        earlier = await inventory();
        await world.prepare();
        server = await world.install(kfp.endpoint);
      });
      afterEach(async function () {
        if (this.currentTest?.isFailed()) console.log(await world.logs());
      });
      after(async () => {
        await installation.cleanUp();
        await world.stop();
        await kfp.stop();
      });

      it('/build_run builds two images, publishes and runs their pipeline', async () => {
        await buildsAndRuns(world, server, kfp);
        expect(kfp.problems).to.deep.equal([]);
        expect(world.github.problems).to.deep.equal([]);
      });

      it('in the namespace of the builds, only steps of workflows reach the store', async () => {
        await onlyStepsReachTheStore(installation);
      });

      it('doctor in the server’s pod finds nothing wrong', async () => {
        const { output } = await documented('docs/install.md', 'kubectl exec ', { cwd, values });
        expect(output).to.include('✓ Object store').and.not.to.match(/^✗/m);
        expect(output).to.include('✓ GitHub App').and.to.include('✓ Installation in ');
      });

      it('receive shows what the server would answer to a saved delivery', async () => {
        const pull = world.openPull({ load: dockerfile('echo load') });
        const { payload } = commentDelivery(world.github.world, pull.write('/help'));
        await writeFile(join(cwd, 'delivery.json'), JSON.stringify(payload));
        const { stdout } = await documented('docs/server.md', 'kubectl exec ', { cwd, values });
        expect(stdout).to.include('====').and.to.include('/build');
        expect(pull.botComments).to.deep.equal([]);
      });

      it('no workflow has the label of a notification that was given up', async () => {
        const builds = [['-n kfops', `-n ${installation.builds}`]] as const;
        const { output } = await documented('docs/notifications.md', 'kubectl -n kfops get workflows', {
          cwd,
          values: builds,
        });
        expect(output).to.include('No resources found');
      });

      if (installation === CHART)
        it('deletes old contexts with a CronWorkflow, once its key exists', async function () {
          need(this, environment.argoCli, 'argo command (KFOPS_TEST_ARGO_CLI)');
          const { accessKey, secretKey } = environment.minio;
          await applyAll([world.authorities(installation.builds)]);
          const { output } = await documented('docs/minio.md', 'kubectl create secret generic kfops-gc', {
            cwd: await checkout({ accesskey: accessKey, secretkey: secretKey }),
            commands: { argo: environment.argoCli },
            values: [...values, ['-n kfops --from', `-n ${installation.builds} --from`]],
          });
          expect(output).to.match(/^Status: +Succeeded/m);
        });

      it('uninstall leaves nothing', async () => {
        await installation.uninstall();
        const kept = earlier.filter((object) => !object.split(' ').includes(installation.builds));
        expect(await changesSince(kept)).to.deep.equal({ came: [], went: [] });
      });
    });
  }

  // The plain manifests have this namespace, too: it's gone with them.
  describe('afterwards', () => {
    it('the commands of the documentation make the namespace of the builds again', async () => {
      expect(await inNamespace()).to.deep.equal([]);
      await prepareBuilds();
      expect(await inNamespace()).to.include.members([
        `Secret ${NAMESPACE} mlpipeline-minio-artifact`,
        `ServiceAccount ${NAMESPACE} kfops-build`,
      ]);
    });
  });
});

async function inNamespace(): Promise<readonly string[]> {
  return (await inventory()).filter((object) => object.split(' ').includes(NAMESPACE));
}
