import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerResponse } from 'node:http';

import { expect } from 'chai';

import type { ObservedWorkflow } from '../../argo/status/observed.js';
import { createWorkflow } from '../../generator/workflow/create.js';
import { argoController } from '../fixtures/argo-controller.js';
import { argoStatus } from '../support/argo-status.js';
import { anImage, aPlan, WORKFLOW_SETTINGS } from '../support/plan.js';
import { fakeApi, json, type FakeApi } from '../unit/argo/fake-api.js';
import { kfops } from './kfops.js';
import { temporaryFolder, write, writeProject } from './project.js';

const WORKFLOWS = '/apis/argoproj.io/v1alpha1/namespaces/kfops/workflows';

/** A workflow of a real run, by its name there. */
function recorded(fixture: string): ObservedWorkflow {
  const file = new URL(`../fixtures/argo/${fixture}.json`, import.meta.url);
  const { workflow } = JSON.parse(readFileSync(file, 'utf8')) as { workflow: ObservedWorkflow };
  return workflow;
}

/** The same with its image `one` reused instead of built. */
function reusingOne({ metadata, spec, ...rest }: ObservedWorkflow, name: string): ObservedWorkflow {
  const digest = `sha256:${'a'.repeat(64)}`;
  const repository = 'registry.example:5000/team/one';
  const revision = 'abc1234def0123456789abcdef0123456789abcd';
  // Written into the images that the compile step is given.
  const output = /"\{\\"one\\":\\"[^@]*@\{\{.*?\}\}/;
  const json = JSON.stringify(spec).replace(output, `"{\\"one\\":\\"${repository}@${digest}`);
  return {
    ...rest,
    metadata: {
      ...metadata,
      name,
      annotations: {
        ...metadata.annotations,
        'kfops.dev/reused': JSON.stringify({ one: { repository, digest, revision } }),
      },
    },
    spec: JSON.parse(json) as ObservedWorkflow['spec'],
  };
}

/** A workflow that has ended, in which the registry refused the tag of the one image, which is reused. */
function withoutTag(name: string): ObservedWorkflow {
  const image = anImage('trainer', { decision: { action: 'reuse', digest: `sha256:${'a'.repeat(64)}` } });
  const made = createWorkflow(aPlan({ images: [image] }), WORKFLOW_SETTINGS, { name });
  const workflow = {
    ...made,
    metadata: { ...made.metadata, name, uid: 'u', resourceVersion: '1' },
  } as unknown as ObservedWorkflow;
  const status = argoStatus(workflow, 'Succeeded', {}, 'Succeeded');
  const result = { skipped: 'it is immutable', cause: 'immutable' };
  const value = JSON.stringify({ images: [{ name: 'trainer', result }], bases: [] });
  for (const node of Object.values(status.nodes ?? {}))
    if (node.templateName === 'tag-images')
      Object.assign(node, { outputs: { parameters: [{ name: 'tags', value }] } });
  return { ...workflow, status };
}

