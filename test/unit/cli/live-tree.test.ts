import { expect } from 'chai';
import fc from 'fast-check';

import { liveTree } from '../../../cli/output/live-tree.js';
import { liveReporter } from '../../../cli/output/live-reporter.js';
import { plainReporter } from '../../../cli/output/plain-reporter.js';
import { resultText } from '../../../cli/output/result-text.js';
import type { ImageResult, StepState, WorkflowResult } from '../../../generator/results/result.js';
import { styleOf } from '../../../templates/style.js';
import { fakeIo } from './fake-io.js';

const PLAIN = styleOf(false);
const START = new Date('2026-01-01T10:00:00Z');
const NOW = START.getTime() + 65_000;
const SHA = `sha256:${'a'.repeat(64)}`;

function image(name: string, state: StepState, more: Partial<ImageResult> = {}): ImageResult {
  return {
    name,
    repository: `r.example/${name}`,
    task: `build-${name}`,
    state,
    attempts: 1,
    ...(state === 'running' && { startedAt: START }),
    ...more,
  };
}

function running(...images: ImageResult[]): WorkflowResult {
  return {
    name: 'kfops-iris-x7k2p',
    phase: 'running',
    startedAt: START,
    images,
    compile: { task: 'compile-pipeline', state: 'pending', attempts: 0 },
  };
}

