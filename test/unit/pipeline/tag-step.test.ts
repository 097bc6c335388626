import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect } from 'chai';

import { parseTagOutput, type TagOutput } from '../../../generator/results/step-outputs.js';
import type { TagWork } from '../../../generator/workflow/tag-step.js';
import { tagStep } from '../../../pipeline/tag-step.js';
import { compareBase, parseTagWork } from '../../../pipeline/tag-work.js';
import { WorkError } from '../../../schema/errors.js';
import { ACCOUNT, Registry } from '../../fixtures/registry.js';
import { RegistryStandIn, sha256 } from '../../fixtures/registry-stand-in.js';
import { failure } from './failure.js';

const MAIN = fileURLToPath(new URL('../../../pipeline/main.ts', import.meta.url));

describe('the step tag', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kfops-tag-step-'));
  const output = join(folder, 'out');
  const lines: string[] = [];
  const io = { log: (line: string) => lines.push(line) };
  after(() => {
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    lines.length = 0;
    rmSync(output, { recursive: true, force: true });
  });
  const argumentsFor = (work: TagWork): string[] => {
    writeFileSync(join(folder, 'images.json'), JSON.stringify(work));
    return [`--images=${join(folder, 'images.json')}`, `--output=${output}`];
  };
  const result = (): TagOutput | undefined =>
    parseTagOutput(readFileSync(join(output, 'result.json'), 'utf8'));

  it('tags and checks as a program, with the login of Docker’s config.json', async function () {
    this.timeout(60_000);
    const registry = await Registry.start(this, 'password');
    try {
      const { digest } = await registry.image('team/app', { tag: 'ctx-1' });
      await registry.image('team/there', { tag: 'commit' });
      const base = await registry.image('team/base', { tag: '3.11', labels: { a: 'b' } });
      const auth = Buffer.from(`${ACCOUNT.username}:${ACCOUNT.password}`).toString('base64');
      writeFileSync(join(folder, 'config.json'), JSON.stringify({ auths: { [registry.host]: { auth } } }));
      const repository = (name: string): string => `${registry.host}/team/${name}`;
      const gone = sha256('gone');
      const image = (name: string, is = digest) => ({
        name,
        repository: repository(name),
        digest: is,
        tag: 'commit',
      });
      const python = (name: string, tag: string, is: string) => ({
        name,
        repository: repository('base'),
        tag,
        digest: is,
      });
      const argv = argumentsFor({
        images: [image('app'), image('there'), image('gone', gone)],
        bases: [python('a', '3.11', base.digest), python('b', '3.11', gone), python('c', '3.12', gone)],
      });
      const env = { ...process.env, DOCKER_CONFIG: folder };
      const run = async (): Promise<unknown> => {
        const stdio: ['ignore', 'ignore', 'inherit'] = ['ignore', 'ignore', 'inherit'];
        const child = spawn(process.execPath, ['--import=tsx', MAIN, 'tag', ...argv], { env, stdio });
        return ((await once(child, 'exit')) as unknown[])[0];
      };
      expect(await run()).to.equal(0);
      const skipped = `${repository('gone')}@${gone} is no longer there`;
      expect(result()).to.deep.equal({
        images: [
          { name: 'app', result: 'tagged' },
          { name: 'there', result: 'already' },
          { name: 'gone', result: { skipped, cause: 'gone' } },
        ],
        bases: [
          { name: 'a', result: 'same' },
          { name: 'b', result: { other: base.digest } },
          { name: 'c', result: 'absent' },
        ],
      });
      expect(await registry.digestOf('team/app', 'commit')).to.equal(digest);

      env.DOCKER_CONFIG = join(folder, 'none');
      expect(await run()).to.equal(0);
      const [app] = result()?.images ?? [];
      expect((app?.result as { skipped: string }).skipped).to.match(/^no login that may push to /);
    } finally {
      await registry.stop();
    }
  });

  it('ends though a registry does not answer', async () => {
    const registry = await RegistryStandIn.start();
    try {
      registry.on('GET /v2/', () => 'stall');
      const repository = `${registry.host}/app`;
      const item = { name: 'app', repository, digest: sha256('x'), tag: 'v1' };
      await tagStep(argumentsFor({ images: [item], bases: [item] }), io, 100);
      const { images, bases } = result()!;
      expect(images).to.have.length(1);
      expect((images[0]?.result as { skipped: string }).skipped).to.match(/did not answer in time$/);
      expect(bases).to.deep.equal([
        { name: 'app', result: { unknown: 'the registry did not answer in time' } },
      ]);
      expect(lines).to.have.length(2);
    } finally {
      await registry.stop();
    }
  });

  it('ends when it is told to', async () => {
    const registry = await RegistryStandIn.start();
    try {
      const stop = new AbortController();
      registry.on('GET /v2/', () => {
        stop.abort(new Error('stopped'));
        return 'stall';
      });
      const item = { name: 'app', repository: `${registry.host}/app`, digest: sha256('x'), tag: 'v1' };
      for (const work of [
        { images: [item], bases: [] },
        { images: [], bases: [item] },
      ])
        await tagStep(argumentsFor(work), { ...io, signal: stop.signal }).then(
          () => expect.fail('it ended'),
          (error: unknown) => {
            expect(error).to.have.property('message', 'stopped');
          },
        );
    } finally {
      await registry.stop();
    }
  });

  it('needs its arguments', async () => {
    expect((await failure(tagStep([], io), WorkError)).message).to.equal(
      'wrong arguments: --output is missing',
    );
  });
});

