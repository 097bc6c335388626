import { expect } from 'chai';

import { kfops } from '../../cli/kfops.js';
import { finish, imagesGiven, logOf, settingsFile, uniqueName } from '../support/build.js';
import { environment } from '../support/environment.js';
import { BUSYBOX, folder, projectFiles, removeFolders } from '../support/project.js';
import { digestOf } from '../support/registry.js';
import { SEAWEEDFS, withSeaweedfs } from '../support/seaweedfs.js';

describe('a cluster with SeaweedFS, as Kubeflow Pipelines 2.16 has it', () => {
  let restore: (() => Promise<void>) | undefined;
  before(async function () {
    restore = await withSeaweedfs(this);
  });
  after(async () => {
    await restore?.();
    await removeFolders();
  });

  it('build finds it, uploads through the Kubernetes API, and pods fetch contexts from it', async () => {
    const cwd = await folder({
      ...projectFiles({ path: uniqueName('seaweedfs'), images: [{ name: 'one', cache: false }] }),
      'one/Dockerfile': `FROM ${BUSYBOX}\nCOPY said /said\nRUN grep -q ${RUN} /said\n`,
      'one/said': `${RUN}\n`,
      'settings.yaml': settingsFile(),
    });
    const env = { KUBECONFIG: environment.kubeconfig, KFOPS_SETTINGS: 'settings.yaml' };
    const doctor = await kfops(['doctor'], { cwd, env });
    expect(doctor.code, doctor.stdout).to.equal(0);
    expect(doctor.stdout).to.include(SEAWEEDFS).and.to.not.include('minio-service');

    const built = await kfops(['build', '--wait'], { cwd, env });
    expect(built.code, built.stderr).to.equal(0);
    expect(built.stderr).to.include(`Object store: ${SEAWEEDFS}, found in the cluster`);
    const { result } = await finish(built.stdout.trim());
    const [image] = result.images;
    expect(image?.digest).to.equal(await digestOf(image!.repository, image!.digest!));
    expect(imagesGiven(await logOf(result.compile))).to.have.keys('one');
  });
});

/** In each run of the tests the contexts are others. */
const RUN = uniqueName('run');
