import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { expect } from 'chai';

import { kfpClient, KfpRefusal, type KfpCall, type KfpClient } from '../../../pipeline/kfp.js';
import { publish, type NewVersion, type PublishRequest } from '../../../pipeline/publish.js';
import { startRun, terminateRun, type RunRequest } from '../../../pipeline/run.js';
import { findVersion } from '../../../pipeline/version.js';
import { WorkError } from '../../../schema/errors.js';
import { KfpServer } from '../../fixtures/kfp-server.js';
import { failure } from './failure.js';

const compiled = readFileSync(new URL('../../fixtures/pipelines/flowers.yaml', import.meta.url), 'utf8');

/** A server to hold against what the code relies on. */
interface Target {
  readonly endpoint: string;
  readonly tokenFile?: string;
  readonly namespace: string;
  readonly stop: () => Promise<void>;
}

const targets: Record<string, () => Promise<Target>> = {
  'the stand-in': () => standIn(true),
  'the stand-in for a single user': () => standIn(false),
};
const { KFOPS_TEST_KFP_URL: url, KFOPS_TEST_KFP_NAMESPACE, KFOPS_TEST_KFP_TOKEN_FILE } = process.env;
if (url !== undefined)
  targets[url] = () =>
    Promise.resolve({
      endpoint: url,
      namespace: KFOPS_TEST_KFP_NAMESPACE ?? 'kubeflow',
      ...(KFOPS_TEST_KFP_TOKEN_FILE !== undefined && { tokenFile: KFOPS_TEST_KFP_TOKEN_FILE }),
      stop: () => Promise.resolve(),
    });

