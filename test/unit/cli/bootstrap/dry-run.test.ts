import { expect } from 'chai';

import { ExitCode } from '../../../../cli/exit.js';
import { main } from '../../../../cli/main.js';
import { fakeIo } from '../fake-io.js';
import { withoutKubeconfig } from '../../without-kubeconfig.js';

const ARGS = [
  ...['bootstrap', '--dry-run', '--yes', '--registry', 'ghcr.io/acme/ml', '--repository', 'acme/churn'],
  ...['--profile-namespace', 'acme', '--url', 'https://kfops.acme.com'],
];

describe('kfops bootstrap --dry-run without a kubeconfig', () => {
  const home = withoutKubeconfig();

  async function said(tty: boolean): Promise<string> {
    const io = fakeIo({ cwd: home(), tty });
    expect(await main(ARGS, io), io.err()).to.equal(ExitCode.Done);
    expect(io.out()).to.include('kind: Deployment');
    return io.err();
  }

  it('shows the summary again after the objects on a terminal, which they fill', async () => {
    expect((await said(true)).match(/Object store {3}/g)).to.have.length(2);
    expect((await said(false)).match(/Object store {3}/g)).to.have.length(1);
  });

  it('says that no cluster was asked and why, and at its end what is not printed', async () => {
    const text = await said(false);
    expect(text).to.include(
      "warning There is no kubeconfig: KUBECONFIG isn't set, and ~/.kube/config doesn't exist. What follows is printed without a cluster.",
    );
    expect(text.slice(text.indexOf('Not above')))
      .to.include('  the bucket image-build-artifacts')
      .and.include('  publishing to Kubeflow Pipelines');
  });
});
