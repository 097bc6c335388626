import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import { startKubernetes, type ApiObject, type KubernetesStandIn } from '../fixtures/kubernetes.js';
import { kfops, type Result } from './kfops.js';
import { temporaryFolder, write, writeProject } from './project.js';

/** A workflow of a real run that has this name, repository and age. */
function aWorkflow(
  fixture: string,
  name: string,
  repository: string,
  minutesAgo: number,
  pullRequest?: number,
): ApiObject {
  const file = new URL(`../fixtures/argo/${fixture}.json`, import.meta.url);
  const { workflow } = JSON.parse(readFileSync(file, 'utf8')) as { workflow: ApiObject };
  const labels = {
    ...workflow.metadata.labels,
    'kfops.dev/repository': repository,
    ...(pullRequest !== undefined && { 'kfops.dev/pull-request': String(pullRequest) }),
  };
  const creationTimestamp = new Date(Date.now() - minutesAgo * 60_000).toISOString();
  return { ...workflow, metadata: { ...workflow.metadata, name, labels, creationTimestamp } };
}

describe('kfops with the newest workflow of the repository', () => {
  const cwd = temporaryFolder();
  let api: KubernetesStandIn;

  before(async () => {
    api = await startKubernetes();
    write(cwd, {
      kubeconfig: api.kubeconfig,
      'elsewhere/file': '',
      'broken/config_files/config.yaml': 'repository: {owner: me, name: iris}\npipeline: {nmae: Iris}\n',
      'rules.yaml': `server:
  repositories: [me/iris]
  github: {token_file: /none, webhook_secret_files: [/none]}
  minio: {access_key_file: /none, secret_key_file: /none}
  rules:
    - {repositories: [me/iris], registries: [r.example.com/me], namespaces: [me], pipelines: [p], build_namespace: kfops-me}
`,
    });
    writeProject(join(cwd, 'iris'), ['one']);
    const objects = api.collection('workflows', 'kfops');
    objects.create(aWorkflow('two-images', 'by-server', 'me.iris', 5, 17));
    objects.create(aWorkflow('two-images', 'by-cli', 'me.iris', 30));
    objects.create(aWorkflow('two-images', 'of-others', 'you.iris', 1));
    const other = aWorkflow('two-images', 'of-nobody', 'me.iris', 0);
    objects.create({
      ...other,
      metadata: { ...other.metadata, labels: { 'kfops.dev/repository': 'me.iris' } },
    });
    api.collection('workflows', 'kfops-me').create(aWorkflow('one-of-five-broken', 'by-rule', 'me.iris', 2));
  });
  after(() => api.close());

  const call = (args: string[], folder = 'iris'): Promise<Result> =>
    kfops(args, { cwd: join(cwd, folder), env: { KUBECONFIG: join(cwd, 'kubeconfig') } });
  const git = (folder: string, ...args: string[]): void => {
    execFileSync('git', ['-C', join(cwd, folder), ...args], { stdio: 'ignore' });
  };

  const LATEST = /^Latest workflow of me\/iris: by-server in kfops, 5m \S+ ago$/m;

  for (const args of [['status'], ['status', '@latest'], ['watch'], ['retry'], ['cancel', '@latest']])
    it(`${args.join(' ')} takes it and says so`, async () => {
      const { code, stderr } = await call(args);
      expect(stderr).to.match(LATEST);
      expect(code).to.equal(0);
    });

  it('status prints the workflow alone on stdout, and also as JSON', async () => {
    const [text, data] = await Promise.all([call(['status']), call(['status', '--json'])]);
    expect(text.stdout).to.match(/^✓ \S+ succeeded/);
    expect(JSON.parse(data.stdout)).to.include({ phase: 'succeeded' });
  });

  it('logs @latest IMAGE prints the log of one image', async () => {
    const pods = api.requests.length;
    const { stderr } = await call(['logs', '@latest', 'one']);
    expect(stderr).to.match(LATEST);
    const asked = api.requests.slice(pods).map(({ path }) => path);
    expect(asked.filter((path) => path.endsWith('/log'))).to.have.length(1);
    expect(asked).to.include('/apis/argoproj.io/v1alpha1/namespaces/kfops/workflows/by-server');
  });

  it('logs with an image in place of a name says how to write it', async () => {
    for (const step of ['one', 'compile']) {
      const { code, stderr } = await call(['logs', step]);
      expect(stderr)
        .to.include(`There is no workflow ${step} in the namespace kfops`)
        .and.to.include(`\`kfops logs @latest ${step}\``);
      expect(code).to.equal(1);
    }
    expect((await call(['logs', 'two'])).stderr).not.to.include('@latest');
  });

  it('finds the configuration of a folder above, even if it has errors', async () => {
    expect((await call(['status'], 'iris/images/one')).stderr).to.match(LATEST);
    expect((await call(['status'], 'broken')).stderr).to.match(LATEST);
  });

  it('looks in the namespace of the rule too, and hints name it', async () => {
    const { code, stderr } = await call(['cancel', '@latest', '--settings', '../rules.yaml']);
    expect(stderr)
      .to.include('Latest workflow of me/iris: by-rule in kfops-me')
      .and.to.match(/was finished already: kfops status by-rule .*-n kfops-me/);
    expect(code).to.equal(0);
    const given = await call(['status', '--settings', '../rules.yaml', '-n', 'kfops']);
    expect(given.stderr).to.match(LATEST);
  });

  it('leaves out a namespace that it has no permission for, and says so', async () => {
    api.fault({
      when: ({ path }) => path.includes('/kfops-me/'),
      answer: { status: 403, reason: 'Forbidden', message: 'no' },
    });
    const { code, stderr } = await call(['status', '--settings', '../rules.yaml']);
    expect(stderr)
      .to.match(LATEST)
      .and.to.match(/! Left out: .*kfops-me/);
    expect(code).to.equal(0);
  });

  it('without permission for any namespace, that is the error', async () => {
    api.fault({
      when: ({ path }) => path.endsWith('/workflows'),
      answer: { status: 403, reason: 'Forbidden', message: 'no' },
    });
    const { code, stderr } = await call(['status']);
    expect(stderr).to.include('listing the workflows in kfops');
    expect(code).to.equal(3);
  });

  it('takes the git remote where there is no configuration, and refuses several', async () => {
    git('elsewhere', 'init', '--quiet');
    const none = await call(['status'], 'elsewhere');
    expect(none.code).to.equal(2);
    expect(none.stderr).to.include('no git remote on GitHub').and.to.include('`kfops status --all`');
    git('elsewhere', 'remote', 'add', 'origin', 'git@github.com:me/iris.git');
    git('elsewhere', 'remote', 'add', 'again', 'https://github.com/Me/iris');
    git('elsewhere', 'remote', 'add', 'local', '/srv/git/iris.git');
    expect((await call(['status'], 'elsewhere')).stderr).to.match(LATEST);
    git('elsewhere', 'remote', 'add', 'upstream', 'https://github.com/acme/iris.git');
    const several = await call(['status'], 'elsewhere');
    expect(several.code).to.equal(2);
    expect(several.stderr).to.include('upstream acme/iris').and.to.include('origin me/iris');
  });

  it('says when the repository has no workflow', async () => {
    const { code, stderr } = await call(['logs', '-n', 'empty']);
    expect(stderr)
      .to.include('There is no workflow of me/iris in the namespace empty')
      .and.to.include('`kfops status --all -n empty`');
    expect(code).to.equal(1);
  });

  it('cancel needs a name, and refuses other words with @', async () => {
    const [none, other] = await Promise.all([call(['cancel']), call(['status', '@newest'])]);
    expect(none.code).to.equal(2);
    expect(none.stderr).to.include("missing required argument 'NAME'");
    expect(other.code).to.equal(2);
  });

  it('status --all lists the workflows of all repositories, and takes no name', async () => {
    const [list, both] = await Promise.all([
      call(['status', '--all'], 'elsewhere'),
      call(['status', 'x', '--all']),
    ]);
    expect(list.stdout).to.include('of-others').and.to.include('by-server').and.not.to.include('of-nobody');
    expect(both.code).to.equal(2);
    expect(both.stderr).to.include("'--all' cannot be used with the name 'x'");
  });
});
