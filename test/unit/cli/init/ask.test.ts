import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';

import { expect } from 'chai';

import { askChoices } from '../../../../cli/init/ask.js';
import type { Choices } from '../../../../cli/init/config-text.js';
import type { Proposal } from '../../../../cli/init/propose.js';

const image = (name: string) => ({
  name,
  folder: name,
  dockerfile: 'Dockerfile',
  otherFolders: [],
  missing: [],
});
const PROPOSAL: Proposal = {
  repository: { owner: 'me', name: 'iris' },
  registries: ['ghcr.io/me', 'r.example/me'],
  images: [image('a'), image('b'), image('c')],
  pipelines: [
    { path: 'pipeline.py', functions: ['iris'], name: 'Iris' },
    { path: 'other.py', functions: ['x', 'y'] },
  ],
};

/** What a person who writes these lines gets. */
async function asked(...lines: readonly string[]): Promise<{ choices: Choices; said: string }> {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const said = text(output);
  input.end(lines.map((line) => `${line}\n`).join(''));
  const signal = new AbortController().signal;
  const choices = await askChoices({ input, output, signal }, PROPOSAL);
  output.end();
  return { choices, said: await said };
}

describe('the questions of kfops init', () => {
  it('take what is proposed for empty answers, and where the input ends', async () => {
    const expected: Choices = {
      repository: { owner: 'me', name: 'iris' },
      registry: 'ghcr.io/me',
      images: PROPOSAL.images,
      pipeline: PROPOSAL.pipelines[0]!,
      namespace: 'kubeflow-user-example-com',
    };
    expect((await asked('', '', '', '', '')).choices).to.deep.equal(expected);
    expect((await asked()).choices).to.deep.equal(expected);
  });

  it('take other answers', async () => {
    const { choices, said } = await asked('team/wine', 'r.example/team', '3 1', 'other.py', 'our-profile');
    expect(choices).to.deep.equal({
      repository: { owner: 'team', name: 'wine' },
      registry: 'r.example/team',
      images: [image('a'), image('c')],
      pipeline: PROPOSAL.pipelines[1],
      namespace: 'our-profile',
    });
    expect(said).to.include('Registry for the images [ghcr.io/me]: ').and.to.include('  2  b: b/Dockerfile');
  });

  it('ask again after what is no answer', async () => {
    const { choices, said } = await asked('wine', 'a/b', '', '4', '2', '', 'Our Profile', 'ours');
    expect(choices).to.deep.include({
      repository: { owner: 'a', name: 'b' },
      images: [image('b')],
      namespace: 'ours',
    });
    expect(said)
      .to.include('`wine` isn’t one.')
      .and.to.include('`4` isn’t')
      .and.to.include('`Our Profile` isn’t');
  });

  it('end with Ctrl-C', async () => {
    const interrupt = new AbortController();
    const [input, output] = [new PassThrough(), new PassThrough()];
    const choices = askChoices({ input, output, signal: interrupt.signal }, PROPOSAL);
    output.once('data', () => {
      interrupt.abort('SIGINT');
    });
    const reason = await choices.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(reason).to.equal('SIGINT');
  });
});
