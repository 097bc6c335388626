import { expect } from 'chai';

import { nextSteps } from '../../../cli/next-steps.js';
import { planJson } from '../../../cli/plan-json.js';
import { planText } from '../../../cli/plan-text.js';
import { requirements } from '../../../cli/requirements.js';
import { defaultSettings } from '../../../schema/index.js';
import { wrapCommand } from '../../../cli/shell.js';
import { renderText } from '../../../templates/render.js';
import { styleOf } from '../../../templates/style.js';
import { anImage } from '../../support/plan.js';
import { planOf } from './plans.js';

const plain = styleOf(false);

describe('cli/plan-text', () => {
  it('one line for each image where there is room', () => {
    expect(
      planText(planOf(['iris_train', 'serve']), { published: false, columns: 200 }, plain)
        .split('\n')
        .slice(2, 5),
    ).to.deep.equal([
      'Images  2 images, 2 files, 2.9 KiB',
      '  iris_train  1 file   1000 B  context 0123456789ab  → registry.example.com/data-science/iris_train:ffffffffffff',
      '  serve       1 file  2.0 KiB  context 0123456789ab  → registry.example.com/data-science/serve:ffffffffffff',
    ]);
  });

  it('two where there is not, cut in the middle', () => {
    expect(
      planText(planOf(['iris_train']), { published: false, columns: 60 }, plain)
        .split('\n')
        .slice(3, 5),
    ).to.deep.equal([
      '  iris_train  1 file  1000 B  context 0123456789ab',
      '    → registry.example.com/data-s…ce/iris_train:ffffffffffff',
    ]);
  });

  it('says what is built, what is reused, and why', () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    const revision = 'abc1234def0123456789abcdef0123456789abcd';
    const files = ['requirements.txt', 'src/\u001b[2Jtrain.py', 'x.py'];
    const images = [
      anImage('base', {
        decision: { action: 'build', reason: { kind: 'files', files } },
        labels: [{ name: 'dev.kfops.key', value: '123456789abc'.padEnd(64, '0') }],
      }),
      anImage('trainer', {
        decision: { action: 'build', reason: { kind: 'base-built', image: 'base' } },
        buildsOn: ['base'],
      }),
      anImage('server', { decision: { action: 'reuse', digest, revision } }),
      anImage('loader', { decision: { action: 'reuse', digest } }),
    ];
    const text = (columns: number): string[] =>
      planText(planOf([], { images }), { published: false, columns }, plain).split('\n');
    expect(text(60).slice(2, 13)).to.deep.equal([
      'Images  2 of 4 images to build, 2 reused; 0 files, 0 B',
      '  base     build  3 files changed since the base branch:',
      '    requirements.txt, src/\\x1b[2Jtrain.py, …',
      '    0 files  0 B  key 123456789abc',
      '    → registry.example.com/team/base:0123456789ab',
      '  trainer  build  builds on base, which is built',
      '    0 files  0 B  context 06ea17a8981d',
      '    → registry.example.com/team/trainer:0123456789ab',
      '  server   reuse  unchanged since abc1234',
      '  loader   reuse  unchanged',
      '',
    ]);
    expect(text(60).slice(-7)).to.deep.equal([
      'Steps  each waits for those nested below it',
      '  publish-pipeline',
      '  └─ compile-pipeline',
      '     └─ build-trainer',
      '        └─ build-base',
      '  ↺ build-server (reused)',
      '  ↺ build-loader (reused)',
    ]);
    expect(text(100)[4]).to.equal(
      '    0 files  0 B  key 123456789abc  → registry.example.com/team/base:0123456789ab',
    );
    for (const line of text(60).slice(2, 12)) expect(line.length, line).to.be.at.most(60);
  });

  it('counts what is built and reused', () => {
    const reused = { action: 'reuse', digest: `sha256:${'a'.repeat(64)}` } as const;
    const summary = (built: number, others: number): string =>
      planText(
        planOf([], {
          images: Array.from({ length: built + others }, (_, at) =>
            anImage(`i${at}`, at < built ? {} : { decision: reused }),
          ),
        }),
        { published: false, columns: 80 },
        plain,
      ).split('\n')[2]!;
    expect(summary(1, 11)).to.equal('Images  1 of 12 images to build, 11 reused; 0 files, 0 B');
    expect(summary(2, 1)).to.equal('Images  2 of 3 images to build, 1 reused; 0 files, 0 B');
    expect(summary(0, 1)).to.equal('Images  the image is reused');
    expect(summary(0, 12)).to.equal('Images  all 12 images are reused');
    expect(summary(2, 0)).to.equal('Images  2 images, 0 files, 0 B');
  });

  it('says what turned reuse off', () => {
    const about = { published: false, columns: 80, reuseOff: 'KFOPS_NO_REUSE' };
    expect(planText(planOf(['a']), about, plain)).to.include(
      'Images  1 image, 1 file, 1000 B; reuse is off (KFOPS_NO_REUSE)\n',
    );
  });

  it('shows the schedules with their next run, and when they are applied', () => {
    const plan = planOf([]);
    const schedules = [
      { name: 'nightly', cron: '0 3 * * MON', enabled: true, arguments: {} },
      { name: 'leap', cron: '@yearly', enabled: false, arguments: {} },
    ];
    const scheduled = { ...plan, pipeline: { ...plan.pipeline, schedules } };
    const now = new Date('2026-11-28T12:00:00Z');
    const text = (published: boolean): string => planText(scheduled, { published, columns: 80, now }, plain);
    expect(text(true)).to.include(
      '\nSchedules  times in UTC, applied when merged to the default branch\n' +
        '  nightly  0 3 * * MON  next Mon 2026-11-30 03:00\n' +
        '  leap     @yearly      disabled\n\nSteps',
    );
    expect(text(false)).to.include('\nSchedules  not applied: the settings have no kfp\n');
    expect(planJson(scheduled, now).pipeline.schedules[0]).to.deep.equal({
      ...schedules[0],
      timeZone: 'UTC',
      next: ['2026-11-30', '2026-12-07', '2026-12-14'].map((day) => new Date(`${day}T03:00:00Z`)),
      note: 'applied when merged to the default branch',
    });
    expect(planJson(scheduled, now).pipeline.schedules[1]).to.deep.include({ enabled: false, next: [] });
  });

  it('without images has none', () => {
    expect(planText(planOf([]), { published: false, columns: 80 }, plain)).to.equal(
      'me/iris at commit ffffffffffff\n\n' +
        'Pipeline  Iris from pipeline/pipeline.py in namespace data-science\n' +
        '  0 files, 0 B  not published: the settings have no kfp\n\n' +
        'Steps  each waits for those nested below it\n  publish-pipeline\n  └─ compile-pipeline',
    );
  });

  it('counts a context that images share once', () => {
    const plan = planOf(['a', 'b']);
    const shared = plan.images.map((image) => ({ ...image, context: plan.images[0]!.context }));
    expect(planText({ ...plan, images: shared }, { published: true, columns: 80 }, plain)).to.include(
      '2 images in 1 context, 1 file, 1000 B',
    );
  });
});