/** The verbs that know only a workflow's name, against an API server that holds these workflows. */
describe('kfops with a cluster', () => {
  const cwd = temporaryFolder();
  const workflows = new Map<string, ObservedWorkflow>();
  const submitted: { metadata: { name: string; annotations: Record<string, string> } }[] = [];
  const watching: ServerResponse[] = [];
  let onWatch: (() => void) | undefined;
  let granted = true;
  /** Of all namespaces; absent: the user cannot list them. */
  let deployments: object[] | undefined;
  /** NetworkPolicies of each namespace; absent: the user cannot list them. */
  let policies: object[] | undefined;
  /** How far the API server's clock is behind, in milliseconds. */
  let lateMs = 0;
  let api: FakeApi;

  before(async () => {
    api = await fakeApi((request, response, body) => {
      response.setHeader('date', new Date(Date.now() - lateMs).toUTCString());
      const url = new URL(request.url ?? '', 'http://api');
      const name = url.pathname.startsWith(`${WORKFLOWS}/`)
        ? url.pathname.slice(WORKFLOWS.length + 1)
        : undefined;
      const only = /^metadata\.name=(.*)$/.exec(url.searchParams.get('fieldSelector') ?? '')?.[1];
      if (url.pathname === '/version') json(response, 200, { gitVersion: 'v1.34.4' });
      else if (url.pathname === '/apis/argoproj.io/v1alpha1')
        json(response, 200, { resources: [{ name: 'workflows' }] });
      else if (url.pathname.endsWith('/selfsubjectaccessreviews'))
        json(response, 201, { status: { allowed: granted } });
      else if (url.pathname === WORKFLOWS && request.method === 'POST') {
        submitted.push(JSON.parse(body) as (typeof submitted)[number]);
        json(response, 201, {});
      } else if (url.pathname === WORKFLOWS && url.searchParams.has('watch')) {
        response.writeHead(200).flushHeaders();
        watching.push(response);
        onWatch?.();
      } else if (url.pathname === WORKFLOWS) {
        const items = [...workflows.values()].filter(({ metadata }) => !only || metadata.name === only);
        json(response, 200, { metadata: { resourceVersion: '1' }, items });
      } else if (name !== undefined && workflows.has(name)) json(response, 200, workflows.get(name));
      else if (url.pathname === '/apis/apps/v1/deployments')
        if (deployments) json(response, 200, { items: deployments });
        else json(response, 403, { message: 'no' });
      else if (url.pathname.endsWith('/networkpolicies') && policies)
        json(response, 200, { items: policies });
      else if (url.pathname.endsWith('/pods') && request.method === 'POST' && url.search === '?dryRun=All')
        json(response, 403, { message: 'forbidden: violates PodSecurity "restricted:latest": runAsUser=0' });
      else if (url.pathname.endsWith('/pods')) json(response, 200, { items: [] });
      else if (url.pathname.endsWith('/log')) response.end('a line\n\u001b[31mred\u001b[0m \u001b[2Jwiped\n');
      else if (url.pathname.startsWith('/api/v1/namespaces')) json(response, 403, { message: 'no' });
      else json(response, 404, { message: 'not found' });
    });
    write(cwd, {
      kubeconfig: JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        clusters: [{ name: 'c', cluster: { server: api.client.address, 'insecure-skip-tls-verify': true } }],
        users: [{ name: 'u', user: { token: 't' } }],
        contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
        'current-context': 'c',
      }),
    });
    for (const fixture of ['two-images', 'one-of-five-broken', 'stopped']) {
      const workflow = recorded(fixture);
      const metadata = { ...workflow.metadata, name: fixture };
      workflows.set(fixture, { ...workflow, metadata });
    }
    workflows.set('reusing', reusingOne(recorded('two-images'), 'reusing'));
    workflows.set('without-tag', withoutTag('without-tag'));
    const { status, ...rest } = recorded('two-images');
    const metadata = { ...rest.metadata, name: 'busy', creationTimestamp: new Date().toISOString() };
    workflows.set('busy', { ...rest, metadata, status: { ...status, phase: 'Running', nodes: {} } });
    workflows.set('busy-reusing', reusingOne(workflows.get('busy')!, 'busy-reusing'));
  });
  after(async () => {
    for (const response of watching) response.destroy();
    await api.close();
  });

  const call = (args: string[], more: Partial<Parameters<typeof kfops>[1]> = {}) =>
    kfops(args, { cwd, env: { KUBECONFIG: join(cwd, 'kubeconfig') }, ...more });

  describe('build --if-changed', () => {
    const generate = async (...more: string[]): Promise<string> => {
      const { code, stderr } = await kfops(['generate', 'iris', '-o', 'made.yaml', ...more], { cwd });
      expect(code, stderr).to.equal(0);
      const label = /kfops\.dev\/content: '?([0-9a-f-]+)/.exec(
        readFileSync(join(cwd, 'made.yaml'), 'utf8'),
      )?.[1];
      expect(label).to.be.a('string');
      return label ?? '';
    };
    /** The last successful build had this content. */
    const hasBuilt = (content: string): void => {
      const workflow = recorded('no-images');
      const { metadata } = workflow;
      const labels = {
        ...metadata.labels,
        'kfops.dev/content': content,
        'workflows.argoproj.io/phase': 'Succeeded',
      };
      workflows.set('built', { ...workflow, metadata: { ...metadata, name: 'built', labels } });
    };
    before(() => {
      writeProject(join(cwd, 'iris'), []);
    });
    afterEach(() => {
      workflows.delete('built');
    });

    for (const args of [
      ['build', 'iris', '--if-changed'],
      ['build', 'iris', '--if-changed', '--wait'],
    ]) {
      it(`${args.join(' ')} submits nothing where the last build made the same`, async () => {
        hasBuilt(await generate());
        const result = await call(args);
        expect(result.stderr).to.equal('✓ Nothing changed: the pipeline is that of built\n');
        expect(result.stdout).to.equal('');
        expect(result.code).to.equal(0);
      });
    }

    it('goes on where the pipeline has another argument', async () => {
      hasBuilt(await generate('--set', 'pipeline_args.epochs=3'));
      const { code, stderr } = await call(['build', 'iris', '--if-changed', '--timeout', '1']);
      // There is no object store here.
      expect(code, stderr).not.to.equal(0);
      expect(stderr).to.include('Iris').and.to.include('object store').and.not.to.include('Nothing changed');
    });

    it('goes on where nothing was built', async () => {
      const { code, stderr } = await call(['build', 'iris', '--if-changed', '--timeout', '1']);
      expect(code).not.to.equal(0);
      expect(stderr).to.include('object store').and.not.to.include('Nothing changed');
    });

    for (const option of ['--force', '--tag=v1']) {
      it(`is wrong usage with ${option}`, async () => {
        const { code, stderr } = await call(['build', 'iris', '--if-changed', option]);
        expect(code).to.equal(2);
        expect(stderr).to.include('cannot be used with');
      });
    }
  });

  describe('where Argo watches another namespace', () => {
    const STORE = {
      KFOPS_MINIO_ENDPOINT: '127.0.0.1:1',
      KFOPS_MINIO_ACCESS_KEY: 'a',
      KFOPS_MINIO_SECRET_KEY: 's',
    };
    before(() => {
      deployments = [argoController(['--namespaced'])];
      writeProject(join(cwd, 'elsewhere'), ['trainer']);
      write(cwd, {
        'with-images.yaml':
          'images: {registry: registry.example.com/kfops}\nkfp: {endpoint: "http://ml-pipeline:8888"}\n',
      });
    });
    after(() => {
      deployments = undefined;
    });

    for (const verb of ['build', 'run'])
      it(`${verb} uploads and submits nothing, and says which namespace that is`, async () => {
        const before = submitted.length;
        // An upload would fail: nothing listens there.
        const { code, stderr } = await call(
          [verb, 'elsewhere', '--settings', 'with-images.yaml', '-n', 'empty', '--timeout', '5'],
          { env: { ...STORE, KUBECONFIG: join(cwd, 'kubeconfig') } },
        );
        expect(code, stderr).to.equal(3);
        expect(stderr)
          .to.include('Deployment workflow-controller in kubeflow')
          .and.include('watches only the namespace kubeflow, so no workflow in empty ever starts')
          .and.include('--namespace kubeflow')
          .and.not.include('Object store at');
        expect(submitted.length).to.equal(before);
      });

    it('doctor says the same', async () => {
      const { stdout } = await call(['doctor', '-n', 'empty']);
      expect(stdout).to.include('✗ Argo’s controller').and.include('`namespace: kubeflow`');
    });
  });

  describe('watch', () => {
    for (const [name, code, says] of [
      ['two-images', 0, '✓ two-images succeeded'],
      ['one-of-five-broken', 1, '✗ one-of-five-broken failed'],
      ['stopped', 1, '✗ stopped stopped'],
      ['never-there', 3, '? never-there unknown'],
    ] as const) {
      it(`ends with ${code} for ${name}`, async () => {
        const result = await call(['watch', name]);
        expect(result.stderr).to.include(says);
        expect(result.code).to.equal(code);
        expect(result.stdout).to.equal('');
      });
    }

    for (const [signal, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const) {
      it(`leaves the workflow running at ${signal} without a terminal, and says how to stop it`, async () => {
        const result = await call(['watch', 'busy'], {
          during: (child) => {
            onWatch = () => child.kill(signal);
          },
        });
        onWatch = undefined;
        expect(result.code).to.equal(code);
        expect(result.stderr)
          .to.include('busy continues in the cluster')
          .and.to.include('kfops cancel -n kfops busy');
        expect(api.requests.filter((request) => request.startsWith('PATCH'))).to.deep.equal([]);
      });
    }
  });

  it('status --all lists the workflows, the latest first, on stdout', async () => {
    const { code, stdout } = await call(['status', '--all']);
    expect(code).to.equal(0);
    expect(stdout.split('\n')[0]).to.match(/^\S busy /);
    expect(stdout).to.include('one-of-five-broken');
  });

  it('status NAME tells each step, and --json all of it', async () => {
    const [text, data] = await Promise.all([
      call(['status', 'one-of-five-broken']),
      call(['status', 'one-of-five-broken', '--json']),
    ]);
    expect(text.code).to.equal(0);
    expect(text.stdout).to.include('✗ one-of-five-broken failed').and.to.include('compile');
    const result = JSON.parse(data.stdout) as { phase: string; images: { state: string }[] };
    expect(result.phase).to.equal('failed');
    expect(result.images.filter(({ state }) => state === 'failed')).to.have.length(1);
  });

  it('a workflow that is not there is an error that says how to find those that are', async () => {
    for (const args of [
      ['status', 'nope'],
      ['logs', 'nope'],
      ['retry', 'nope'],
      ['cancel', 'nope'],
    ]) {
      const { code, stderr } = await call(args);
      expect(code, args[0]).to.equal(1);
      expect(stderr).to.include('workflow nope in the namespace kfops').and.to.include('kfops status --all');
    }
  });

  it('logs are harmless, of one step plain, of several with their names', async () => {
    const [one, all, none] = await Promise.all([
      call(['logs', 'two-images', 'one']),
      call(['logs', 'two-images']),
      call(['logs', 'two-images', 'onne']),
    ]);
    expect(one.stdout).to.equal('a line\nred \\x1b[2Jwiped\n');
    expect(all.stdout).to.include('one | a line\n').and.to.include('compile | a line\n');
    expect(none.code).to.equal(1);
    expect(none.stderr).to.include('Did you mean one?');
  });

  it('logs of a reused image say that it needed no build, at once', async () => {
    const results = await Promise.all([
      call(['logs', 'reusing', 'one']),
      call(['logs', 'busy-reusing', 'one', '--follow']),
    ]);
    for (const { code, stdout, stderr } of results) {
      expect(code).to.equal(0);
      expect(stdout).to.equal('');
      expect(stderr).to.equal('one needed no build: unchanged since abc1234\n');
    }
  });

  it('status and watch tell which images are reused', async () => {
    const [status, watch] = await Promise.all([call(['status', 'reusing']), call(['watch', 'reusing'])]);
    expect(status.stdout)
      .to.match(/↺ one +reused +unchanged/)
      .and.to.include('unchanged since abc1234, registry.example:5000/team/one@sha256:aaaa');
    expect(watch.stderr).to.include('↺ one reused: unchanged since abc1234, sha256:aaaa');
    expect(watch.code).to.equal(0);
  });

  it('status and watch tell which tags were refused', async () => {
    const [text, data, watch] = await Promise.all([
      call(['status', 'without-tag']),
      call(['status', 'without-tag', '--json']),
      call(['watch', 'without-tag']),
    ]);
    const warning =
      '`trainer` did not get the tag `0123456789ab`: it is immutable. Allow the registry to change this tag, or use the digest of the image.';
    expect(text.stdout)
      .to.match(/✓ tag +succeeded/)
      .and.to.include(`\nTags\n  ! ${warning}\n`);
    expect(watch.stderr).to.include(`\nTags\n  ! ${warning}\n`);
    expect(watch.code).to.equal(0);
    const { tags } = JSON.parse(data.stdout) as { tags: { warnings: string[]; images: unknown[] } };
    expect(tags.warnings).to.deep.equal([warning]);
    expect(tags.images).to.have.length(1);
  });

  it('cancel says of a finished workflow that it was finished', async () => {
    const { code, stderr } = await call(['cancel', 'two-images']);
    expect(code).to.equal(0);
    expect(stderr).to.include('was finished already');
  });

  describe('retry', () => {
    it('submits a new workflow for what failed, and gives its name to scripts', async () => {
      const { code, stdout, stderr } = await call(['retry', 'one-of-five-broken']);
      expect(stderr)
        .to.match(/Builds again: \S+\n/)
        .and.to.include('Takes over:');
      expect(code).to.equal(0);
      expect(stdout).to.equal(`${submitted.at(-1)!.metadata.name}\n`);
      expect(submitted.at(-1)!.metadata.annotations).to.include({
        'kfops.dev/retry-of': 'one-of-five-broken',
      });
    });
    it('does nothing for one that succeeded, and refuses one that runs', async () => {
      const before = submitted.length;
      const [done, busy] = await Promise.all([call(['retry', 'two-images']), call(['retry', 'busy'])]);
      expect(done.code).to.equal(0);
      expect(done.stderr).to.include('nothing is left to do');
      expect(busy.code).to.equal(1);
      expect(busy.stderr).to.include('busy still runs').and.to.include('kfops cancel busy');
      expect(submitted.length).to.equal(before);
    });
  });

  describe('run', () => {
    before(() => {
      writeProject(cwd, []);
      write(cwd, {
        'settings.yaml':
          'kfp: {endpoint: "http://ml-pipeline:8888"}\nimages: {registry: registry.example.com/kfops}\n',
      });
    });

    it('submits a run of a version, and gives the workflow’s name to scripts', async () => {
      const args = ['run', '--settings', 'settings.yaml', '--version-name', 'pr-17-1a2b3c4d5e6f'];
      const { code, stdout, stderr } = await call(args);
      expect(stderr).to.include('Version pr-17-1a2b3c4d5e6f of Iris in namespace data-science');
      expect(code).to.equal(0);
      expect(stdout).to.equal(`${submitted.at(-1)!.metadata.name}\n`);
      expect(JSON.stringify(submitted.at(-1))).to.include('--version=pr-17-1a2b3c4d5e6f');
    });

    it('refuses without Kubeflow Pipelines, and two versions at once', async () => {
      const before = submitted.length;
      const [nowhere, both] = await Promise.all([
        call(['run', '--version-name', 'v']),
        call(['run', '--settings', 'settings.yaml', '--version-name', 'v', '--version-id', 'x']),
      ]);
      expect(nowhere.code).to.equal(2);
      expect(nowhere.stderr).to.include('KFP_MISSING').and.to.include('ml-pipeline.kubeflow');
      expect(both.code).to.equal(2);
      expect(both.stderr).to.include('cannot be used with');
      expect(submitted.length).to.equal(before);
    });
  });

  describe('doctor', () => {
    const env = {
      KFOPS_MINIO_ENDPOINT: 'http://127.0.0.1:1',
      KFOPS_MINIO_ACCESS_KEY: 'a',
      KFOPS_MINIO_SECRET_KEY: 's',
    };
    it('tells what is ok, what is not and what cannot be told, and ends with 1', async () => {
      granted = false;
      const { code, stdout } = await call(['doctor'], {
        env: { ...env, KUBECONFIG: join(cwd, 'kubeconfig') },
      });
      granted = true;
      expect(code).to.equal(1);
      expect(stdout)
        .to.match(/✓ Node {2}\d/)
        .and.to.include('✓ Kubernetes API  v1.34.4');
      expect(stdout)
        .to.include('✗ Right to create workflows.argoproj.io in kfops')
        .and.to.include('kfops-submitter');
      expect(stdout).to.include('? Contents of kfops').and.to.include('✗ Object store');
    });
    it('--json holds every check, each with what to do where it is not ok', async () => {
      const { stdout } = await call(['doctor', '--json'], {
        env: { ...env, KUBECONFIG: join(cwd, 'kubeconfig') },
      });
      const checks = JSON.parse(stdout) as { name: string; state: string; nextStep?: string }[];
      expect(checks.find(({ name }) => name === 'Rights in kfops')).to.include({ state: 'ok' });
      for (const check of checks.filter(({ state }) => state === 'problem'))
        expect(check.nextStep, check.name).to.not.be.oneOf([undefined, '']);
    });
    it('finds what would stop the pods: their security, network, a login that ends and a wrong clock', async () => {
      const claims = Buffer.from(JSON.stringify({ exp: Date.now() / 1000 + 3600 })).toString('base64url');
      const token = `secret-header.${claims}.secret-signature`;
      const text = readFileSync(join(cwd, 'kubeconfig'), 'utf8').replace('"token":"t"', `"token":"${token}"`);
      write(cwd, { 'kubeconfig-short': text });
      policies = [
        {
          metadata: { name: 'deny', namespace: 'kfops' },
          spec: { podSelector: {}, policyTypes: ['Egress'] },
        },
      ];
      lateMs = 3 * 60_000;
      const { stdout, stderr } = await call(['doctor', '--json'], {
        cwd: temporaryFolder(),
        env: { ...env, KUBECONFIG: join(cwd, 'kubeconfig-short') },
      });
      policies = undefined;
      lateMs = 0;
      expect(stdout + stderr)
        .not.to.include('secret-')
        .and.not.include(claims);
      const checks = JSON.parse(stdout) as { name: string; state: string; found: string }[];
      const found = (name: string) => checks.find((check) => check.name === name);
      expect(found('Login')).to.include({ state: 'unknown' });
      expect(found('Login')?.found).to.match(
        /^the token of the kubeconfig expires in (?:59 minutes|1 hour), at /,
      );
      expect(found('Clock')).to.include({ state: 'unknown' });
      expect(found('Clock')?.found).to.match(
        /^this machine’s clock is [23] minutes ahead of that of the Kubernetes API$/,
      );
      expect(found('Pod security')).to.include({ state: 'problem' });
      expect(found('Network: DNS')).to.include({ state: 'problem' });
      expect(found('Network: the object store')).to.include({ state: 'problem' });
    });
    it('says what it has no permission to check', async () => {
      const { stdout } = await call(['doctor'], { env: { ...env, KUBECONFIG: join(cwd, 'kubeconfig') } });
      expect(stdout)
        .to.include('? Network policies  not checked: no permission')
        .and.include('✓ Clock  agrees with that of the Kubernetes API')
        .and.not.include('Login');
    });
    it('names the namespace that it looks at', async () => {
      const { stdout } = await call(['doctor', '-n', 'empty'], {
        env: { ...env, KUBECONFIG: join(cwd, 'kubeconfig') },
      });
      expect(stdout).to.match(/✓ Kubeconfig {2}context \w+, namespace empty\n/);
    });
    it('looks at the build namespace of each rule, and names it in each line', async () => {
      const rule = (team: string): string =>
        `{repositories: [acme/${team}], registries: [registry.example/${team}], namespaces: [${team}], pipelines: ['*'], build_namespace: ${team}-builds}`;
      // Without the configuration of the other tests.
      const folder = temporaryFolder();
      write(folder, {
        'rules.yaml': `server: {rules: [${rule('a')}, ${rule('b')}, {repositories: [acme/c], registries: [registry.example/c], namespaces: [c], pipelines: ['*']}]}\n`,
      });
      const checks = async (...args: string[]): Promise<{ name: string; found: string }[]> => {
        const { stdout } = await call(['doctor', '--json', '--settings', 'rules.yaml', ...args], {
          cwd: folder,
          env: { ...env, KUBECONFIG: join(cwd, 'kubeconfig') },
        });
        return JSON.parse(stdout) as { name: string; found: string }[];
      };
      const found = await checks();
      expect(found.find(({ name }) => name === 'Kubeconfig')?.found).to.match(
        /, namespaces kfops, a-builds, b-builds$/,
      );
      const names = found.map(({ name }) => name);
      for (const namespace of ['kfops', 'a-builds', 'b-builds'])
        expect(names).to.include.members([
          ...[`Argo’s controller in ${namespace}`, `Rights in ${namespace}`, `Contents of ${namespace}`],
          ...[`Pod security in ${namespace}`, `Network policies in ${namespace}`],
        ]);
      expect(names.filter((name) => name === 'Argo Workflows')).to.have.length(1);
      expect(new Set(names).size).to.equal(names.length);
      const one = (await checks('-n', 'b-builds')).map(({ name }) => name);
      expect(one).to.include.members(['Argo’s controller', 'Rights in b-builds']);
      expect(one.filter((name) => /a-builds|kfops$/.test(name))).to.deep.equal([]);
    });
    it('has one line for Kfops’ own images without a registry', async () => {
      const folder = temporaryFolder();
      write(folder, { 'empty.yaml': '' });
      const { stdout } = await call(['doctor', '--settings', 'empty.yaml'], {
        cwd: folder,
        env: { ...env, KUBECONFIG: join(cwd, 'kubeconfig') },
      });
      expect(stdout).to.include('✗ Kfops’ own images  no registry for them is configured');
      expect(stdout.match(/no registry for /g)).to.have.length(1);
    });
    it('without a kubeconfig says how to choose a cluster', async () => {
      const { code, stdout } = await kfops(['doctor'], { cwd, env });
      expect(code).to.equal(1);
      expect(stdout).to.include('✗ Kubeconfig').and.to.include('--kubeconfig');
    });
    it('without a kubeconfig does not report the keys of a store that only the cluster reaches', async () => {
      const { stdout } = await kfops(['doctor'], { cwd });
      expect(stdout).to.include(
        '? Object store  not looked at: the way to it is the Kubernetes API, and no cluster is chosen',
      );
      const withKeys = { KFOPS_MINIO_ACCESS_KEY: 'a', KFOPS_MINIO_SECRET_KEY: 's' };
      const keys = await kfops(['doctor'], { cwd, env: withKeys });
      expect(keys.stdout).to.include('✗ Object store');
    });
  });

  it('in a wrong folder, what is missing there is told before the cluster that is missing, too', async () => {
    const { code, stderr } = await kfops(['build'], { cwd });
    expect(code).to.equal(2);
    expect(stderr).to.include('config_files/config.yaml is not in').and.not.include('KUBECONFIG');
  });

  it('without a cluster nothing is uploaded', async () => {
    const project = temporaryFolder();
    writeProject(project, ['trainer']);
    // An upload would end with 3: nothing listens there.
    const { code, stderr } = await kfops(['build'], {
      cwd: project,
      env: { KFOPS_MINIO_ENDPOINT: '127.0.0.1:1', KFOPS_MINIO_ACCESS_KEY: 'a', KFOPS_MINIO_SECRET_KEY: 's' },
    });
    expect(code).to.equal(2);
    expect(stderr).to.include('There is no kubeconfig');
  });

  it('a name that is none, or a context that is not there, is wrong usage', async () => {
    const [name, context] = await Promise.all([
      call(['status', 'a,metadata.name=b']),
      call(['status', '--context', 'other']),
    ]);
    expect(name.code).to.equal(2);
    expect(context.code).to.equal(2);
    expect(context.stderr).to.include('Choose one of c');
  });
});
