import { expect } from 'chai';
import fc from 'fast-check';

import { parseImageReference } from '../../../schema/image-reference.js';
import { generated, reference, SEEDS, type ImageAnswer, type Reference } from '../../support/reference.js';

const SHA256 = `sha256:${'0a'.repeat(32)}`;

const NAMES = [
  ...[
    '',
    'a',
    'ab',
    'python',
    'python:3.11',
    'user/app',
    'docker.io/python',
    'docker.io/user/app:x',
    'index.docker.io/a/b',
  ],
  ...[
    'index.docker.io/python',
    'localhost/app',
    'localhost:5000/app',
    'localhost',
    'localhost:5000',
    'LOCALHOST/app',
    'ghcr.io/a/b',
  ],
  ...[
    'ghcr.io',
    'ghcr.io/',
    'ghcr.io/a/',
    '/a',
    'a//b',
    'ghcr.io//a',
    'a/b/c/d',
    'a.b/c',
    'a:1/b',
    'a:x/b',
    'a:/b',
    ':a',
    'a:',
    'a:b:c',
  ],
  ...[
    '[::1]:5000/app',
    '[::1]/app',
    '[2001:db8::1]/a',
    '[::1/app',
    '::1/app',
    '10.0.0.1/a',
    '10.0.0.1:5000/a:b',
    'a-.b/c',
    '-a.b/c',
    'a..b/c',
  ],
  ...[
    'a_b',
    'a__b',
    'a___b',
    'a-b',
    'a--b',
    'a.b',
    'a..b',
    'a._b',
    '_a',
    'a_',
    '-a',
    'a-',
    '.a',
    'a.',
    'a/-b',
    'a/b-',
    'a/_b',
    'Aa',
    'a/B',
    'é',
  ],
  ...[
    'a:_x',
    'a:.x',
    'a:-x',
    'a:x.y-z_0',
    `a:${'t'.repeat(128)}`,
    `a:${'t'.repeat(129)}`,
    'a:é',
    'a b',
    ' a',
    'a ',
    'a\n',
    'a:b c',
    'a@b',
  ],
  ...[
    `a@${SHA256}`,
    `a:t@${SHA256}`,
    `a@${SHA256}0`,
    `a@${SHA256.toUpperCase()}`,
    'a@sha256:',
    'a@sha256:abc',
    `@${SHA256}`,
    `a@${SHA256}@${SHA256}`,
  ],
  ...[
    '0'.repeat(64),
    `ghcr.io/${'0'.repeat(64)}`,
    `a/${'x'.repeat(240)}`,
    `a/${'x'.repeat(253)}`,
    `ghcr.io/${'x'.repeat(247)}`,
    `ghcr.io/${'x'.repeat(248)}`,
  ],
  ...[
    `docker.io/library/${'x'.repeat(237)}`,
    `docker.io/library/${'x'.repeat(238)}`,
    'x'.repeat(237),
    'x'.repeat(238),
    'x'.repeat(247),
    'x'.repeat(255),
  ],
  ...[
    'docker.io',
    'docker.io/',
    'docker.io/library/a',
    'index.docker.io',
    'a.b:99999/c',
    'a.b:999999/c',
    'a.b:0/c',
    'http://a/b',
    'https://a.b/c',
  ],
];

/**
 * Stricter on purpose: only sha256; 2 to 255 characters, those of the registry among them, as earlier readers count;
 * lower case for what is not clearly a host; one name for Docker Hub.
 */
function isStricter(name: string, { domain = '', path = '', digest = SHA256 }: ImageAnswer): boolean {
  return (
    !digest.startsWith('sha256:') ||
    path.length < 2 ||
    `${domain}/${path}`.length > 255 ||
    (!/[.:]/.test(domain) && domain !== 'localhost') ||
    name.startsWith('registry-1.docker.io/')
  );
}

const piece = fc.oneof(
  fc.constantFrom(
    'a',
    'ab',
    'x0',
    'B',
    'docker.io',
    'index.docker.io',
    'ghcr.io',
    'localhost',
    'library',
    '[::1]',
    'é',
    '',
  ),
  fc.constantFrom('a_b', 'a__b', 'a.-b', '-a', 'a-', 'a..b', '10.0.0.1', 'x'.repeat(120)),
);
const NAME = fc
  .tuple(
    fc.array(piece, { minLength: 1, maxLength: 4 }),
    fc.constantFrom('', '', ':5000', ':t', ':T.x_-0', ':', ':.x'),
    fc.constantFrom('', '', ':t', ':latest', ':a b', ':é', `:${'t'.repeat(128)}`),
    fc.constantFrom('', '', `@${SHA256}`, '@sha256:12', `@sha512:${'0'.repeat(128)}`, '@'),
  )
  .map(([[first = '', ...rest], port, tag, digest]) => [first + port, ...rest].join('/') + tag + digest);

function ours(name: string): ImageAnswer {
  const read = parseImageReference(name);
  if ('problem' in read) return { error: 'refused' };
  const { registry: domain, ...rest } = read;
  return { domain, ...rest };
}

describe('image references and Docker', () => {
  let docker: Reference | undefined;
  before(function () {
    this.timeout(600_000);
    docker = reference(this);
  });
  after(() => docker?.remove());

  const expectSame = async (names: readonly string[]): Promise<void> => {
    const answers = (await docker?.image(names)) ?? [];
    for (const [i, name] of names.entries()) {
      const { error, ...theirs } = answers[i] ?? {};
      const expected = error === undefined && !isStricter(name, theirs) ? theirs : { error: 'refused' };
      expect(ours(name), JSON.stringify(name)).to.deep.equal(expected);
    }
  };

  it('agree on the fixed names', () => expectSame(NAMES));

  for (const seed of SEEDS) {
    it(`agree on generated names (seed ${seed})`, () => expectSame(generated(NAME, seed, 500)));
  }
});