describe('cli/requirements', () => {
  const settings = defaultSettings();
  const whats = (...args: Parameters<typeof planOf>): string[] =>
    requirements(planOf(...args), settings, 'kfops').map(({ what }) => what);

  it('without images no registry is needed', () => {
    expect(whats([])).to.deep.equal([
      'Namespace kfops',
      'ServiceAccount kfops-build and Secret kfops-build.service-account-token',
      'Secret mlpipeline-minio-artifact',
    ]);
  });

  it('with Kubeflow Pipelines an account that may publish in the profile', () => {
    const withKfp = { ...settings, kfp: { endpoint: 'http://kfp:8888', audience: 'a' } };
    const need = requirements(planOf([]), withKfp, 'kfops').at(-1)!;
    expect(need.objects).to.deep.equal([{ kind: 'ServiceAccount', name: 'kfops-publisher' }]);
    expect(need.commands.join('\n')).to.include(
      'kubectl -n data-science create rolebinding kfops-publisher \\\n' +
        '  --clusterrole=kubeflow-pipelines-edit --serviceaccount=kfops:kfops-publisher',
    );
  });

  it('says when builds have no credentials to push with', () => {
    expect(whats(['a']).slice(2)).to.deep.equal([
      'Secret mlpipeline-minio-artifact',
      'Credentials for registry.example.com',
    ]);
  });

  it('names what the manifest names, each once, and not what is optional', () => {
    const kaniko = {
      labels: {},
      pod: {
        volumes: [
          { name: 'd', secret: { secretName: 'docker-config' } },
          { name: 'e', secret: { secretName: 'extra', optional: true } },
          { name: 'c', configMap: { name: 'ca' } },
          { name: 'p', persistentVolumeClaim: { claimName: 'cache' } },
        ],
        imagePullSecrets: [{ name: 'pull' }],
      },
      container: {
        env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'docker-config', key: 'x' } } }],
        envFrom: [{ secretRef: { name: 'aws' } }, { configMapRef: { name: 'proxy', optional: true } }],
      },
    };
    expect(whats(['a'], { kaniko: { ...planOf([]).kaniko, ...kaniko } }).slice(3)).to.deep.equal([
      'Secret docker-config',
      'ConfigMap ca',
      'PersistentVolumeClaim cache',
      'Secret aws',
      'Secret pull',
    ]);
  });

  it('a hostile name is one word of the command', () => {
    const pod = { volumes: [{ name: 'd', secret: { secretName: 'x; rm -rf ~' } }] };
    const needs = requirements(planOf(['a'], { kaniko: { ...planOf([]).kaniko, pod } }), settings, 'kfops');
    expect(needs.at(-1)!.commands[0]).to.equal("kubectl -n kfops create secret generic 'x; rm -rf ~' \\");
  });
});

