import { expect } from 'chai';

import type { Plan } from '../../../../generator/plan/plan-types.js';
import { createWorkflow } from '../../../../generator/workflow/create.js';
import { ANNOTATIONS } from '../../../../generator/workflow/names.js';
import { createRunWorkflow } from '../../../../generator/workflow/run-workflow.js';
import { checkedImage, checkedOutput } from '../../../../generator/workflow/step-output.js';
import type {
  ContainerTemplate,
  DagTask,
  DagTemplate,
  Template,
  Workflow,
} from '../../../../generator/workflow/types.js';
import { ARGO_RELEASES } from '../../../support/argo-releases.js';
import { complaints, strictArgoSchema } from '../../../support/argo-schema.js';
import { aContext, anImage, aPlan, WITH_KFP, WORKFLOW_SETTINGS } from '../../../support/plan.js';

const create = (plan: Partial<Plan> = {}, options = {}): Workflow =>
  createWorkflow(aPlan(plan), WORKFLOW_SETTINGS, options);
const withKfp = (plan: Partial<Plan> = {}): Workflow => createWorkflow(aPlan(plan), WITH_KFP);
const task = (workflow: Workflow, name: string): DagTask =>
  dag(workflow).tasks.find((t) => t.name === name) ?? expect.fail(`no task ${name}`);
const imagesOf = (workflow: Workflow, name: string): string => {
  const artifact = task(workflow, name).arguments?.artifacts?.find((each) => each.name === 'images');
  return artifact?.raw.data ?? '';
};
const template = (workflow: Workflow, name: string): Template =>
  workflow.spec.templates.find((t) => t.name === name) ?? expect.fail(`no template ${name}`);
const dag = (workflow: Workflow, name = 'main'): DagTemplate['dag'] =>
  (template(workflow, name) as DagTemplate).dag;
const leaf = (workflow: Workflow, name: string): ContainerTemplate =>
  template(workflow, name) as ContainerTemplate;
const digest = (task: string): string => checkedOutput({ task, parameter: 'digest' }, 'digest');
const images = (count: number, nameLength = 9): Plan['images'] =>
  Array.from({ length: count }, (_, i) => anImage(`image-${i}`.padEnd(nameLength, 'x')));

/** As far from ours as a cluster's `workflowDefaults` may be; the first lines are Kubeflow's. */
const SPEC_DEFAULTS = {
  ttlStrategy: { secondsAfterCompletion: 1, secondsAfterSuccess: 3600, secondsAfterFailure: 3600 },
  automountServiceAccountToken: true,
  executor: { serviceAccountName: 'other' },
  hostNetwork: true,
  activeDeadlineSeconds: 60,
  parallelism: 1,
  podGC: { strategy: 'OnPodCompletion', deleteDelayDuration: '1s' },
  artifactGC: { strategy: 'OnWorkflowCompletion' },
};
const DAG_DEFAULTS = { retryStrategy: { limit: '2', retryPolicy: 'OnError' } };
const STEP_DEFAULTS = {
  retryStrategy: {
    ...DAG_DEFAULTS.retryStrategy,
    expression: 'true',
    backoff: { duration: '1h', factor: '9' },
  },
  serviceAccountName: 'other',
  automountServiceAccountToken: true,
  executor: { serviceAccountName: 'other' },
  activeDeadlineSeconds: '60',
  container: { securityContext: { privileged: true, allowPrivilegeEscalation: true, runAsNonRoot: false } },
};

/** What Argo's controller makes of it: maps are merged, and what is set stays. */
function filled(value: unknown, defaults: unknown): unknown {
  const isMap = (each: unknown): each is object =>
    typeof each === 'object' && each !== null && !Array.isArray(each);
  if (!isMap(value) || !isMap(defaults)) return value ?? defaults;
  const keys = [...new Set([...Object.keys(value), ...Object.keys(defaults)])];
  const field = (of: object, key: string): unknown => (of as Record<string, unknown>)[key];
  return Object.fromEntries(keys.map((key) => [key, filled(field(value, key), field(defaults, key))]));
}

