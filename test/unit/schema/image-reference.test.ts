import { expect } from 'chai';
import * as fc from 'fast-check';

import { ConfigError } from '../../../schema/diagnostic.js';
import {
  cacheRepository,
  destinationOf,
  isTag,
  normaliseRepository,
  parseImageReference,
} from '../../../schema/image-reference.js';

const digest = `sha256:${'a'.repeat(64)}`;
const hub = (path: string): object => ({ registry: 'docker.io', path });
const inGhcr = (path: string): object => ({ registry: 'ghcr.io', path });

/** What is wrong with a reference, with the hint. */
function problemOf(text: string): string {
  const reference = parseImageReference(text);
  if (!('problem' in reference)) throw new Error(`${text} is accepted`);
  return `${reference.problem}. ${reference.hint}`;
}

describe('image references', () => {
  const valid: [string, object][] = [
    ['python', hub('library/python')],
    ['python:3.11-slim', { ...hub('library/python'), tag: '3.11-slim' }],
    ['user/app', hub('user/app')],
    ['docker.io/python', hub('library/python')],
    ['index.docker.io/user/app', hub('user/app')],
    ['registry-1.docker.io/user/app', hub('user/app')],
    ['localhost/app', { registry: 'localhost', path: 'app' }],
    ['localhost:5000/a_b/c-d:x', { registry: 'localhost:5000', path: 'a_b/c-d', tag: 'x' }],
    ['[2001:db8::1]:5000/app', { registry: '[2001:db8::1]:5000', path: 'app' }],
    [`ghcr.io/a/b@${digest}`, { ...inGhcr('a/b'), digest }],
    [`ghcr.io/a/b:t@${digest}`, { ...inGhcr('a/b'), tag: 't', digest }],
    ['ghcr.io/xy', inGhcr('xy')],
  ];
  for (const [text, reference] of valid) {
    it(`read ${text.slice(0, 40)}`, () => {
      expect(parseImageReference(text)).to.deep.equal(reference);
    });
  }

  it('without a slash are a name of Docker Hub, even where they look like a host', () => {
    expect(parseImageReference('alpine.small')).to.deep.equal(hub('library/alpine.small'));
    expect(parseImageReference('localhost')).to.deep.equal(hub('library/localhost'));
    expect(parseImageReference('localhost:5000')).to.deep.equal({ ...hub('library/localhost'), tag: '5000' });
  });

  it('of a host that only contains a name of Docker Hub are not in Docker Hub', () => {
    for (const registry of ['evil.index.docker.io', 'index.docker.io.evil.example', 'index.docker.io:5000'])
      expect(parseImageReference(`${registry}/user/app`)).to.deep.equal({ registry, path: 'user/app' });
  });

  for (const registry of [
    'a.b',
    'registry.example',
    'a.b.c-d.E--f.x1',
    'Registry-1.EXAMPLE.com',
    '1.2.3.4:5',
    'host:65535',
    '[::1]',
    '[ABCD:ef01::9]:1',
  ]) {
    it(`take the registry ${registry}`, () => {
      expect(parseImageReference(`${registry}/app`)).to.deep.equal({ registry, path: 'app' });
    });
  }

  for (const registry of [
    '-x.io',
    'x-.io',
    'x.-io',
    'x.io-',
    '.io',
    'x.',
    'x..io',
    'x_y.io',
    'x!y.io',
    '!x.io',
    'x.!',
    'x.io:port',
    'x.io:',
    'x.io:123456',
    'x.io:12x',
    'x.io:x12',
    'x.io:1:2',
    '[::1',
    '[]:1',
    '[g::1]',
    '[.]',
    '[:!]',
    'x[::1]',
    '[::1]x',
    '[::1]:',
  ]) {
    it(`refuse the registry ${registry}`, () => {
      expect(problemOf(`${registry}/app`)).to.include(`has the registry \`${registry}\``);
    });
  }

  for (const part of ['ab', '01', 'a.b', 'a_b', 'a__b', 'a-b', 'a---b', 'ab1.cd2_ef3__gh4-ij5', '0-0']) {
    it(`take the part ${part} of a repository`, () => {
      expect(parseImageReference(`ghcr.io/${part}`)).to.deep.equal(inGhcr(part));
      expect(parseImageReference(`ghcr.io/x/${part}/y`)).to.deep.equal(inGhcr(`x/${part}/y`));
    });
  }

  for (const part of [
    '..',
    '.ab',
    'ab.',
    'a..b',
    'a._b',
    'a_-b',
    'a-.b',
    'a___b',
    '_ab',
    'ab_',
    '-ab',
    'ab-',
    'a!b',
    '!ab',
    'ab!',
    'a.!',
    'a-!',
    'a b',
    'é',
    '{{x}}',
    'a$(id)',
    'ab\n',
    '\nab',
  ]) {
    it(`refuse the part ${JSON.stringify(part)} of a repository`, () => {
      expect(problemOf(`ghcr.io/${part}`)).to.match(/has the part.*Each part has/s);
      expect(problemOf(`ghcr.io/x/${part}/y`)).to.match(/has the part.*Each part has/s);
    });
  }

  it('suggest lower case where it helps', () => {
    expect(problemOf('ghcr.io/Team/app')).to.include('lower case: `team`');
    expect(problemOf('ghcr.io/Team!/app')).to.include('Each part has');
  });

  for (const text of ['', '/', 'a//b', '/a', 'ghcr.io/', 'ghcr.io//a', 'ghcr.io/a/', ':tag', `@${digest}`])
    it(`have no empty part: ${JSON.stringify(text.slice(0, 20))}`, () => {
      expect(problemOf(text)).to.include('has an empty part');
    });

  it('say what scheme to leave out', () => {
    expect(problemOf('https://ghcr.io/a/b')).to.include('begins with a scheme. Leave out `https://`');
    expect(problemOf('HTTP://ghcr.io/a/b')).to.include('Leave out `HTTP://`');
    expect(problemOf('ghcr.io/a/http://b')).not.to.include('scheme');
  });

  it('are not the id of an image', () => {
    expect(problemOf('0a'.repeat(32))).to.include('64 hexadecimal digits');
    expect(parseImageReference('0a'.repeat(31))).to.deep.equal(hub(`library/${'0a'.repeat(31)}`));
  });

  it('have a repository of at least 2 characters, and 255 with the registry at most', () => {
    expect(problemOf('ghcr.io/x')).to.include('less than 2 characters');
    const longest = 'a'.repeat(255 - 'ghcr.io/'.length);
    expect(parseImageReference(`ghcr.io/${longest}`)).to.deep.equal(inGhcr(longest));
    expect(problemOf(`ghcr.io/${longest}a`)).to.include('longer than 255');
  });

  for (const tag of ['1', '_', 'A', 'z', '_.-aZ09', 'v1.2.3-rc.1', 't'.repeat(128)]) {
    it(`take the tag ${tag.slice(0, 20)}`, () => {
      expect(parseImageReference(`ghcr.io/ab:${tag}`)).to.deep.equal({ ...inGhcr('ab'), tag });
    });
  }

  for (const tag of ['', '-x', '.x', '!x', 'x!', 'x!y', 'x\n', '\nx', 'é', '{{x}}', 't'.repeat(129)]) {
    it(`refuse the tag ${JSON.stringify(tag.slice(0, 20))}`, () => {
      expect(problemOf(`ghcr.io/ab:${tag}`)).to.include('which is not valid');
    });
  }

  for (const wrong of [
    '',
    'sha256:12',
    `${digest}0`,
    digest.slice(0, -1),
    `${digest}@${digest}`,
    `${digest}@`,
  ]) {
    it(`refuse the digest ${wrong.slice(0, 20)}… of ${wrong.length} characters`, () => {
      expect(problemOf(`ghcr.io/a@${wrong}`)).to.include('has a digest that is not');
    });
  }

  it('are read to what they are written as', () => {
    const part = fc.stringMatching(/^[a-z0-9]{1,8}([._-][a-z0-9]{1,8})?$/);
    fc.assert(
      fc.property(fc.constantFrom('ghcr.io', 'localhost:5000', 'docker.io'), part, part, (registry, a, b) => {
        const reference = parseImageReference(`${registry}/${a}/${b}`);
        expect(reference).to.deep.equal({ registry, path: `${a}/${b}` });
      }),
    );
  });
});