describe('cli/next-steps', () => {
  const generated = {
    plan: planOf(['a']),
    settings: defaultSettings(),
    namespace: 'kfops',
    argv: ['generate', 'my repo', '--contexts', 'c', '--set', 'a=b', '-o', 'w.yaml'],
    output: 'w.yaml',
    uploaded: false,
    env: {},
    columns: Infinity,
  };

  it('says the same command with --upload', () => {
    expect(nextSteps(generated).upload!.commands).to.deep.equal([
      "kfops generate 'my repo' --set a=b -o w.yaml --upload",
    ]);
    expect(nextSteps({ ...generated, argv: ['generate', '--contexts=c'] }).upload!.commands).to.deep.equal([
      'kfops generate --upload',
    ]);
    expect(nextSteps({ ...generated, uploaded: true }).upload).to.equal(undefined);
  });

  it('submits what was written', () => {
    expect(nextSteps(generated).submit).to.deep.equal(['argo submit -n kfops w.yaml']);
  });

  it('keeps to 60 columns, and breaks neither a word nor a command', () => {
    const columns = 60;
    const text = (width: number): string =>
      renderText('next-steps', nextSteps({ ...generated, columns: width }), plain, width);
    const narrow = text(columns).trimEnd().split('\n');
    for (const line of narrow.filter((words) => words.trim().includes(' '))) {
      expect(line.length, line).to.be.at.most(columns);
    }
    // A shell reads the same words, as a person does.
    const words = (lines: string): string[] => lines.replaceAll(' \\\n', ' ').split(/\s+/);
    expect(words(narrow.join('\n'))).to.deep.equal(words(text(Infinity).trimEnd()));
    expect(narrow.join('\n')).to.include(
      '    Credentials for registry.example.com, so that builds may\n' +
        '      push: none are configured; see',
    );
  });
});

describe('cli/shell', () => {
  it('breaks a command between its words, not in what is quoted', () => {
    expect(wrapCommand("  --name 'a long name with spaces' --last", 20)).to.deep.equal([
      '  --name \\',
      "  'a long name with spaces' \\",
      '  --last',
    ]);
    expect(wrapCommand('kubectl create x \\', 12)).to.deep.equal(['kubectl \\', '  create x \\']);
    expect(wrapCommand('short \\', 12)).to.deep.equal(['short \\']);
  });
});