describe('the file of the step tag', () => {
  const good = { name: 'a', repository: 'ghcr.io/a', digest: sha256('x'), tag: 'v1' };

  it('has what the plan says', () => {
    const images = [good, { ...good, insecure: true }];
    const bases = [{ ...good, platform: 'linux/arm64' }];
    expect(parseTagWork(JSON.stringify({ images, bases }), 'f')).to.deep.equal({ images, bases });
  });

  for (const [text, problem] of [
    ['[]', 'it is not a JSON object with the lists `images` and `bases`'],
    ['{"images":[]}', 'it is not a JSON object with the lists `images` and `bases`'],
    [JSON.stringify({ images: [{}], bases: [] }), 'images[0] has no name or no repository'],
    [JSON.stringify({ images: [], bases: [good, { ...good, digest: 'x' }] }), 'bases[1] has no valid digest'],
    [JSON.stringify({ images: [{ ...good, tag: '../x' }], bases: [] }), 'images[0] has no valid tag'],
  ] as const)
    it(`is refused: ${problem} (${text.slice(0, 14)})`, () => {
      expect(() => parseTagWork(text, 'f')).to.throw(WorkError, `f cannot be used: ${problem}`);
    });

  it('is compared with what a registry says', () => {
    const found = (digest: string) => ({ state: 'found', digest, labels: {} }) as const;
    expect(compareBase('a', found('a'))).to.equal('same');
    expect(compareBase('a', found('b'))).to.deep.equal({ other: 'b' });
    expect(compareBase('a', { state: 'unknown', why: 'x' })).to.deep.equal({ unknown: 'x' });
    expect(compareBase('a', { state: 'absent' })).to.equal('absent');
  });
});

describe('the output of the step tag', () => {
  it('is read whatever it holds', () => {
    expect(parseTagOutput('{}')).to.equal(undefined);
    const skipped = [
      { name: 'd', result: { skipped: 'x', cause: 'login' } },
      { name: 'e', result: { skipped: 'y', cause: 'other' } },
    ];
    const images = [{ name: 'a', result: 'tagged' }, { name: 'b', result: 7 }, null, ...skipped];
    const bases = [{ name: 'c', result: { other: 'x' } }];
    expect(parseTagOutput(JSON.stringify({ images, bases }))).to.deep.equal({
      images: [
        { name: 'a', result: 'tagged' },
        { name: 'b', result: { skipped: '' } },
        { name: '', result: { skipped: '' } },
        skipped[0],
        { name: 'e', result: { skipped: 'y' } },
      ],
      bases: [{ name: 'c', result: { unknown: '' } }],
    });
  });
});