describe('cli/output: a workflow', () => {
  it('as a tree: state, name, time, and the last line of what runs', () => {
    const result = running(
      image('server', 'succeeded', {
        startedAt: START,
        finishedAt: new Date(START.getTime() + 9_000),
        digest: SHA,
      }),
      image('trainer', 'running'),
    );
    const logs = new Map([['build-trainer', '\u001b[36mINFO\u001b[0m[0001] RUN pip\tinstall']]);
    expect(liveTree(result, logs, NOW, { columns: 50, rows: 24 }, PLAIN)).to.deep.equal([
      'kfops-iris-x7k2p running 1m 05s',
      '├─ ✓ server       9s  sha256:aaaaaaaaaaaaaaaaaaaa…',
      '├─ ▸ trainer  1m 05s  INFO[0001] RUN pip install',
      '└─ · compile',
    ]);
  });

  it('as a tree fits into any terminal, whatever builds print', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 20, max: 220 }),
        fc.integer({ min: 4, max: 60 }),
        fc.integer({ min: 0, max: 80 }),
        fc.string({ unit: 'binary' }),
        (columns, rows, count, line) => {
          const images = Array.from({ length: count }, (_, at) => image(`image-number-${at}`, 'running'));
          const logs = new Map(images.map(({ task }) => [task ?? '', line]));
          const lines = liveTree(running(...images), logs, NOW, { columns, rows }, PLAIN);
          expect(lines.length).to.be.below(rows);
          for (const text of lines) {
            expect(Array.from(text).length).to.be.at.most(columns);
            // eslint-disable-next-line no-control-regex -- what must not be there
            expect(text).not.to.match(/[\u0000-\u001f\u007f-\u009f]/);
          }
        },
      ),
    );
  });

  it('as a tree in a low terminal shows what failed and what runs, and counts the rest', () => {
    const images = [
      ...Array.from({ length: 60 }, (_, at) => image(`done-${at}`, 'succeeded')),
      image('broken', 'failed'),
      image('busy', 'running'),
      ...Array.from({ length: 60 }, (_, at) => image(`later-${at}`, 'pending')),
    ];
    const lines = liveTree(running(...images), new Map(), NOW, { columns: 80, rows: 8 }, PLAIN);
    expect(lines).to.have.length(6);
    expect(lines.join('\n')).to.include('broken').and.to.include('busy');
    expect(lines.at(-1)).to.equal('└─ … 119 more: 58 succeeded, 61 pending');

    const reused = Array.from({ length: 20 }, (_, at) => image(`reused-${at}`, 'reused'));
    const rest = running(...reused, image('built', 'succeeded'), image('later', 'pending'));
    const low = liveTree(rest, new Map(), NOW, { columns: 80, rows: 8 }, PLAIN);
    expect(low.join('\n')).to.include('built').and.to.include('later').and.to.include('compile');
    expect(low.at(-1)).to.equal('└─ … 19 more: 19 reused');
  });

  const REVISION = 'abc1234def0123456789abcdef0123456789abcd';
  const reusing = running(
    image('server', 'reused', { digest: SHA, revision: REVISION, attempts: 0 }),
    image('loader', 'reused', { digest: SHA, attempts: 0 }),
    image('base', 'failed'),
    image('trainer', 'omitted', { buildsOn: ['base'], failedBase: 'base' }),
  );

  it('as a tree says what is reused, and what is left out because of what', () => {
    expect(liveTree(reusing, new Map(), NOW, { columns: 59, rows: 24 }, PLAIN).slice(1)).to.deep.equal([
      '├─ ↺ server           reused, unchanged since abc1234, sha…',
      '├─ ↺ loader           reused, unchanged, sha256:aaaaaaaaaa…',
      '├─ ✗ base             failed',
      '├─ - trainer          not built: base failed',
      '└─ · compile',
    ]);
  });

  it('as text says what is reused, and what is left out because of what', () => {
    expect(resultText(reusing, { now: NOW }, PLAIN).split('\n').slice(1)).to.deep.equal([
      `  ↺ server   reused     unchanged since abc1234, r.example/server@${SHA}`,
      `  ↺ loader   reused     unchanged, r.example/loader@${SHA}`,
      '  ✗ base     failed     r.example/base',
      '  - trainer  not built  base failed',
      '  · compile  waiting',
    ]);
  });

  it('line by line says what is reused, and what is left out because of what', async () => {
    const io = fakeIo();
    await plainReporter({ io, argv: [], style: PLAIN, exitCode: 0 }, undefined).progress(reusing);
    expect(io.err().trimEnd().split('\n')).to.deep.equal([
      `↺ server reused: unchanged since abc1234, ${SHA}`,
      `↺ loader reused: unchanged, ${SHA}`,
      '✗ base failed',
      '- trainer not built: base failed',
    ]);
  });

  it('as text tells why a step failed, its last lines, and what to do', () => {
    const result: WorkflowResult = {
      ...running(
        image('trainer', 'failed', {
          failure: {
            kind: 'dockerfile_step',
            reason: 'RUN false failed',
            nextStep: 'look at it',
            lastLines: 'one\n\u001b[2Jtwo\n',
          },
        }),
      ),
      phase: 'failed',
      finishedAt: new Date(NOW),
    };
    expect(resultText(result, { now: NOW }, PLAIN).split('\n')).to.deep.equal([
      '✗ kfops-iris-x7k2p failed after 1m 05s',
      '  ✗ trainer  failed   r.example/trainer',
      '  · compile  waiting',
      '',
      'trainer: RUN false failed',
      '  │ one',
      '  │ \\x1b[2Jtwo',
      '  → look at it',
    ]);
  });

  it('as text tells what was pinned, published and run, with links, and the place of an error', () => {
    const images = {
      pinned: [{ name: 'trainer', reference: 'r.example/trainer@sha256:1', steps: 1 }],
      suspicious: [],
      dynamic: ['exec-b'],
      unused: [],
      others: 0,
      omitted: 0,
    };
    const step = { attempts: 1, state: 'succeeded' } as const;
    const failure = {
      kind: 'pipeline_code',
      reason: 'TypeError: no',
      nextStep: 'correct it',
      location: { file: 'pipeline/lib.py', line: 4 },
      excerpt: 'train(1)',
    } as const;
    const result: WorkflowResult = {
      ...running(),
      compile: { attempts: 1, state: 'failed', failure },
      publish: {
        ...step,
        publishes: true,
        images,
        version: 'pr-1-abc',
        pipelineId: 'p',
        versionId: 'v',
        warnings: ['Old.'],
        schedules: { created: ['a'], replaced: ['b', 'c'], kept: [], removed: ['\u001b[2Jd'] },
      },
      run: { ...step, runId: 'r', runState: 'SUCCEEDED', ignored: ['nope'], notContinued: 'it is archived' },
    };
    const lines = resultText(result, { now: NOW, kfpUrl: 'https://kfp.example' }, PLAIN).split('\n');
    expect(lines.slice(lines.indexOf('Pipeline'))).to.deep.equal([
      'Pipeline',
      '  pinned   trainer → r.example/trainer@sha256:1',
      '  not      exec-b: a parameter decides its image at run time',
      '  !        Old.',
      '  version  pr-1-abc  https://kfp.example/#/pipelines/details/p/version/v',
      '  schedule created a',
      '           replaced b, c',
      '           removed \\x1b[2Jd',
      '  run      r  SUCCEEDED  https://kfp.example/#/runs/details/r',
      "  !        the failed run can't continue: it is archived; this one is new",
      '  !        the pipeline has no parameter nope',
      '',
      'compile: pipeline/lib.py:4: TypeError: no',
      '  4 │ train(1)',
      '  → correct it',
    ]);
  });

  it('tells which tags could not be set, also line by line and in a picture', async () => {
    const warnings = ['`trainer` did not get the tag `v1`: \u001b[2Jno. Retry.'];
    const result: WorkflowResult = {
      ...running(),
      tags: { task: 'tag-images', attempts: 1, state: 'succeeded', warnings },
      compile: { attempts: 0, state: 'pending' },
    };
    const told = ['', 'Tags', '  ! `trainer` did not get the tag `v1`: \\x1b[2Jno. Retry.'];
    const lines = resultText(result, { now: NOW }, PLAIN).split('\n');
    expect(lines.slice(1)).to.deep.equal(['  ✓ tag      succeeded', '  · compile  waiting', ...told]);
    for (const reporterOf of [plainReporter, liveReporter]) {
      const io = fakeIo();
      await reporterOf({ io, argv: [], style: PLAIN, exitCode: 0 }, undefined).finished(result);
      expect(io.err()).to.include(told.join('\n'));
    }
    const none = { ...result, tags: { ...result.tags!, warnings: [] } };
    expect(resultText(none, { now: NOW }, PLAIN)).to.not.include('Tags');
  });

  it('line by line tells each change once', async () => {
    const io = fakeIo();
    const reporter = plainReporter({ io, argv: [], style: PLAIN, exitCode: 0 }, undefined);
    await reporter.progress(running(image('a', 'pending'), image('b', 'running')));
    await reporter.progress(running(image('a', 'running'), image('b', 'running')));
    const failure = { kind: 'unknown', reason: 'main: Error (exit code 1)', nextStep: 'x' } as const;
    await reporter.progress(running(image('a', 'failed', { failure }), image('b', 'running')));
    const end = {
      ...running(image('a', 'failed', { failure: { ...failure, reason: 'why' } })),
      phase: 'failed' as const,
    };
    await reporter.progress(end);
    await reporter.finished(end);
    const lines = io.err().split('\n');
    expect(lines.slice(0, 3)).to.deep.equal(['▸ b running', '▸ a running', '✗ a failed']);
    expect(lines.filter((line) => line.startsWith('✗ a'))).to.have.length(1);
    expect(io.err()).to.include('a: why').and.to.include('✗ kfops-iris-x7k2p failed');
  });
});