describe('destinations', () => {
  it('are below the registry as users write it', () => {
    expect(normaliseRepository('profile', 'app')).to.equal('docker.io/profile/app');
    expect(normaliseRepository('docker.io/profile/', 'app')).to.equal('docker.io/profile/app');
    expect(normaliseRepository('registry.local:5000', 'app')).to.equal('registry.local:5000/app');
    expect(normaliseRepository('registry.local:5000/ml/team', 'a_b')).to.equal(
      'registry.local:5000/ml/team/a_b',
    );
  });

  it('have a cache beside them', () => {
    expect(cacheRepository('profile')).to.equal('docker.io/profile/kfops-cache');
    expect(cacheRepository('ghcr.io/team')).to.equal('ghcr.io/team/kfops-cache');
  });

  it('may be called library, or be deep, in another registry than Docker Hub', () => {
    expect(normaliseRepository('ghcr.io/library/a', 'app')).to.equal('ghcr.io/library/a/app');
  });

  for (const registry of ['docker.io', 'library', 'docker.io/library']) {
    it(`need a profile: Docker Hub takes no ${registry}/<name>`, () => {
      expect(destinationOf(registry, 'app')).to.have.property('problem', 'has no profile of Docker Hub');
    });
  }

  for (const registry of ['profile/project', 'docker.io/profile/project']) {
    it(`have two parts at most in Docker Hub: it takes no ${registry}/<name>`, () => {
      expect(destinationOf(registry, 'app')).to.have.property('problem').that.includes('more than two parts');
    });
  }

  it('throw a ConfigError for what was not checked', () => {
    expect(() => normaliseRepository('https://x.io', 'app')).to.throw(ConfigError, 'begins with a scheme');
  });
});

describe('isTag', () => {
  it('holds the grammar of the distribution reference', () => {
    for (const tag of ['v1.2', 'a', '_x', 'A-b.c', '0'.repeat(128)]) expect(isTag(tag), tag).to.equal(true);
    for (const tag of ['', '.x', '-x', 'a b', 'a:b', 'ä', 'a\n', '0'.repeat(129)]) {
      expect(isTag(tag), tag).to.equal(false);
    }
  });
});
