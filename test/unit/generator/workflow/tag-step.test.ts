import { expect } from 'chai';

import type { PlannedImage } from '../../../../generator/plan/plan-types.js';
import { registryLogin } from '../../../../generator/workflow/registry-login.js';
import { LOCKED_DOWN } from '../../../../generator/workflow/step.js';
import { BuildLayout } from '../../../../generator/workflow/builds.js';
import { createWorkflow } from '../../../../generator/workflow/create.js';
import { checkedOutput } from '../../../../generator/workflow/step-output.js';
import { tagStep, type BaseToCheck, type TagWork } from '../../../../generator/workflow/tag-step.js';
import type { DagTask, DagTemplate } from '../../../../generator/workflow/types.js';
import { ARGO_RELEASES } from '../../../support/argo-releases.js';
import { complaints, strictArgoSchema } from '../../../support/argo-schema.js';
import { anImage, aPlan, WITH_KFP } from '../../../support/plan.js';

/** The task that tags, in the workflow of these images. */
function tagTask(images: readonly PlannedImage[]): DagTask | undefined {
  const [main] = createWorkflow(aPlan({ images }), WITH_KFP).spec.templates;
  return (main as DagTemplate).dag.tasks.find(({ name }) => name === 'tag-images');
}

function workOf(task: DagTask | undefined): TagWork {
  return JSON.parse(task?.arguments?.artifacts?.[0]?.raw.data ?? '') as TagWork;
}

const DIGEST = `sha256:${'1'.repeat(64)}`;
const reused = (name: string, more: Partial<PlannedImage> = {}): PlannedImage =>
  anImage(name, { decision: { action: 'reuse', digest: DIGEST }, ...more });
const ON_BASE: Partial<PlannedImage> = { buildsOn: ['base'] };
const secret = (name: string): Record<string, unknown> => ({ name, secret: { secretName: name } });
const mount = (name: string, mountPath: string): Record<string, unknown> => ({ name, mountPath });
const KANIKO = {
  labels: {},
  pod: { volumes: [secret('login'), secret('other'), { name: 'cache', emptyDir: {} }] },
  container: {
    env: [{ name: 'TOKEN', value: 'x' }],
    volumeMounts: [mount('login', '/kaniko/.docker/'), mount('other', '/secrets'), mount('cache', '/cache')],
  },
};

describe('the step that tags images', () => {
  it('is not there where every image is built', () => {
    expect(tagStep(aPlan(), WITH_KFP)).to.equal(undefined);
  });

  it('gets the images that are not built, and the bases', () => {
    const plan = aPlan({
      images: [anImage('built'), reused('trainer'), reused('local', { insecureRegistry: 'r.example:5000' })],
    });
    const base: BaseToCheck = {
      name: 'python:3.11',
      repository: 'docker.io/library/python',
      tag: '3.11',
      digest: DIGEST,
    };
    const step = tagStep(plan, WITH_KFP, [base])!;
    const [artifact] = step.task.arguments?.artifacts ?? [];
    const common = { digest: DIGEST, tag: '0123456789ab' };
    expect(JSON.parse(artifact?.raw.data ?? '')).to.deep.equal({
      images: [
        { name: 'trainer', repository: 'registry.example.com/team/trainer', ...common },
        { name: 'local', repository: 'registry.example.com/team/local', ...common, insecure: true },
      ],
      bases: [base],
    });
    expect(tagStep(aPlan(), WITH_KFP, [base])).to.not.equal(undefined);
  });

  it('has the registry logins of the builds and nothing else of them', () => {
    const { template } = tagStep(aPlan({ images: [reused('trainer')], kaniko: KANIKO }), WITH_KFP)!;
    expect(template.volumes?.map(({ name }) => name)).to.deep.equal(['tmp', 'out', 'docker-config']);
    expect(template.volumes?.at(-1)).to.deep.equal({
      name: 'docker-config',
      secret: { secretName: 'login' },
    });
    expect(template.container).to.deep.include({
      image: WITH_KFP.kfops.image,
      securityContext: LOCKED_DOWN,
      env: [{ name: 'DOCKER_CONFIG', value: '/kaniko/.docker' }],
    });
    expect(template.container.volumeMounts?.map(({ mountPath }) => mountPath)).to.deep.equal([
      '/tmp',
      '/kfops/out',
      '/kaniko/.docker/',
    ]);
    expect(template.container.volumeMounts?.at(-1)).to.include({ readOnly: true });
    expect(template).to.include({ serviceAccountName: 'default', automountServiceAccountToken: false });
    expect(template.metadata?.labels).to.deep.equal({ 'kfops.dev/step': 'tag' });
  });

  for (const release of ARGO_RELEASES)
    it(`is valid in a workflow of Argo ${release.version}`, function () {
      const images = [reused('trainer'), anImage('base', { secondTag: 'key' }), anImage('app', ON_BASE)];
      const workflow = createWorkflow(aPlan({ images, kaniko: KANIKO }), WITH_KFP, { name: 'kfops-x' });
      expect(workflow.spec.templates.map(({ name }) => name)).to.include('tag-images');
      expect(complaints(strictArgoSchema(this, release), workflow)).to.deep.equal([]);
    });
});