describe('createWorkflow', () => {
  it('builds all images in parallel, then compiles and publishes', () => {
    const { tasks } = dag(create());
    expect(tasks.map(({ name, depends }) => [name, depends])).to.deep.equal([
      ['build-trainer', undefined],
      ['build-server', undefined],
      ['compile-pipeline', 'build-trainer.Succeeded && build-server.Succeeded'],
      ['publish-pipeline', 'compile-pipeline.Succeeded'],
    ]);
  });

  it('goes straight to compiling without images', () => {
    const workflow = create({ images: [] });
    expect(dag(workflow).tasks.map(({ name, depends }) => [name, depends])).to.deep.equal([
      ['compile-pipeline', undefined],
      ['publish-pipeline', 'compile-pipeline.Succeeded'],
    ]);
    expect(workflow.spec.templates.map(({ name }) => name)).to.deep.equal([
      'main',
      'compile-pipeline',
      'publish-pipeline',
    ]);
    expect(imagesOf(workflow, 'compile-pipeline')).to.equal('{}');
  });

  it('runs what it published where the plan says so', () => {
    const workflow = withKfp({ run: true });
    const run = dag(workflow).tasks.at(-1);
    expect(run).to.include({ name: 'run-pipeline', depends: 'publish-pipeline.Succeeded' });
    expect(run?.arguments?.parameters).to.deep.equal([
      {
        name: 'pipeline-id',
        value: checkedOutput({ task: 'publish-pipeline', parameter: 'pipeline-id' }, 'kfpId'),
      },
      {
        name: 'version-id',
        value: checkedOutput({ task: 'publish-pipeline', parameter: 'version-id' }, 'kfpId'),
      },
    ]);
    const { inputs, container } = leaf(workflow, 'run-pipeline');
    expect(inputs?.artifacts).to.deep.equal([
      { name: 'arguments', path: '/kfops/arguments.json', mode: 0o444, raw: { data: '{"rows":3}' } },
    ]);
    // A second attempt must find the first one's run, and a second workflow must not.
    expect(container.args).to.include('--name=0123456789ab {{workflow.name}}');
  });

  it('lets steps that are not root read what they are given', () => {
    for (const name of ['compile-pipeline', 'publish-pipeline', 'run-pipeline']) {
      for (const artifact of leaf(withKfp({ run: true }), name).inputs?.artifacts ?? [])
        expect(artifact, `${name}: ${artifact.name}`).to.include({ mode: 0o444 });
    }
  });

  it('hands every image with its digest to the steps after the builds', () => {
    for (const name of ['compile-pipeline', 'publish-pipeline']) {
      expect(JSON.parse(imagesOf(create(), name))).to.deep.equal({
        trainer: `registry.example.com/team/trainer@${digest('build-trainer')}`,
        server: `registry.example.com/team/server@${digest('build-server')}`,
      });
      expect(leaf(create(), name).container.args).to.include.members([
        '--expect=trainer=registry.example.com/team/trainer',
        '--expect=server=registry.example.com/team/server',
      ]);
    }
  });

  it('gives the code that compiles no token, no account of its own and no Secret', () => {
    const compile = leaf(withKfp({ run: true }), 'compile-pipeline');
    expect(compile).to.include({ serviceAccountName: 'default', automountServiceAccountToken: false });
    expect(compile).to.not.have.any.keys('securityContext');
    expect(JSON.stringify(compile.volumes)).to.equal(
      '[{"name":"tmp","emptyDir":{"sizeLimit":"1Gi"}},{"name":"out","emptyDir":{"sizeLimit":"1Gi"}}]',
    );
    expect(compile.container).to.not.have.any.keys('env', 'envFrom');
    expect(compile.container.image).to.equal('compiler.example/kfops-compiler:1');
  });

  it('gives only the steps that talk to Kubeflow Pipelines a token, and one for it alone', () => {
    for (const name of ['publish-pipeline', 'run-pipeline']) {
      const step = leaf(withKfp({ run: true }), name);
      expect(step.serviceAccountName).to.equal('kfops-publisher');
      expect(step.volumes?.at(-1)).to.deep.equal({
        name: 'token',
        projected: {
          sources: [
            {
              serviceAccountToken: {
                path: 'token',
                audience: 'pipelines.kubeflow.org',
                expirationSeconds: 3600,
              },
            },
          ],
        },
      });
      expect(step.container.args).to.include.members([
        '--endpoint=http://ml-pipeline.kubeflow:8888',
        '--namespace=data-science',
      ]);
      expect(step.retryStrategy.expression).to.contain('lastRetry.exitCode == "3"');
    }
    const alone = leaf(create(), 'publish-pipeline');
    expect(alone.serviceAccountName).to.equal('default');
    expect(JSON.stringify(alone.volumes)).not.to.contain('token');
  });

  it('gives the compile step more time and memory than its script takes', () => {
    const settings = {
      ...WORKFLOW_SETTINGS,
      compiler: { ...WORKFLOW_SETTINGS.compiler, timeout: '5m', memory: 1024 },
    };
    const compile = leaf(createWorkflow(aPlan(), settings), 'compile-pipeline');
    expect(compile.container.args).to.include.members(['--timeout=300', '--memory=1024']);
    expect(compile.activeDeadlineSeconds).to.equal('900');
    expect(compile.container.resources).to.deep.include({ limits: { memory: '1536Mi' } });
    expect(compile.retryStrategy.expression).not.to.contain('exitCode');
  });

  it('compiles in an image of the same build where the configuration names it', () => {
    const { pipeline } = aPlan();
    const workflow = create({ pipeline: { ...pipeline, compilerImage: 'trainer' } });
    expect(leaf(workflow, 'compile-pipeline').container.image).to.equal('{{inputs.parameters.compiler}}');
    expect(task(workflow, 'compile-pipeline').arguments?.parameters).to.deep.include({
      name: 'compiler',
      value: checkedImage(
        'registry.example.com/team/trainer',
        { task: 'build-trainer', parameter: 'digest' },
        WORKFLOW_SETTINGS.compiler.image,
      ),
    });
  });

  it('shares one template among images that differ in parameters only', () => {
    const workflow = create({
      images: [
        anImage('a', { buildArgs: [['PORT', '1']] }),
        anImage('b', { buildArgs: [['HOST', 'x y']] }),
        anImage('c', { buildArgs: [['PORT', '1']], target: 'prod' }),
        anImage('d', { buildArgs: [['PORT', '1']], dockerfile: 'docker/Dockerfile.gpu' }),
      ],
    });
    expect(
      dag(workflow)
        .tasks.slice(0, 4)
        .map((task) => task.template),
    ).to.deep.equal(['kaniko', 'kaniko', 'kaniko-2', 'kaniko']);
    expect(dag(workflow).tasks[1]?.arguments?.parameters).to.deep.include({
      name: 'build-arg-1',
      value: 'HOST=x y',
    });
    expect(dag(workflow).tasks[3]?.arguments?.parameters).to.deep.include({
      name: 'dockerfile',
      value: 'docker/Dockerfile.gpu',
    });
    expect(leaf(workflow, 'kaniko-2').container.args).to.include('--target={{inputs.parameters.target}}');
  });

  it('gives each image its own tag where they differ', () => {
    const workflow = create({ images: [anImage('a', { tag: 'one' }), anImage('b', { tag: 'two' })] });
    expect(dag(workflow).tasks[1]?.arguments?.parameters).to.deep.include({ name: 'tag', value: 'two' });
    expect(leaf(workflow, 'kaniko').inputs?.parameters).to.deep.include({ name: 'tag' });
  });

  it('allows an insecure registry by its name only', () => {
    const workflow = create({ images: [anImage('a', { insecureRegistry: '10.0.0.1:5000' })] });
    expect(leaf(workflow, 'kaniko').container.args).to.include.members([
      '--insecure-registry=10.0.0.1:5000',
      '--skip-tls-verify-registry=10.0.0.1:5000',
    ]);
    expect(leaf(create(), 'kaniko').container.args.join(' ')).not.to.contain('insecure');
  });

  it('passes on a label without a value, which Kaniko needs with its equals sign', () => {
    const label = (value: string): object => ({ labels: [{ name: 'revision', value }] });
    const alone = leaf(create({ images: [anImage('a', label(''))] }), 'kaniko');
    expect(alone.container.args).to.include('--label=revision=');
    const both = create({ images: [anImage('a', label('')), anImage('b', label('1'))] });
    expect(leaf(both, 'kaniko').container.args).to.include('--label={{inputs.parameters.label-1}}');
    expect(dag(both).tasks[0]?.arguments?.parameters).to.deep.include({
      name: 'label-1',
      value: 'revision=',
    });
  });

  it('passes on every option of an image', () => {
    const { args } = leaf(
      create({
        images: [
          anImage('a', {
            platform: 'linux/arm64',
            snapshotMode: 'redo',
            useNewRun: true,
            cacheRepository: 'registry.example.com/team/kfops-cache',
          }),
        ],
      }),
      'kaniko',
    ).container;
    expect(args).to.include.members([
      '--custom-platform={{inputs.parameters.platform}}',
      '--snapshot-mode=redo',
      '--use-new-run=true',
      '--cache=true',
      '--cache-copy-layers=true',
      '--cache-repo=registry.example.com/team/kfops-cache',
      '--push-retry=3',
    ]);
  });

  for (const [title, rebuildAfter, kind, lifetime] of [
    ['as long as its image', 604_800, 'absent', '604800s'],
    ['no longer than Kaniko does by itself', 31_536_000, 'forced', '1209600s'],
    ['not of before in an image that is too old', 604_800, 'age', '1s'],
    ['not of before in an image of unknown age', 604_800, 'age-unknown', '1s'],
    ['as long as Kaniko does where no image is too old', undefined, 'absent', undefined],
  ] as const) {
    it(`uses a layer of the cache ${title}`, () => {
      const image = anImage('a', {
        decision: { action: 'build', reason: { kind, rebuildAfter: rebuildAfter ?? 0 } },
        cacheRepository: 'registry.example.com/team/kfops-cache',
        ...(rebuildAfter !== undefined && { rebuildAfter }),
      });
      const { args } = leaf(create({ images: [image] }), 'kaniko').container;
      expect(args).to.include('--cache=true');
      const given = args.filter((arg) => arg.startsWith('--cache-ttl='));
      expect(given).to.deep.equal(lifetime === undefined ? [] : [`--cache-ttl=${lifetime}`]);
    });
  }

  it('gives no lifetime of layers without a layer cache', () => {
    const { args } = leaf(create({ images: [anImage('a', { rebuildAfter: 604_800 })] }), 'kaniko').container;
    expect(args.join(' ')).to.not.include('--cache');
  });

  it('reaches the build pod with what the kaniko manifest gives', () => {
    const workflow = create({
      kaniko: {
        labels: { team: 'ml' },
        pod: { tolerations: [{ key: 'gpu' }], volumes: [{ name: 'v' }], imagePullSecrets: [{ name: 's' }] },
        container: {
          image: 'mirror/kaniko:1',
          env: [{ name: 'A', value: 'b' }],
          volumeMounts: [{ name: 'v', mountPath: '/kaniko/.docker' }],
          resources: { limits: { memory: '2Gi' } },
          securityContext: { allowPrivilegeEscalation: true },
        },
      },
    });
    const kaniko = leaf(workflow, 'kaniko');
    expect(kaniko).to.deep.include({ tolerations: [{ key: 'gpu' }], volumes: [{ name: 'v' }] });
    expect(kaniko.metadata).to.deep.equal({ labels: { team: 'ml', 'kfops.dev/step': 'build' } });
    expect(kaniko.container).to.deep.include({
      image: 'mirror/kaniko:1',
      env: [{ name: 'A', value: 'b' }],
      resources: { limits: { memory: '2Gi' } },
    });
    expect(kaniko.container.securityContext).to.include({ runAsUser: 0, allowPrivilegeEscalation: true });
    expect(workflow.spec.imagePullSecrets).to.deep.equal([{ name: 's' }]);
  });

  it('lets an image ask for resources of its own', () => {
    const workflow = create({
      images: [anImage('a'), anImage('b', { resources: { requests: { cpu: 4 } } })],
      kaniko: { labels: {}, pod: {}, container: { resources: { requests: { cpu: 1 } } } },
    });
    expect(leaf(workflow, 'kaniko').container.resources).to.deep.equal({ requests: { cpu: '1' } });
    expect(leaf(workflow, 'kaniko-2').container.resources).to.deep.equal({ requests: { cpu: '4' } });
  });

  it('gives no pod a token, and build containers no more than Kaniko needs', () => {
    const { spec } = withKfp({ run: true });
    expect(spec).to.deep.include({
      automountServiceAccountToken: false,
      executor: { serviceAccountName: 'kfops-build' },
    });
    for (const name of ['compile-pipeline', 'publish-pipeline', 'run-pipeline']) {
      expect(leaf(withKfp({ run: true }), name).container.securityContext).to.deep.include({
        runAsNonRoot: true,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    }
    expect(leaf(create(), 'kaniko').container.securityContext).to.deep.include({
      allowPrivilegeEscalation: false,
      seccompProfile: { type: 'RuntimeDefault' },
    });
  });

  it('ends by itself, and leaves nothing for ever', () => {
    expect(create().spec).to.deep.include({
      activeDeadlineSeconds: 86_400,
      podGC: { strategy: 'OnWorkflowCompletion', deleteDelayDuration: '86400s' },
      ttlStrategy: {
        secondsAfterCompletion: 604_800,
        secondsAfterSuccess: 604_800,
        secondsAfterFailure: 604_800,
      },
    });
    expect(leaf(create(), 'kaniko').activeDeadlineSeconds).to.equal('3600');
  });

  it('leaves no field that it relies on to the defaults of a cluster', () => {
    const ours: readonly Workflow[] = [
      create(),
      withKfp({ run: true, images: images(200) }),
      createRunWorkflow({ ...aPlan(), version: { name: 'v1' } }, WITH_KFP),
    ];
    for (const { spec } of ours) {
      expect(filled(spec, SPEC_DEFAULTS)).to.deep.equal(spec);
      for (const each of spec.templates)
        expect(filled(each, 'dag' in each ? DAG_DEFAULTS : STEP_DEFAULTS), each.name).to.deep.equal(each);
    }
  });

  it('never does a DAG again as a whole', () => {
    const dags = create({ images: images(200) }).spec.templates.filter((each) => 'dag' in each);
    expect(dags.map(({ name, retryStrategy }) => [name, retryStrategy.limit])).to.deep.equal([
      ['main', '0'],
      ['batch-1', '0'],
      ['batch-2', '0'],
    ]);
  });

  it('sets no end to the attempts of a step but their number', () => {
    expect(leaf(create(), 'kaniko').retryStrategy).to.deep.include({
      limit: '2',
      backoff: { duration: '5s', factor: '2' },
    });
  });

  it('lets one build of a pull request run at a time', () => {
    expect(create({ pullRequest: 17 }).spec.synchronization).to.deep.equal({
      mutexes: [{ name: 'kfops-acme.churn-17' }],
    });
    expect(create().spec).not.to.have.property('synchronization');
  });

  it('has a fixed name where one is given, else one the cluster completes', () => {
    expect(create({}, { name: 'mine', namespace: 'team' }).metadata).to.include({
      name: 'mine',
      namespace: 'team',
    });
    expect(create().metadata).to.include({ generateName: 'kfops-churn-', namespace: 'kfops' });
  });

  it('says on Argo’s page which images are built, which are reused, and why', () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    const revision = 'abc1234def0123456789abcdef0123456789abcd';
    const files = ['{{workflow.name}}', '[x](https://evil.example)|<b>@octocat'];
    const reused = anImage('server', { decision: { action: 'reuse', digest, revision } });
    const built = anImage('trainer', { decision: { action: 'build', reason: { kind: 'files', files } } });
    const annotations = (...planned: Plan['images']): Readonly<Record<string, string>> =>
      create({ images: planned }).metadata.annotations!;
    const page = annotations(reused, built)[ANNOTATIONS.description]!;
    expect(page).to.include(
      '| Image | Decision | In the registry |\n| --- | --- | --- |\n' +
        '| trainer | build: 2 files changed since the base branch: \\{\\{workflow.name\\}\\}, \\[x\\](https:\u200b//evil.example)\\|\\<b\\>@\u200boctocat | `registry.example.com/team/trainer:0123456789ab` |\n' +
        '| server | reuse: unchanged since abc123\u200b4 | `registry.example.com/team/server@sha256:aaaaaaaaaaaa` |\n',
    );
    expect(page).to.include('Once the builds are done, compiles').and.not.include('{{');
    expect(annotations(reused)[ANNOTATIONS.description]).to.include('\n\nCompiles the pipeline');
    expect(JSON.parse(annotations(reused, built)[ANNOTATIONS.reused]!)).to.deep.equal({
      server: { repository: 'registry.example.com/team/server', digest, revision },
    });
    expect(annotations(built)).to.not.have.property(ANNOTATIONS.reused);
  });

  it('the page is bounded, and has what is built first', () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    const files = Array.from({ length: 1_000 }, () => '*'.repeat(1_000));
    const many = Array.from({ length: 300 }, (_, at) =>
      anImage(`image-${at}`, {
        decision:
          at < 280 ? { action: 'reuse', digest } : { action: 'build', reason: { kind: 'files', files } },
      }),
    );
    const { annotations = {} } = create({ images: many }).metadata;
    expect(annotations[ANNOTATIONS.description]).to.have.length.below(20_000).and.include('image-299');
    expect(Object.values(annotations).join('').length).to.be.below(200_000);
  });

  it('takes further labels and annotations, and lets none replace its own', () => {
    const workflow = createWorkflow(aPlan(), WORKFLOW_SETTINGS, {
      labels: { 'kfops.dev/verb': 'build', 'app.kubernetes.io/managed-by': 'me' },
      annotations: { 'kfops.dev/comment-id': '17' },
    });
    expect(workflow.metadata.labels).to.include({
      'kfops.dev/verb': 'build',
      'app.kubernetes.io/managed-by': 'kfops',
    });
    expect(workflow.metadata.annotations).to.include({ 'kfops.dev/comment-id': '17' });
  });

  it('names repository, commit and pull request in labels', () => {
    const { 'kfops.dev/content': content, ...labels } = create({ pullRequest: 17 }).metadata.labels ?? {};
    expect(content).to.be.a('string');
    expect(labels).to.deep.equal({
      'app.kubernetes.io/managed-by': 'kfops',
      'kfops.dev/repository': 'acme.churn',
      'kfops.dev/pull-request': '17',
      'kfops.dev/commit': '0123456789abcdef0123456789abcdef01234567',
    });
  });

  it('nests the builds beyond 150 images, and no DAG or template goes over a limit of Argo 4', () => {
    const workflow = create({ images: images(500) });
    const groups = dag(workflow).tasks.slice(0, -2);
    expect(groups.map(({ template: t }) => t)).to.deep.equal(['batch-1', 'batch-2', 'batch-3', 'batch-4']);
    expect(task(workflow, 'compile-pipeline').depends).to.equal(
      'batch-1.Succeeded && batch-2.Succeeded && batch-3.Succeeded && batch-4.Succeeded',
    );
    const built = groups.flatMap(({ template: t = '' }) => dag(workflow, t).tasks.map(({ name }) => name));
    expect(built).to.have.length(500);
    for (const { name, outputs } of workflow.spec.templates) {
      expect(outputs?.parameters?.length ?? 0, name).to.be.at.most(500);
    }
    expect(template(workflow, 'batch-4').outputs?.parameters?.[49]).to.deep.equal({
      name: 'd50',
      valueFrom: { parameter: '{{tasks.build-image-499.outputs.parameters.digest}}' },
    });
    expect(imagesOf(workflow, 'publish-pipeline')).to.contain(
      `image-499@${checkedOutput({ task: 'batch-4', parameter: 'd50' }, 'digest')}`,
    );
    expect(dag(create({ images: images(150) })).tasks).to.have.length(152);
  });

  it('hands the images over as a file, since an argument ends at 128 KiB, and stays below what etcd takes', () => {
    const workflow = create({ images: images(500, 60) });
    expect(imagesOf(workflow, 'compile-pipeline')).to.contain('image-499');
    expect(task(workflow, 'compile-pipeline').arguments?.parameters?.map(({ name }) => name)).to.deep.equal([
      'source',
    ]);
    expect(JSON.stringify(workflow).length).to.be.below(900 * 1024);
  });

  it('shares a context between images of the same files', () => {
    const context = aContext('same');
    const { tasks } = dag(
      create({ images: [anImage('a', { context }), anImage('b', { context, target: 'x' })] }),
    );
    expect(new Set(tasks.slice(0, 2).map((t) => t.arguments?.parameters?.[0]?.value))).to.deep.equal(
      new Set([context.key]),
    );
  });
});

