import { readFileSync, writeFileSync } from 'node:fs';

import { expect } from 'chai';

import type { WorkflowDescription } from '../../../templates/data.js';
import { renderMarkdown, renderText } from '../../../templates/render.js';
import { styleOf } from '../../../templates/style.js';

const DESCRIPTION: WorkflowDescription = {
  repository: { owner: 'me', name: 'my_repo' },
  pullRequest: 17,
  ref: undefined,
  commit: '1a2b3c4d5e6f1a2b3c4d5e6f1a2b3c4d5e6f1a2b',
  dirty: false,
  images: [
    {
      name: 'iris_train',
      decision: 'build: not in the registry',
      destination: 'registry.example.com/me/iris_train:1a2b3c4d5e6f',
    },
    { name: '@org/x <b>|', decision: 'reuse: unchanged', destination: 'registry.example.com/`x`|y' },
  ],
  decided: false,
  anyBuilt: true,
  allBuilt: true,
  pipeline: {
    name: 'Iris *x*',
    namespace: 'data-science',
    path: 'pipeline/pipeline.py',
    version: 'pr-17-1a2b3c4d5e6f',
  },
  run: true,
  requestedBy: 'some-body',
};

/** Compares with the file in expected/; UPDATE_EXPECTED=1 writes it anew. */
function expectFile(name: string, actual: string): void {
  const file = new URL(`./expected/${name}`, import.meta.url);
  if (process.env.UPDATE_EXPECTED) writeFileSync(file, actual);
  expect(actual).to.equal(readFileSync(file, 'utf8'));
}

describe('templates/render', () => {
  it('describes a workflow of a pull request', () => {
    expectFile('pull-request.md', renderMarkdown('workflow-description', DESCRIPTION));
  });

  it('describes a workflow without images, commit and pull request', () => {
    const bare = {
      ...DESCRIPTION,
      images: [],
      commit: undefined,
      pullRequest: undefined,
      requestedBy: undefined,
      pipeline: { ...DESCRIPTION.pipeline, version: undefined },
    };
    expectFile('bare.md', renderMarkdown('workflow-description', { ...bare, run: false }));
  });

  it('describes a workflow that only runs', () => {
    const pipeline = { ...DESCRIPTION.pipeline, path: undefined };
    expectFile('run.md', renderMarkdown('workflow-description', { ...DESCRIPTION, images: [], pipeline }));
  });

  it('shows 20 of many images', () => {
    const images = Array.from({ length: 200 }, (_, at) => ({
      name: `image-${at}`,
      decision: 'build: --force',
      destination: `r.example/${at}`,
    }));
    const text = renderMarkdown('workflow-description', { ...DESCRIPTION, images });
    expect(text.match(/^\| image-/gm)).to.have.length(20);
    expect(text).to.include('… and 180 more.');
  });

  it('text of a user is never a template', () => {
    const evil = '{{repository.owner}}{{#each this}}{{constructor.constructor "x"}}{{/each}}';
    const text = renderMarkdown('workflow-description', { ...DESCRIPTION, requestedBy: evil });
    expect(text).not.to.include('{{');
    expect(text).to.include('\\{\\{repository.owner\\}\\}');
  });

  it('a repository whose name would change the address leads nowhere', () => {
    const write = (owner: string, name: string): string =>
      renderMarkdown('workflow-description', { ...DESCRIPTION, repository: { owner, name } });
    for (const [owner, name] of [
      ['me', '..'],
      ['..', 'iris'],
      ['', 'iris'],
    ] as const)
      expect(write(owner, name)).not.to.include('https://');
    expect(write('/evil', 'a/../b')).to.include('(https://github.com/%2Fevil/a%2F..%2Fb)');
  });

  it('a field that the data lacks is an error, not an empty place', () => {
    const lacking: Partial<WorkflowDescription> = { ...DESCRIPTION };
    delete (lacking as { requestedBy?: string | undefined }).requestedBy;
    expect(() => renderMarkdown('workflow-description', lacking as WorkflowDescription)).to.throw('requestedBy');
  });

  it('text for a terminal has colours only in colour, and no control characters of data', () => {
    const plan = {
      repository: 'me/\u001b[31miris',
      revision: 'commit 1a2b3c4d5e6f',
      dirty: false,
      images: undefined,
      imageLines: [],
      moreImages: 0,
      pipeline: { name: 'Iris & Co', path: 'p.py', namespace: 'n', source: '1 file', version: undefined },
      schedulesTitle: '',
      scheduleLines: [],
      treeLines: ['compile-pipeline'],
    };
    expect(renderText('plan', plan)).to.include('me/\\x1b[31miris at commit').and.to.include('Iris & Co');
    expect(renderText('plan', plan, styleOf(true))).to.include('\u001b[1mme/\\x1b[31miris\u001b[22m');
  });
});
