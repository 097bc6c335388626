import { expect } from 'chai';

import type { RunOutputs } from '../../../../generator/results/run-outputs.js';
import type { WorkflowResult } from '../../../../generator/results/result.js';
import { MAX_COMMENT, renderComment } from '../../../../server/comment/render.js';
import { withResult } from '../../../../server/comment/result.js';
import type { Build } from '../../../../server/comment/state.js';

const CONTEXT = { web: 'https://github.com', repository: { owner: 'acme', name: 'iris' }, number: 7 };
const BUILD: Build = {
  request: {
    commentIds: [1],
    by: ['ada'],
    at: '2026-01-05T09:00:00Z',
    verb: 'build_run',
    flags: [],
    commit: '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d',
  },
  state: 'running',
  rows: [],
};
const NONE = { metrics: [], artifacts: [], moreMetrics: 0, moreArtifacts: 0 };

/** What the comment shows of a run with these outputs, without its first line, which is the state. */
function shown(outputs: RunOutputs, redact = (text: string) => text): string {
  const result: WorkflowResult = {
    name: 'kfops-1',
    phase: 'succeeded',
    images: [],
    run: { state: 'succeeded', attempts: 1, ignored: [], runId: 'r', outputs },
  };
  const build = withResult(BUILD, result, { redact });
  const { body, state } = renderComment({ builds: [build], approved: [] }, CONTEXT);
  expect(body.length).to.be.at.most(MAX_COMMENT);
  expect(renderComment(state, CONTEXT).body).to.equal(body);
  return body.slice(body.indexOf('-->'));
}

describe('what a run produced, in the comment', () => {
  it('is a table with the difference to the base branch’s run', () => {
    const text = shown({
      ...NONE,
      metrics: [{ name: 'accuracy', value: 0.93, base: 0.91 }],
      base: { branch: 'main', version: 'main-0a1b2c3d4e5f', runId: 'b' },
    });
    expect(text).to.include(
      '\n\n| Metric | This run | `main-0a1b2c3d4e5f` | Difference |\n| :-- | --: | --: | --: |\n',
    );
    expect(text).to.include('| accuracy | 0\\.93 | 0\\.91 | \\+0.02&nbsp;(+2.2&nbsp;%) |\n');
  });

  it('is a table of two columns where there is nothing to compare with', () => {
    const metrics = [{ name: 'accuracy', value: 0.93 }];
    expect(shown({ ...NONE, metrics, base: { branch: 'main' } })).to.include(
      '| Metric | This run |\n| :-- | --: |\n| accuracy | 0\\.93 |\n\n> No run of `main` to compare with has succeeded yet.\n',
    );
    expect(shown({ ...NONE, metrics })).not.to.include('compare');
    expect(shown({ ...NONE, metrics, base: { branch: 'main', unknown: 'KFP at x: no' } })).to.include(
      '> The metrics of the last successful run of `main` are unknown: KFP at x: no.',
    );
  });

  it('is one line where it is unknown', () => {
    expect(shown({ unknown: 'Metadata store at m:1: no connection. Check `kfp.outputs`' })).to.include(
      '\n> What the run produced is unknown: Metadata store at m:1: no connection. Check `kfp.outputs`.\n',
    );
  });

  it('is nothing where there is nothing', () => {
    expect(shown(NONE)).not.to.match(/\| Metric|artifact|compare/);
  });

  it('threat 96: a name is plain text on one line, whatever is in it', () => {
    const name = 'a|b\n| c | {{workflow.name}} <img src=x> [x](https://evil.example) @ada #1 **bold**';
    const text = shown({
      ...NONE,
      metrics: [{ name, value: 1 }],
      artifacts: [{ type: name, name, step: name, uri: `s3://\`${name}` }],
    });
    const [metric = '', artifact = ''] = text.split('\n').filter((line) => line.includes('bold'));
    expect(metric).to.match(/^\| a\\\|b \\\| c \\\| .*\| 1 \|$/);
    expect(artifact.split(/(?<!\\)\|/).length).to.equal(5);
    const plain = text.replaceAll(/`` s3:.*?`` \|/g, '');
    for (const markup of [
      /(?<!\\)<img/,
      /(?<!\\)\{\{/,
      /(?<!\\)\]\(https:..evil/,
      /@ada/,
      /#1\b/,
      /(?<!\\)\*\*bold/,
    ])
      expect(plain).not.to.match(markup);
  });

  it('threat 96: secrets are masked', () => {
    const text = shown(
      {
        ...NONE,
        metrics: [{ name: 'is-secret', value: 1 }],
        artifacts: [{ type: 'Model', name: 'x', uri: 's3://secret' }],
      },
      (each) => each.replace('secret', '***'),
    );
    expect(text).not.to.include('secret');
  });

  it('threat 96: as much as there can be fits', () => {
    const long = '|'.repeat(100);
    const text = shown({
      metrics: Array.from({ length: 50 }, () => ({ name: long, step: long, value: 1, base: 2 })),
      artifacts: Array.from({ length: 20 }, () => ({
        type: long,
        name: long,
        step: long,
        uri: '`'.repeat(500),
      })),
      moreMetrics: 4950,
      moreArtifacts: 4980,
      base: { branch: 'main', version: 'main-0a1b2c3d4e5f' },
    });
    expect(text).to.match(/… and [\d,]+ more metrics\./);
    expect(text).to.include('5,000 artifacts');
  });
});
