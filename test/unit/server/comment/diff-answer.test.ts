import { expect } from 'chai';

import { cutMarkdown } from '../../../../server/comment/cut.js';
import { cutDiff, renderDiff, type DiffAnswer } from '../../../../server/comment/diff-answer.js';

const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;
const BUILD = { workflow: 'kfops-pr-7', commit: 'c'.repeat(40), objectKey: '' };

function answer(changes: Partial<DiffAnswer> = {}): DiffAnswer {
  return {
    commit: 'c'.repeat(40),
    base: { commit: 'b'.repeat(40), branch: 'main' },
    isComparable: true,
    images: [],
    bases: [],
    pipeline: { kind: 'source', files: 0, text: '', left: 0, missing: 'head' },
    ...changes,
  };
}

function rendered(changes: Partial<DiffAnswer> = {}, redact = (text: string) => text): string {
  return renderDiff(answer(changes), { redact, prefix: undefined });
}

describe('the answer to /diff', () => {
  it('counts images, and has a row for each that differs', () => {
    const text = rendered({
      images: [
        { name: 'a', kind: 'unchanged' },
        { name: 'b', kind: 'new' },
        { name: 'c', kind: 'changed', reason: '2 files changed: `x`' },
        { name: 'd', kind: 'removed' },
      ],
    });
    expect(text)
      .to.include('1 image is new, 1 image is changed, 1 image is removed and 1 image is unchanged.')
      .and.to.include('| **c** | 2 files changed: `x` |')
      .and.not.to.include('| **a** |');
  });

  it('has the digests of base images that differ', () => {
    const bases = [{ image: 'a', before: `python:3.11@${digest('1')}`, now: `python:3.12@${digest('2')}` }];
    expect(rendered({ bases })).to.include(
      '| **a** | `python:3.11@sha256:111111111111` | `python:3.12@sha256:222222222222` |',
    );
  });

  it('has one line for each image of the compiled pipeline that has another digest', () => {
    const digests = [{ image: 'r.example/a', before: digest('1'), now: undefined }];
    const compiled = { kind: 'compiled', head: BUILD, earlier: BUILD, digests, text: '', left: 0 } as const;
    expect(rendered({ pipeline: compiled }))
      .to.include('| `r.example/a` | `sha256:111111111111` | `none` |')
      .and.to.include('Nothing but digests of images differs')
      .and.not.to.include('```diff');
    expect(rendered({ pipeline: { ...compiled, digests: [] } })).to.include('Nothing differs');
    expect(rendered({ pipeline: { ...compiled, text: '+a' } })).to.include('```diff\n+a\n```');
  });

  it('says why the compiled pipeline isn’t compared', () => {
    expect(rendered())
      .to.include('No file of the pipeline’s source code changed.')
      .and.to.include('once a build of `cccccccccccc` has compiled it.')
      .and.to.include('Write `/build`, then `/diff` again.');
    const source = { kind: 'source', files: 2, text: '+a', left: 3 } as const;
    expect(rendered({ pipeline: { ...source, missing: 'base' } }))
      .to.include('there is no build of `main` at `bbbbbbbbbbbb`')
      .and.to.include('<summary>Diff of the source code, without its last 3 lines</summary>');
    const unread = { ...source, missing: 'unread', unread: 'The store failed.' } as const;
    expect(rendered({ pipeline: unread })).to.include('can’t be compared. The store failed.');
  });

  it('says that the configuration of the base branch can’t be read', () => {
    expect(rendered({ isComparable: false })).to.include('whose configuration can’t be read');
  });

  it('masks secrets in the diff and in reasons', () => {
    const source = { kind: 'source', files: 1, text: '+hunter2', left: 0, missing: 'base' } as const;
    const images = [{ name: 'a', kind: 'changed', reason: 'build argument hunter2 changed' } as const];
    const text = rendered({ pipeline: source, images }, (each) => each.replaceAll('hunter2', '***'));
    expect(text).not.to.include('hunter2');
  });

  it('fits next to a build with a long table, whatever it has', () => {
    const long = 'x'.repeat(300);
    const lines = Array.from({ length: 500 }, (_, at) => `+${at} ${'y'.repeat(1000)}`);
    const { text, left } = cutDiff(lines);
    expect(left).to.be.greaterThan(400);
    expect(text.split('\n')[0]).to.have.length(300);
    const markdown = rendered({
      images: Array.from({ length: 300 }, () => ({
        name: 'image',
        kind: 'changed',
        reason: long.slice(200),
      })),
      pipeline: { kind: 'source', files: 500, text, left, missing: 'base' },
    });
    expect(markdown).to.include('… and 280 more.');
    expect(cutMarkdown(markdown, 12_000)).to.equal(markdown);
  });
});