describe("createWorkflow against Argo's published schemas", () => {
  const { pipeline } = aPlan();
  const plans: Record<string, Partial<Plan>> = {
    plain: {},
    'an own compiler, a description': {
      pipeline: { ...pipeline, compilerImage: 'server', description: 'Flowers.', function: 'flowers' },
      run: true,
    },
    'no images, run': { images: [], run: true },
    'pull request, 200 images': { images: images(200), pullRequest: 3 },
    '500 images with long names': { images: images(500, 60) },
    'every option': {
      images: [
        anImage('a', {
          buildArgs: [['A', 'b']],
          target: 't',
          platform: 'linux/arm64',
          resources: { limits: { cpu: 1, memory: '1Gi' } },
          cacheRepository: 'r/c',
          insecureRegistry: 'r',
        }),
      ],
      kaniko: {
        labels: { a: 'b' },
        pod: {
          nodeSelector: { disk: 'ssd' },
          tolerations: [{ key: 'k', operator: 'Exists' }],
          affinity: {},
          securityContext: { fsGroup: 1 },
          volumes: [{ name: 'v', emptyDir: {} }],
          imagePullSecrets: [{ name: 's' }],
        },
        container: { imagePullPolicy: 'Always', envFrom: [{ secretRef: { name: 'e' } }] },
      },
    },
  };
  for (const release of ARGO_RELEASES) {
    it(`Argo ${release.version} takes every field`, function () {
      this.timeout(120_000);
      const validate = strictArgoSchema(this, release);
      for (const [name, plan] of Object.entries(plans)) {
        expect(complaints(validate, create(plan)), name).to.deep.equal([]);
        expect(complaints(validate, withKfp(plan)), name).to.deep.equal([]);
      }
      expect(complaints(validate, { ...create(), spec: { entrypoint: 'x', parallelsim: 3 } })).not.to.be
        .empty;
    });
  }
});