describe('the step that tags images, in a workflow', () => {
  it('is in none that builds images which no other is built on', () => {
    expect(tagTask([anImage('base', { secondTag: 'key' }), anImage('app')])).to.equal(undefined);
  });

  it('waits for no build where it only tags', () => {
    const task = tagTask([reused('base'), anImage('app', ON_BASE)]);
    expect(task?.depends).to.equal(undefined);
    expect(workOf(task).bases).to.deep.equal([]);
    expect(workOf(task).images).to.have.length(1);
  });

  it('checks after all builds that the tags of bases have the digests of their builds', () => {
    const base = anImage('base', { secondTag: 'key', insecureRegistry: 'r.example:5000' });
    const task = tagTask([base, anImage('app', ON_BASE), anImage('other')]);
    expect(task?.depends).to.equal('build-base.Succeeded && build-app.Succeeded && build-other.Succeeded');
    expect(workOf(task)).to.deep.equal({
      images: [],
      bases: [
        {
          name: 'base',
          repository: base.repository,
          tag: 'key',
          digest: checkedOutput({ task: 'build-base', parameter: 'digest' }, 'digest'),
          insecure: true,
        },
      ],
    });
  });

  it('finds the digests in nested DAGs', () => {
    const images = Array.from({ length: 200 }, (_, i) =>
      anImage(`image-${i}`, { secondTag: `key-${i}`, buildsOn: i === 0 ? [] : [`image-${i - 1}`] }),
    );
    const task = tagTask(images);
    expect(task?.depends).to.equal('batch-1.Succeeded && batch-2.Succeeded');
    const { bases } = workOf(task);
    expect(bases).to.have.length(199);
    const layout = new BuildLayout({ images });
    expect(bases.at(-1)?.digest).to.include((layout.digestOf(images[198]!) as { task: string }).task);
    expect(bases.at(-1)?.digest).to.include("tasks['batch-2']");
  });

  it('is waited for by no other task', () => {
    const images = [reused('trainer'), anImage('base', { secondTag: 'key' }), anImage('app', ON_BASE)];
    const [main] = createWorkflow(aPlan({ images, run: true }), WITH_KFP).spec.templates;
    const depends = (main as DagTemplate).dag.tasks.map((task) => task.depends ?? '').join(' ');
    expect(depends).to.include('compile-pipeline').and.not.include('tag-images');
  });
});

describe('the registry login of builds', () => {
  it('is where Kaniko looks for it', () => {
    const pod = { volumes: [secret('tmp'), secret('login')] };
    const login = registryLogin({
      labels: {},
      pod,
      container: {
        env: [{ name: 'DOCKER_CONFIG', value: '/logins/' }],
        volumeMounts: [
          mount('tmp', '/kaniko/.docker'),
          { ...mount('login', '/logins/config.json'), subPath: 'x' },
          mount('tmp', '/logins'),
        ],
      },
    });
    expect(login.folder).to.equal('/logins');
    expect(login.volumes).to.deep.equal([
      { name: 'docker-config', secret: { secretName: 'login' } },
      { name: 'docker-config-2', secret: { secretName: 'tmp' } },
    ]);
    expect(login.volumeMounts).to.deep.equal([
      { name: 'docker-config', mountPath: '/logins/config.json', subPath: 'x', readOnly: true },
      { name: 'docker-config-2', mountPath: '/logins', readOnly: true },
    ]);
  });

  it('is in no claim, and in nothing that is not there', () => {
    const volumes = [{ name: 'claim', persistentVolumeClaim: { claimName: 'x' } }];
    for (const name of ['claim', 'none'])
      expect(
        registryLogin({
          labels: {},
          pod: { volumes },
          container: { volumeMounts: [mount(name, '/kaniko/.docker')] },
        }),
      ).to.deep.equal({ folder: '/kaniko/.docker', volumes: [], volumeMounts: [] });
  });
});
