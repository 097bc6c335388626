import { expect } from 'chai';

import { kfpClient, KfpRefusal, type KfpClient } from '../../../../pipeline/kfp.js';
import { startRun } from '../../../../pipeline/run.js';
import { applySchedules, listSchedules } from '../../../../pipeline/schedules/apply-schedules.js';
import type { WantedSchedule } from '../../../../pipeline/schedules/schedule.js';
import { KfpServer } from '../../../fixtures/kfp-server.js';
import { failure } from '../failure.js';
import { isCall, runRequest } from '../flowers.js';

describe('applySchedules', () => {
  const owner = { repository: 'acme/flowers', namespace: 'data-science' };
  let server: KfpServer;
  let client: KfpClient;
  let nightly: WantedSchedule;
  beforeEach(async () => {
    server = await KfpServer.start();
    client = kfpClient({ endpoint: server.endpoint, pause: 0 });
    const request = await runRequest(client);
    const { experimentId } = await startRun(client, request);
    const { pipelineId, versionId } = request.published;
    const more = { pipelineId, versionId, experimentId, entry: 'e1'.repeat(10), enabled: true };
    nightly = { name: 'nightly', cron: '0 0 3 * * 1', parameters: { image: '3.11', rows: 5 }, ...more };
  });
  afterEach(async () => {
    await server.stop();
    expect(server.problems).to.deep.equal([]);
  });

  const apply = (...wanted: WantedSchedule[]): ReturnType<typeof applySchedules> =>
    applySchedules(client, owner, wanted);
  /** Names and times of what is there. */
  const there = (): string[] =>
    [...server.schedules.objects.values()]
      .map(
        ({ display_name: name, trigger }) =>
          `${String(name)} ${(trigger as { cron_schedule: { cron: string } }).cron_schedule.cron}`,
      )
      .sort();

  it('creates a recurring run of this version, one at a time, without those that were missed', async () => {
    expect(await apply(nightly)).to.deep.equal({ create: [nightly], keep: [], remove: [] });
    const [object] = server.schedules.objects.values();
    expect(object).to.deep.include({
      display_name: 'nightly',
      pipeline_version_reference: { pipeline_id: nightly.pipelineId, pipeline_version_id: nightly.versionId },
      runtime_config: { parameters: { image: '3.11', rows: 5 } },
      max_concurrency: '1',
      trigger: { cron_schedule: { cron: '0 0 3 * * 1' } },
      mode: 'ENABLE',
      no_catchup: true,
      namespace: 'data-science',
    });
  });

  it('does nothing the second time', async () => {
    await apply(nightly);
    const calls = server.calls.length;
    expect((await apply(nightly)).keep).to.have.length(1);
    expect(server.calls.slice(calls).map(({ method }) => method)).to.deep.equal(['GET']);
  });

  it('creates the new one before it deletes the old one', async () => {
    await apply(nightly);
    const calls = server.calls.length;
    await apply({ ...nightly, cron: '0 0 4 * * 1' });
    expect(server.calls.slice(calls).map(({ method }) => method)).to.deep.equal(['GET', 'POST', 'DELETE']);
    expect(there()).to.deep.equal(['nightly 0 0 4 * * 1']);
  });

  it('deletes what is gone from the file, and nothing of others', async () => {
    await applySchedules(client, { ...owner, repository: 'acme/other' }, [nightly]);
    await apply(nightly, { ...nightly, name: 'weekly' });
    await apply();
    expect(there()).to.have.length(1);
    expect(await listSchedules(client, { ...owner, repository: 'acme/other' })).to.have.length(1);
  });

  it('deletes nothing if the new one is refused', async () => {
    await apply(nightly);
    const error = await failure(apply({ ...nightly, parameters: { rows: 'many' } }), KfpRefusal);
    expect(error.status).to.equal(400);
    expect(there()).to.deep.equal(['nightly 0 0 3 * * 1']);
  });

  it('deletes the old one later, if it ended before that', async () => {
    await apply(nightly);
    const changed = { ...nightly, cron: '0 0 4 * * 1' };
    server.misbehave({ status: 403 }, { when: ({ method }) => method === 'DELETE' });
    await failure(apply(changed), KfpRefusal);
    expect(there()).to.have.length(2);
    await apply(changed);
    expect(there()).to.deep.equal(['nightly 0 0 4 * * 1']);
  });

  for (const cut of ['before', 'after'] as const)
    it(`has one of each where an answer was lost, ${cut} the work was done`, async () => {
      server.misbehave({ cut }, { when: isCall('POST', '/recurringruns'), times: 2 });
      const weekly = { ...nightly, name: 'weekly' };
      expect((await apply(nightly, weekly)).create).to.deep.equal([nightly, weekly]);
      expect(there()).to.deep.equal(['nightly 0 0 3 * * 1', 'weekly 0 0 3 * * 1']);
    });

  it('gives up on a server that fails each time', async () => {
    server.misbehave({ status: 503 }, { when: isCall('POST', '/recurringruns'), times: 99 });
    expect((await failure(apply(nightly), KfpRefusal)).status).to.equal(503);
    expect(server.seen('POST', '/recurringruns')).to.have.length(4);
  });

  it('takes one that somebody else has deleted meanwhile as deleted', async () => {
    await apply(nightly);
    server.misbehave({ cut: 'after' }, { when: ({ method }) => method === 'DELETE' });
    await apply();
    expect(there()).to.deep.equal([]);
  });

  it('reads all pages of the list', async () => {
    const many = Array.from({ length: 205 }, (_, at) => ({ ...nightly, name: `nightly-${at}` }));
    await apply(...many);
    expect(await listSchedules(client, owner)).to.have.length(205);
    expect((await apply(...many)).keep).to.have.length(205);
  });
});
