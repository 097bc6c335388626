import { expect } from 'chai';

import type { Failure, PublishStepResult, WorkflowResult } from '../../../../generator/results/result.js';
import { withResult } from '../../../../server/comment/result.js';
import { build } from '../../../support/conversation.js';

const SECRET = 'hunter2-secret';
const links = { redact: (text: string): string => text.replaceAll(SECRET, '***') };

/** A failure with the secret in every text that a step can write. */
const failure: Failure = {
  kind: 'dockerfile',
  reason: `reason ${SECRET}`,
  nextStep: `next ${SECRET}`,
  location: { file: `file ${SECRET}`, line: 3 },
  excerpt: `excerpt ${SECRET}`,
  instruction: { file: 'Dockerfile', text: `instruction ${SECRET}` },
  lastLines: `tail ${SECRET}`,
};

const publish: PublishStepResult = {
  state: 'succeeded',
  attempts: 1,
  publishes: true,
  version: 'v1',
  versionId: 'id',
  images: {
    pinned: [],
    suspicious: [{ executor: 'train', image: `registry.example.com/${SECRET}` }],
    dynamic: [`dynamic ${SECRET}`],
    unused: [`unused ${SECRET}`],
  } as unknown as NonNullable<PublishStepResult['images']>,
  warnings: [`warning ${SECRET}`],
  schedules: { created: [`new ${SECRET}`], replaced: [], kept: [], removed: ['old'] },
};

const result: WorkflowResult = {
  name: 'workflow',
  phase: 'failed',
  images: [
    { name: 'trainer', repository: 'registry.example.com/trainer', state: 'failed', attempts: 1, failure },
    {
      name: 'server',
      repository: 'registry.example.com/server',
      state: 'pending',
      attempts: 1,
      waiting: failure,
    },
  ],
  tags: { state: 'failed', attempts: 1, failure, warnings: [`tag ${SECRET}`] },
  compile: { state: 'failed', attempts: 1, failure },
  publish,
  problem: `problem ${SECRET}`,
  nextStep: `next ${SECRET}`,
};

describe('server/comment/result', () => {
  it('threat 29: masks secrets in every text that a step can write', () => {
    const shown = withResult(build('running', []), result, links);
    expect(JSON.stringify(shown)).not.to.include(SECRET);
    expect(shown.rows[0]!.failure).to.deep.equal({
      kind: 'dockerfile',
      reason: 'reason ***',
      nextStep: 'next ***',
      location: { file: 'file ***', line: 3 },
      excerpt: 'excerpt ***',
    });
    expect(shown.tagWarnings).to.deep.equal(['tag ***']);
    expect(shown.published!.warnings).to.deep.equal(['warning ***']);
    expect(shown.published!.schedules).to.deep.equal(['created `new ***`', 'removed `old`']);
  });
});
