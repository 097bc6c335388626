import { expect } from 'chai';

import type { KfpServer } from '../../fixtures/kfp-server.js';
import type { WebhookReceiver } from '../../server/process.js';
import { buildsAndRuns } from '../support/build-and-run.js';
import { kubectl } from '../support/commands.js';
import { CHART, PLAIN } from '../support/installations.js';
import { InstalledWorld, publisherRights } from '../support/installed.js';
import { inventory } from '../support/inventory.js';
import { kubeflow } from '../support/kubeflow.js';
import { applyAll } from '../support/objects.js';
import { enforcePolicies, onlyStepsReachTheStore, seaweedfsPolicies } from '../support/policies.js';
import { removeFolders } from '../support/project.js';
import { withSeaweedfs } from '../support/seaweedfs.js';

/** From an empty namespace to a pipeline's run, with SeaweedFS and NetworkPolicies; and back to an empty namespace. */
describe('an installation', () => {
  const restore: (() => Promise<unknown> | undefined)[] = [];

  before(async function () {
    restore.push(removeFolders, await withSeaweedfs(this), await enforcePolicies(this));
  });
  after(async () => {
    for (const each of restore.reverse()) await each();
  });

  for (const installation of [CHART, PLAIN]) {
    describe(`by ${installation.name}`, () => {
      let kfp: KfpServer;
      let world: InstalledWorld;
      let server: WebhookReceiver;
      let earlier: readonly string[];
      let prepared: readonly string[];

      before(async function () {
        kfp = await kubeflow(this);
        kfp.states = ['RUNNING', 'SUCCEEDED'];
        world = await InstalledWorld.open(this, installation);
        restore.push(await seaweedfsPolicies(installation));
        await applyAll(await publisherRights(installation));
        earlier = await inventory();
        await applyAll(world.prepared);
        prepared = await inventory();
        server = await world.install(kfp.endpoint);
      });
      afterEach(async function () {
        if (this.currentTest?.isFailed()) console.log(await world.logs());
      });
      after(async () => {
        await installation.uninstall();
        await kubectl('delete', 'namespace', installation.server, '--ignore-not-found');
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

      it('uninstall leaves nothing', async () => {
        await installation.uninstall();
        const left = (await inventory()).join('\n');
        expect(left).to.equal((installation.keepsNamespace ? prepared : earlier).join('\n'));
      });
    });
  }
});
