import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { expect } from 'chai';

import { workflowPath } from '../../../argo/client/client.js';
import { watchWorkflow } from '../../../argo/watch/watch.js';
import { workflowRunner } from '../../../argo/workflows/runner.js';
import { stopWorkflow } from '../../../argo/workflows/stop.js';
import { WorkError } from '../../../schema/errors.js';
import { admin, client, finish, submit, uniqueName, until } from '../support/build.js';
import { environment, NAMESPACE, need } from '../support/environment.js';
import { BUSYBOX, project, removeFolders } from '../support/project.js';
import { record } from '../support/record.js';

const run = promisify(execFile);

after(removeFolders);

async function slow(seconds: number): Promise<Awaited<ReturnType<typeof submit>>> {
  const source = await project(
    { path: uniqueName('slow'), images: [{ name: 'slow', cache: false }] },
    { 'slow/Dockerfile': `FROM ${BUSYBOX}\nRUN sleep ${seconds}\n` },
  );
  return submit(source);
}

describe('following a workflow', () => {
  it('stops it, and its pods are gone', async () => {
    const { submitted } = await slow(600);
    await until(submitted.name, ({ images }) => images[0]?.state === 'running');

    expect(await stopWorkflow(client, NAMESPACE, submitted.name)).to.equal('stopped');
    const finished = await finish(submitted.name);
    await record('stopped', finished);
    expect(finished.result).to.include({ phase: 'stopped' });
    expect(finished.result.images[0]).to.include({ state: 'stopped' });
    expect(finished.result.compile).to.not.include({ state: 'succeeded' });
    expect(await stopWorkflow(client, NAMESPACE, submitted.name)).to.equal('was finished');
    expect(await stopWorkflow(client, NAMESPACE, 'never-there')).to.equal('was gone');
  });

  it('says that a workflow is gone when somebody deletes it', async function () {
    need(this, environment.adminKubeconfig, 'admin (KFOPS_TEST_ADMIN_KUBECONFIG)');
    const { submitted } = await slow(600);
    const seen: string[] = [];
    for await (const observation of watchWorkflow(client, NAMESPACE, submitted.name)) {
      if (seen.length === 0) {
        await admin.call({
          what: 'deleting',
          method: 'DELETE',
          path: workflowPath(NAMESPACE, submitted.name),
        });
      }
      seen.push(observation.kind);
    }
    expect(seen.at(-1)).to.equal('gone');
  });

  it('goes on through a restart of the API server', async function () {
    const script = environment.nodeScript;
    need(this, script, 'node whose API server may be restarted');
    const { submitted } = await slow(15);
    await until(submitted.name, ({ images }) => images[0]?.state === 'running');

    const end = finish(submitted.name);
    await run(script, ['restart', 'kube-apiserver']);
    const { result } = await end;
    expect(result.phase, JSON.stringify(result)).to.equal('succeeded');
  });

  it('adopts a workflow of the same name if it is the same, and refuses another', async () => {
    const { workflow, submitted } = await slow(1);
    const runner = workflowRunner(client);
    expect(await runner.submit(workflow)).to.deep.equal(submitted);

    const other = { ...workflow, spec: { ...workflow.spec, parallelism: workflow.spec.parallelism + 1 } };
    const refused = await runner.submit(other).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refused).to.be.instanceOf(WorkError);
    await finish(submitted.name);
  });

  it('is refused what its rights do not cover, with what to do about it', async () => {
    const refused = await client
      .call({ what: 'deleting the workflow x', method: 'DELETE', path: workflowPath(NAMESPACE, 'x') })
      .then(
        () => undefined,
        (error: unknown) => error,
      );
    expect(refused).to.include({ name: 'ServiceError', status: 403, reason: 'Forbidden' });
    expect(refused).to.have.property('nextStep').that.contains('kfops-submitter');
  });
});