for (const [what, start] of Object.entries(targets))
  describe(`Kubeflow Pipelines, as ${what} has it`, function () {
    this.timeout(300_000);
    const id = randomBytes(4).toString('hex');
    let target: Target;
    let client: KfpClient;
    let request: PublishRequest;
    let published: NewVersion;
    let runRequest: RunRequest;

    before(async () => {
      target = await start();
      client = kfpClient({ ...target, pause: 10, attempts: 3 });
      const { namespace } = target;
      const version = 'pr-17-1a2b3c4d5e6f';
      request = { name: `Flowers ${id}`, namespace, description: 'Of the garden', version, compiled };
      published = await publish(client, request);
      const experiment = `50 % + "more" \\ ${id}`;
      runRequest = { name: `${version} ${id}`, namespace, experiment, published, arguments: { rows: 5 } };
    });
    after(() => target.stop());

    const refusedWith = async (status: number, call: KfpCall): Promise<string> => {
      const refusal = await failure(client.call(call), KfpRefusal);
      expect(refusal.status, refusal.message).to.equal(status);
      return refusal.problem;
    };
    const upload = (text: string, query: Record<string, string> = {}): KfpCall => ({
      method: 'POST',
      path: '/pipelines/upload_version',
      query: { name: `other-${id}`, pipelineid: published.pipelineId, ...query },
      upload: text,
    });

    it('a version is there once, and found by the names', async () => {
      expect(await publish(client, request)).to.deep.equal(published);
      const found = await findVersion(client, {
        namespace: target.namespace,
        pipeline: request.name,
        version: request.version,
      });
      const { warnings, ...there } = published;
      expect(warnings).to.deep.equal([]);
      expect(found).to.deep.equal(there);
    });

    it('a version whose images changed is a version of its own, and found as a build of its commit', async () => {
      const rebuilt = { ...request, compiled: compiled.replace('/trainer:1', '/trainer:2') };
      const second = await publish(client, rebuilt);
      expect(second.version).to.match(/^pr-17-1a2b3c4d5e6f-[0-9a-f]{6}$/);
      expect(await publish(client, rebuilt)).to.deep.equal(second);
      const { namespace } = target;
      const wanted = { namespace, pipeline: request.name, newestOf: request.version };
      // The server counts seconds: either may be the newest.
      const { versionId } = await findVersion(client, wanted);
      expect(versionId).to.be.oneOf([published.versionId, second.versionId]);
    });

    it('a pipeline has a name for addresses, one for people, and a description', async () => {
      const path = `/pipelines/names/flowers-${id}`;
      const pipeline = await client.call({ method: 'GET', path, query: { namespace: target.namespace } });
      expect(pipeline).to.include({
        pipeline_id: published.pipelineId,
        name: `flowers-${id}`,
        display_name: `Flowers ${id}`,
        description: 'Of the garden',
      });
    });

    it('what is not there is 404', async () => {
      const nothing = '11111111-2222-3333-4444-555555555555';
      await refusedWith(404, {
        method: 'GET',
        path: `/pipelines/names/none-${id}`,
        query: { namespace: target.namespace },
      });
      await refusedWith(404, {
        method: 'GET',
        path: `/pipelines/${published.pipelineId}/versions/${nothing}`,
      });
      await refusedWith(404, { method: 'GET', path: `/runs/${nothing}` });
      await refusedWith(404, { method: 'POST', path: `/runs/${nothing}:terminate` });
    });

    it('an upload is refused with 409 where the version is there, else with 400', async () => {
      await refusedWith(409, upload(compiled, { name: request.version }));
      await refusedWith(400, upload('a: 1'));
      await refusedWith(400, upload(compiled, { pipelineid: '11111111-2222-3333-4444-555555555555' }));
    });

    it('a version of another pipeline is told before it is run', async () => {
      const other = await publish(client, { ...request, name: `Trees ${id}` });
      const wanted = { namespace: target.namespace, pipeline: request.name, versionId: other.versionId };
      expect((await failure(findVersion(client, wanted), WorkError)).message).to.include('another pipeline');
    });

    it('a run is there once, in an experiment whose name has every character', async () => {
      const first = await startRun(client, runRequest);
      expect(await startRun(client, runRequest)).to.deep.equal(first);
      const run = await client.call({ method: 'GET', path: `/runs/${first.runId}` });
      expect(run).to.include({ display_name: runRequest.name, experiment_id: first.experimentId });
      expect(run.pipeline_version_reference).to.deep.equal({
        pipeline_id: published.pipelineId,
        pipeline_version_id: published.versionId,
      });
      expect(run.runtime_config).to.deep.include({ parameters: { rows: 5, version_id: request.version } });
      const body = { display_name: runRequest.experiment, namespace: target.namespace };
      await refusedWith(409, { method: 'POST', path: '/experiments', body });
    });

    it('arguments that the pipeline does not take are refused, with a reason', async () => {
      const { experimentId } = await startRun(client, runRequest);
      const body = {
        display_name: `undeclared ${id}`,
        experiment_id: experimentId,
        pipeline_version_reference: {
          pipeline_id: published.pipelineId,
          pipeline_version_id: published.versionId,
        },
        runtime_config: { parameters: { nope: 1 } },
      };
      expect(await refusedWith(400, { method: 'POST', path: '/runs', body })).to.include('nope');
      const wrong = { ...runRequest, name: `wrong ${id}`, arguments: { rows: 'many' } };
      expect((await failure(startRun(client, wrong), WorkError)).message).to.include('rows');
    });

    it('a placeholder of Argo is refused where a run is created, each time', async () => {
      const unfilled = compiled.replace('/trainer:1', '/trainer:{{workflow.parameters.version_id}}');
      const version = await publish(client, { ...request, version: `unfilled-${id}`, compiled: unfilled });
      const run = startRun(client, { ...runRequest, name: `unfilled ${id}`, published: version });
      const error = await failure(run, WorkError);
      expect(error.message).to.include('nothing fills in `{{workflow.parameters.version_id}}`');
    });

    it('a run that was stopped begins anew', async () => {
      const { runId } = await startRun(client, runRequest);
      await terminateRun(client, runId);
      await terminateRun(client, runId);
      const { state } = await client.call({ method: 'GET', path: `/runs/${runId}` });
      expect(state).to.be.oneOf(['CANCELING', 'FAILED']);
      const next = await startRun(client, runRequest);
      expect(next.runId).to.not.equal(runId);
      await terminateRun(client, next.runId);
    });
  });

async function standIn(multiUser: boolean): Promise<Target> {
  const server = await KfpServer.start();
  server.multiUser = multiUser;
  server.states = ['RUNNING'];
  const stop = async (): Promise<void> => {
    await server.stop();
    expect(server.problems).to.deep.equal([]);
  };
  return { endpoint: server.endpoint, namespace: 'data-science', stop };
}
