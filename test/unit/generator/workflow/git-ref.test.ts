import { expect } from 'chai';

import { parseRefPath, refPath } from '../../../../generator/workflow/git-ref.js';

describe('generator/workflow/git-ref', () => {
  it('reads what it writes', () => {
    for (const path of [
      'refs/heads/main',
      'refs/heads/release/1.0',
      'refs/tags/v1.0',
      'refs/heads/größe+1@x',
    ]) {
      const ref = parseRefPath(path);
      expect(ref && refPath(ref)).to.equal(path);
    }
    expect(parseRefPath('refs/tags/v1')).to.deep.equal({ kind: 'tag', name: 'v1' });
  });

  it('threat 85: reads no other refs, and no names that something else would read as its own', () => {
    for (const path of [
      '',
      'main',
      'refs/heads/',
      'refs/notes/commits',
      'refs/pull/7/merge',
      'refs/heads/{{workflow.name}}',
      'refs/heads/$(id)',
      'refs/heads/`id`',
      'refs/heads/a b',
      'refs/heads/a\nb',
      'refs/heads/<b>',
      "refs/heads/a'b",
      'refs/heads/a;b',
      'refs/heads/a|b',
      'refs/heads/-x',
      'refs/heads/../x',
      `refs/heads/${'x'.repeat(201)}`,
    ])
      expect(parseRefPath(path), path).to.equal(undefined);
  });
});
