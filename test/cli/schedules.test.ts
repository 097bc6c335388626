import { join } from 'node:path';

import { expect } from 'chai';

import { kfpClient } from '../../pipeline/kfp.js';
import { publish } from '../../pipeline/publish.js';
import { applyFile } from '../../pipeline/schedules/apply-file.js';
import { KfpServer } from '../fixtures/kfp-server.js';
import { fakeApi, json, type FakeApi } from '../unit/argo/fake-api.js';
import { REQUEST } from '../unit/pipeline/flowers.js';
import { kfops, type Result } from './kfops.js';
import { temporaryFolder, write } from './project.js';

const CONFIG = `repository: {owner: acme, name: flowers}
pipeline:
  name: Flowers
  namespace: data-science
  experiment_name: garden
  pipeline_path: pipeline.py
  pipeline_args: {rows: 5, image: 3.10}
  schedules:
    - {name: nightly, cron: "0 3 * * *"}
    - {name: weekly, cron: "@weekly", enabled: false}
    - {name: rare, cron: "0 0 29 2 *", arguments: {rows: 7}}
`;

describe('kfops schedules', () => {
  const cwd = temporaryFolder();
  let kubeflow: KfpServer;
  let api: FakeApi;
  let givesTokens = true;

  before(async () => {
    kubeflow = await KfpServer.start();
    api = await fakeApi((_request, response) => {
      if (givesTokens) json(response, 201, { status: { token: 'secret-of-the-publisher' } });
      else json(response, 403, { kind: 'Status', message: 'serviceaccounts/token is forbidden' });
    });
    const client = kfpClient({ endpoint: kubeflow.endpoint, pause: 0 });
    const published = await publish(client, REQUEST);
    const args = { rows: 5, image: 3.1 };
    const entry = { enabled: true, arguments: args, texts: { image: '3.10' }, set: [] };
    const owner = { repository: 'acme/flowers', namespace: 'data-science', experiment: 'garden', published };
    await applyFile(client, {
      ...owner,
      entries: [
        { ...entry, name: 'nightly', cron: '0 0 3 * * *' },
        { ...entry, name: 'weekly', cron: '0 0 0 * * 0' },
        { ...entry, name: 'old', cron: '0 30 4 * * *' },
      ],
    });
    await applyFile(client, {
      ...owner,
      repository: 'acme/other',
      entries: [{ ...entry, name: 'rare', cron: '0 0 0 29 2 *' }],
    });
    kubeflow.token = 'secret-of-the-publisher';
    write(cwd, {
      'config_files/config.yaml': CONFIG,
      'pipeline.py': '',
      kubeconfig: api.client.kubeConfig.exportConfig(),
      'settings.yaml': `kfp: {endpoint: "${kubeflow.endpoint}"}\n`,
      'no-kfp.yaml': '{}\n',
    });
  });
  after(async () => {
    await api.close();
    await kubeflow.stop();
    expect(kubeflow.problems).to.deep.equal([]);
  });

  const call = (args: readonly string[], settings = 'settings.yaml'): Promise<Result> =>
    kfops(['schedules', ...args], {
      cwd,
      env: { KUBECONFIG: join(cwd, 'kubeconfig'), KFOPS_SETTINGS: join(cwd, settings) },
    });

  it('lists those of the file with their next times, next to those in Kubeflow Pipelines', async () => {
    const { code, stdout, stderr } = await call([]);
    expect(stderr).to.equal('');
    expect(code).to.equal(0);
    const [title, ...lines] = stdout.trimEnd().split('\n');
    expect(title).to.equal(
      'Schedules of acme/flowers  times in UTC, applied when merged to the default branch',
    );
    const time = '\\w{3} \\d{4}-\\d\\d-\\d\\d';
    expect(lines[0]).to.match(new RegExp(`^  nightly  0 3 \\* \\* \\*     next ${time} 03:00  same$`));
    expect(lines[1]).to.match(
      /^ {2}weekly {3}@weekly {7}disabled {13,} differs in Kubeflow Pipelines: is enabled$/,
    );
    expect(lines[2]).to.match(
      new RegExp(`^  rare     0 0 29 2 \\*    next ${time} 00:00  missing: not in Kubeflow Pipelines$`),
    );
    expect(lines[3]).to.match(
      new RegExp(`^  old      0 30 4 \\* \\* \\*  next ${time} 04:30  extra: not in this configuration$`),
    );
    expect(lines).to.have.length(4);
    expect(api.requests.at(-1)).to.equal(
      'POST /api/v1/namespaces/kfops/serviceaccounts/kfops-publisher/token',
    );
  });

  it('prints JSON, without the token', async () => {
    const { code, stdout } = await call(['--json', '-n', 'builds']);
    expect(code).to.equal(0);
    expect(stdout).not.to.include('secret-of-the-publisher');
    const result = JSON.parse(stdout) as { schedules: Record<string, unknown>[] };
    expect(result).to.deep.include({
      repository: 'acme/flowers',
      namespace: 'data-science',
      timeZone: 'UTC',
      isCompared: true,
    });
    expect(result.schedules.map(({ name, state }) => `${String(name)} ${String(state)}`)).to.deep.equal([
      'nightly same',
      'weekly differs',
      'rare missing',
      'old extra',
    ]);
    expect(result.schedules[0]?.next).to.have.length(3);
    expect(result.schedules[1]).to.deep.include({ enabled: false, next: [], differences: ['state'] });
    expect(result.schedules[2]).to.deep.include({ cron: '0 0 29 2 *', arguments: { rows: 7 } });
    expect(result.schedules[3]?.kubeflow).to.include({ cron: '0 30 4 * * *', enabled: true });
    expect(api.requests.at(-1)).to.include('/namespaces/builds/serviceaccounts/');
  });

  it('lists those of the file alone if the settings have no Kubeflow Pipelines', async () => {
    const asked = api.requests.length;
    const { code, stdout } = await call([], 'no-kfp.yaml');
    expect(code).to.equal(0);
    expect(stdout).to.match(/^ {2}weekly {3}@weekly {5}disabled$/m);
    expect(stdout).to.include('Kubeflow Pipelines was not asked: the settings have no kfp.');
    expect(JSON.parse((await call(['--json'], 'no-kfp.yaml')).stdout)).to.include({ isCompared: false });
    expect(api.requests).to.have.length(asked);
  });

  it('says that there are none', async () => {
    const { stdout } = await call(['--set', 'pipeline.schedules=[]', '--set', 'repository.name=third']);
    expect(stdout).to.equal(
      'acme/third has no schedules in its configuration, and Kubeflow Pipelines has none in data-science.\n',
    );
  });

  it('says what to ask for if the rights are missing', async () => {
    givesTokens = false;
    const { code, stdout, stderr } = await call([]);
    givesTokens = true;
    expect(code).to.equal(3);
    expect(stdout).to.equal('');
    expect(stderr)
      .to.include('getting a token for the service account kfops-publisher in kfops was refused (403')
      .and.to.include('the Role kfops-reach-kubeflow (deploy/laptop/reach-kubeflow.yaml)');
  });
});
