import { expect } from 'chai';

import { apiPath, workflowPath } from '../../../argo/client/client.js';
import type { Check } from '../../../argo/doctor/doctor.js';
import { kfops } from '../../cli/kfops.js';
import { admin, settingsFile, uniqueName } from '../support/build.js';
import { kubectl } from '../support/commands.js';
import { environment, NAMESPACE, need } from '../support/environment.js';
import { folder, removeFolders } from '../support/project.js';

const AS_METADATA = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json';

// The first file of the suite: the node has not had a workflow yet.
describe('kfops on a new cluster', () => {
  after(removeFolders);

  const checks = async (kubeconfig: string, namespace: string): Promise<ReadonlyMap<string, Check>> => {
    const cwd = await folder({ 'settings.yaml': settingsFile() });
    const { code, stdout, stderr } = await kfops(['doctor', '-n', namespace, '--json'], {
      cwd,
      env: { KUBECONFIG: kubeconfig, KFOPS_SETTINGS: 'settings.yaml' },
    });
    expect(code, stderr).to.be.oneOf([0, 1]);
    expect(stderr).to.equal('');
    return new Map((JSON.parse(stdout) as Check[]).map((check) => [check.name, check]));
  };

  it('doctor finds all that is there before the first build', async () => {
    const found = await checks(environment.kubeconfig, NAMESPACE);
    expect([...found.values()].filter(({ state }) => state === 'problem')).to.deep.equal([]);
    expect(found.get('Argo Workflows')).to.include({ state: 'ok' });
  });

  it('doctor and status take a namespace that never had a workflow', async function () {
    need(this, environment.adminKubeconfig, 'admin (KFOPS_TEST_ADMIN_KUBECONFIG)');
    need(this, environment.kubectl, 'kubectl (KFOPS_TEST_KUBECTL)');
    const name = uniqueName('never');
    const path = apiPath('api', 'v1', 'namespaces');
    await admin.call({ what: 'a namespace', method: 'POST', path, body: { metadata: { name } } });
    try {
      const list = await admin.call<object>({
        what: 'no workflows',
        path: workflowPath(name),
        accept: AS_METADATA,
      });
      expect(list, 'the API server has null for it').to.not.have.property('items');
      const found = await checks(environment.adminKubeconfig, name);
      expect(found.get('Argo’s controller')).to.include({ state: 'unknown' });
      const { code, stdout } = await kfops(['status', '--all', '-n', name], {
        cwd: await folder({}),
        env: { KUBECONFIG: environment.adminKubeconfig },
      });
      expect([code, stdout]).to.deep.equal([0, `No workflows of kfops in ${name}.\n`]);
    } finally {
      // Until it is gone: the tests that come next compare what there is with what is left.
      await kubectl('delete', 'namespace', name, '--ignore-not-found', '--timeout=120s');
    }
  });
});
