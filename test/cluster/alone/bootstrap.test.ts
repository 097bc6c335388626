import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect } from 'chai';

import type { KfpServer } from '../../fixtures/kfp-server.js';
import { BOOTSTRAPPED, BootstrapWorld } from '../support/bootstrapped.js';
import { buildsAndRuns } from '../support/build-and-run.js';
import { kubectl } from '../support/commands.js';
import { documented } from '../support/documented.js';
import { receiverIn } from '../support/installed.js';
import { changesSince, inventory } from '../support/inventory.js';
import { kubeflow, PROFILE } from '../support/kubeflow.js';
import { objectsIn } from '../support/objects.js';
import { enforcePolicies, onlyStepsReachTheStore, ownSeaweedfsPolicy } from '../support/policies.js';
import { withSeaweedfs } from '../support/seaweedfs.js';

/** From a cluster without Kfops to a pipeline's run by one command, with SeaweedFS and NetworkPolicies; and back. */
describe('kfops bootstrap', () => {
  const restore: (() => Promise<unknown> | undefined)[] = [];
  let kfp: KfpServer;
  let world: BootstrapWorld;
  let earlier: readonly string[];

  before(async function () {
    restore.push(await withSeaweedfs(this), await enforcePolicies(this));
    kfp = await kubeflow(this);
    restore.push(() => kfp.stop());
    kfp.states = ['RUNNING', 'SUCCEEDED'];
    world = await BootstrapWorld.open(this);
    restore.push(() => world.stop(), await ownSeaweedfsPolicy());
    earlier = await inventory();
  });
  afterEach(async function () {
    if (this.currentTest?.isFailed())
      console.log(
        await kubectl('logs', '-n', BOOTSTRAPPED.server, '-l', 'app.kubernetes.io/name=kfops-server'),
      );
  });
  after(async () => {
    await cleanUp();
    for (const each of restore.reverse()) await each();
  });

  it('prints what it would install', async () => {
    await writeFile(join(world.folder, 'password'), 'a password');
    for (const file of ['builds.json', 'images.json'])
      await documented('docs/install.md', 'kubectl create secret docker-registry login', {
        cwd: world.folder,
        values: [['builds.json', file]],
      });
    await documented('docs/install.md', 'kfops bootstrap --registry', {
      cwd: world.folder,
      values: [['acme \\\n', `${PROFILE} \\\n`]],
    });
    const file = join(world.folder, 'kfops.yaml');
    const objects = objectsIn(await readFile(file, 'utf8'));
    expect(objects.map(({ kind }) => kind)).to.include.members(['Deployment', 'Ingress', 'NetworkPolicy']);
  });

  it('asks, makes the App on its page, builds its images and installs the server', async function () {
    this.timeout(1_200_000);
    const text = await world.bootstrapInTerminal(kfp.endpoint);
    expect(text)
      .to.include('seaweedfs.kubeflow.svc.cluster.local:9000, found in the cluster')
      .and.to.match(/(?:created|unchanged) +bucket image-build-artifacts/)
      .and.to.include('Building Kfops’ own images')
      .and.to.include('2 replicas are ready');
    expect(text).not.to.match(/^(?:kept|changed|unknown) /m);
  });

  it('whose server builds two images on /build_run, publishes and runs their pipeline', async () => {
    await buildsAndRuns(world, await receiverIn(BOOTSTRAPPED.server), kfp);
    expect(kfp.problems).to.deep.equal([]);
    expect(world.github.problems).to.deep.equal([]);
  });

  it('and in whose namespace of builds only steps of workflows reach the store', async () => {
    await onlyStepsReachTheStore(BOOTSTRAPPED);
  });

  it('changes nothing the second time', async () => {
    const { code, stderr } = await world.bootstrapAgain(kfp.endpoint);
    expect(code, stderr).to.equal(0);
    expect(stderr).to.match(/^unchanged +Deployment kfops-server/m);
    expect(stderr).not.to.match(/^(?:created|changed|kept|unknown) /m);
  });

  it('leaves nothing when its namespaces and its objects in others are deleted', async () => {
    await documented('docs/install.md', 'kubectl delete namespace kfops-system kfops\n', {
      cwd: world.folder,
      values: [
        ['kfops-system kfops', `${BOOTSTRAPPED.server} ${BOOTSTRAPPED.builds}`],
        [' acme;', ` ${PROFILE};`],
      ],
    });
    expect(await changesSince(earlier)).to.deep.equal({ came: [], went: [] });
  });
});

/** What the documentation says, after a failure: some of it may be gone already. */
async function cleanUp(): Promise<void> {
  const { server, builds } = BOOTSTRAPPED;
  await kubectl('delete', 'namespace', server, builds, '--ignore-not-found', '--timeout=120s');
  const made = ['-l', 'app.kubernetes.io/managed-by=kfops-bootstrap', '--ignore-not-found'];
  await kubectl('delete', 'networkpolicy', '-n', 'kubeflow', ...made);
  await kubectl('delete', 'rolebinding', '-n', PROFILE, ...made);
}
