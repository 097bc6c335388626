import { expect } from 'chai';
import fc from 'fast-check';

import { parseImages, repositoryOf } from '../../../pipeline/images.js';
import { WorkError } from '../../../schema/errors.js';

const DIGEST = `sha256:${'1'.repeat(64)}`;
const REPOSITORY = 'registry.example:5000/team/trainer';
const EXPECTED = new Map([
  ['trainer', REPOSITORY],
  ['server', 'docker.io/me/server'],
]);
const good = JSON.stringify({ trainer: `${REPOSITORY}@${DIGEST}` });

describe('parseImages', () => {
  it('takes some or all of the images of a build', () => {
    expect([...parseImages(good, 'images.json', EXPECTED)]).to.deep.equal([
      ['trainer', `${REPOSITORY}@${DIGEST}`],
    ]);
    expect(parseImages('{}', 'images.json', EXPECTED).size).to.equal(0);
    const hub = JSON.stringify({ server: `me/server@${DIGEST}` });
    expect(parseImages(hub, 'images.json', EXPECTED).get('server')).to.equal(`me/server@${DIGEST}`);
  });

  const refused: Record<string, [text: string, problem: string]> = {
    'no JSON': ['{', 'not JSON'],
    'a list': ['[]', 'not a JSON object'],
    null: ['null', 'not a JSON object'],
    'a number': ['{"trainer":1}', 'is not <repository>@sha256'],
    'a tag': [`{"trainer":"${REPOSITORY}:1"}`, 'is not <repository>@sha256'],
    'a short digest': [`{"trainer":"${REPOSITORY}@sha256:1"}`, 'is not <repository>@sha256'],
    'text after the digest': [`{"trainer":"${REPOSITORY}@${DIGEST}\\n"}`, 'is not <repository>@sha256'],
    'what Argo puts in place of a forged digest': [
      `{"trainer":"${REPOSITORY}@invalid"}`,
      "the build of the image `trainer` reported a digest that isn't one",
    ],
    'text before the digest': [`{"trainer":"${REPOSITORY}@x${DIGEST}"}`, 'is not <repository>@sha256'],
    'two digests': [`{"trainer":"${REPOSITORY}@${DIGEST}@${DIGEST}"}`, 'is not <repository>@sha256'],
    'an unknown name': [`{"trainr":"${REPOSITORY}@${DIGEST}"}`, 'there are: trainer, server'],
    'a key of every object': [`{"__proto__":"${REPOSITORY}@${DIGEST}"}`, 'no image `__proto__`'],
    'another repository': [`{"trainer":"${REPOSITORY}x@${DIGEST}"}`, 'the configuration says'],
    'a name that stands there twice': [
      `${good.slice(0, -1)},"trainer":"${REPOSITORY}@sha256:${'2'.repeat(64)}"}`,
      'a duplicate name',
    ],
    'a name that is written in another way': [
      `${good.slice(0, -1)},"tr\\u0061iner":"${REPOSITORY}@${DIGEST}"}`,
      'a duplicate name',
    ],
  };
  for (const [what, [text, problem]] of Object.entries(refused)) {
    it(`refuses ${what}`, () => {
      expect(() => parseImages(text, 'images.json', EXPECTED)).to.throw(WorkError, problem);
    });
  }

  it('takes whatever a digest was forged to, or refuses it: no other image comes of it', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        `","server":"evil.example/x@${DIGEST}`,
        `${DIGEST}","trainer":"evil.example/x@${DIGEST}`,
      ),
      fc.constant(DIGEST),
    );
    fc.assert(
      fc.property(hostile, (digest) => {
        let images: Map<string, string>;
        try {
          images = parseImages(`{"trainer":"${REPOSITORY}@${digest}"}`, 'images.json', EXPECTED);
        } catch (error) {
          expect(error).to.be.instanceOf(WorkError);
          return;
        }
        expect([...images]).to.deep.equal([['trainer', `${REPOSITORY}@${digest}`]]);
        expect(digest).to.match(/^sha256:[a-f0-9]{64}$/);
      }),
    );
  });
});

describe('repositoryOf', () => {
  const same: [image: string, repository: string | undefined][] = [
    ['python', 'docker.io/library/python'],
    ['python:3.11', 'docker.io/library/python'],
    ['me/trainer:1', 'docker.io/me/trainer'],
    ['index.docker.io/me/trainer', 'docker.io/me/trainer'],
    ['registry:5000/trainer', 'registry:5000/trainer'],
    ['registry:5000/trainer:1', 'registry:5000/trainer'],
    ['Registry.Example/team/trainer', 'registry.example/team/trainer'],
    [`ghcr.io/team/trainer:1@${DIGEST}`, 'ghcr.io/team/trainer'],
    ['ghcr.io/team/trainer@sha256:short', 'ghcr.io/team/trainer'],
    ['ghcr.io/team/trainer:{{workflow.parameters.version_id}}', 'ghcr.io/team/trainer'],
    ['localhost/trainer:x', 'localhost/trainer'],
    ['', undefined],
    ['https://ghcr.io/team/trainer', undefined],
    ['ghcr.io/team/Trainer', undefined],
  ];
  for (const [image, repository] of same) {
    it(`of \`${image}\` is ${repository ?? 'none'}`, () => {
      expect(repositoryOf(image)).to.equal(repository);
    });
  }
});
