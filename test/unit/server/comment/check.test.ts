import { expect } from 'chai';

import { checkReport } from '../../../../server/comment/check.js';
import { build, COMMIT, CONTEXT, request, row } from '../../../support/conversation.js';

const FAILURE = {
  kind: 'dockerfile_step',
  reason: '`RUN x` failed',
  nextStep: 'try',
  location: { file: 'a/Dockerfile', line: 3 },
} as const;

describe('server/comment/check', () => {
  it('tells a failed build, with the line that failed', () => {
    const report = checkReport(
      build('failed', [row('trainer', 'failed', { failure: FAILURE, tail: 'x' })], {
        request: request(5, { commentIds: [5, 6] }),
        workflow: { name: 'wf', url: 'https://argo.example/wf' },
        startedAt: '2026-11-22T12:00:00.000Z',
      }),
      CONTEXT,
    );
    expect(report).to.deep.include({
      commit: COMMIT,
      externalId: '5',
      state: 'failure',
      title: 'trainer failed',
      url: 'https://argo.example/wf',
      startedAt: new Date('2026-11-22T12:00:00.000Z'),
      annotations: [
        {
          path: 'a/Dockerfile',
          line: 3,
          level: 'failure',
          title: 'trainer failed',
          message: '`RUN x` failed\ntry',
        },
      ],
    });
    expect(report.summary).to.include('| **trainer** |').and.to.include('```\nx\n```');
  });

  it('tells errors of the repository’s files at their lines, and no others', () => {
    const diagnostics = [
      {
        code: 'FOLDER_MISSING',
        severity: 'error',
        message: 'There is none.',
        file: 'config.yaml',
        line: 3,
        hint: 'Make one.',
      },
      { code: 'FOLDER_MISSING', severity: 'warning', message: 'Doubtful.', file: 'config.yaml', line: 4 },
      { code: 'FOLDER_MISSING', severity: 'error', message: 'Elsewhere.', file: '--set a.b', line: 1 },
      { code: 'FOLDER_MISSING', severity: 'error', message: 'Nowhere.' },
    ] as const;
    const report = checkReport(build('refused', [], { text: 'a\nb' }), CONTEXT, diagnostics);
    expect(report.annotations.map(({ line, level, message }) => [line, level, message])).to.deep.equal([
      [3, 'failure', 'There is none.\nMake one.'],
      [4, 'warning', 'Doubtful.'],
    ]);
    expect(report.summary).to.equal('```\na\nb\n```');
  });

  it('marks the first 200 places and says how many are not; the summary is as long as GitHub takes', () => {
    const rows = Array.from({ length: 500 }, (_, at) =>
      row(`image-${at}`, 'failed', { failure: FAILURE, tail: `${'x'.repeat(2_000)}\n`.repeat(20) }),
    );
    const report = checkReport(build('failed', rows), CONTEXT);
    expect(report.annotations).to.have.length(200);
    expect(report.summary).to.include('200 places are marked in the files; 300 further ones are not.');
    expect(report.summary.length).to.be.at.most(60_000);
  });

  const states = {
    accepted: 'queued',
    running: 'running',
    succeeded: 'success',
    stopped: 'cancelled',
    unknown: 'neutral',
  } as const;
  for (const [state, expected] of Object.entries(states)) {
    it(`${state} is ${expected}`, () => {
      const report = checkReport(build(state as keyof typeof states, []), CONTEXT);
      expect(report.state).to.equal(expected);
      expect(report.summary).not.to.equal('');
    });
  }
});
