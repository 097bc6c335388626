import { expect } from 'chai';
import * as fc from 'fast-check';

import {
  cacheRepository,
  ConfigError,
  destinationOf,
  normaliseRepository,
  parseImageReference,
} from '../../../schema/index.js';

const digest = `sha256:${'a'.repeat(64)}`;

describe('image references', () => {
  const valid: [string, object][] = [
    ['python:3.11-slim', { registry: 'docker.io', path: 'library/python', tag: '3.11-slim' }],
    ['user/app', { registry: 'docker.io', path: 'user/app' }],
    ['index.docker.io/user/app', { registry: 'docker.io', path: 'user/app' }],
    ['localhost/app', { registry: 'localhost', path: 'app' }],
    ['localhost:5000/a_b/c-d:x', { registry: 'localhost:5000', path: 'a_b/c-d', tag: 'x' }],
    ['[2001:db8::1]:5000/app', { registry: '[2001:db8::1]:5000', path: 'app' }],
    [`ghcr.io/a/b@${digest}`, { registry: 'ghcr.io', path: 'a/b', digest }],
    [`ghcr.io/a/b:t@${digest}`, { registry: 'ghcr.io', path: 'a/b', tag: 't', digest }],
    ['ghcr.io/a__b/c--d.e', { registry: 'ghcr.io', path: 'a__b/c--d.e' }],
  ];
  for (const [text, reference] of valid) {
    it(`reads ${text.slice(0, 40)}`, () => {
      expect(parseImageReference(text)).to.deep.equal(reference);
    });
  }

  const invalid = [
    '',
    '/',
    'a//b',
    'ghcr.io/',
    'ghcr.io/A',
    'ghcr.io/a___b',
    'ghcr.io/-a',
    'ghcr.io/a:',
    'ghcr.io/a:-x',
  ];
  invalid.push(
    'ghcr.io/x',
    'http://ghcr.io/a/b',
    '-x.io/abc',
    'ghcr.io/../prod',
    'a b',
    'ghcr.io/a@sha256:12',
  );
  invalid.push(`ghcr.io/${'a'.repeat(250)}`, 'ghcr.io:port/ab', '{{x}}', 'ghcr.io/a$(id)', 'ghcr.io/ab\n');
  for (const text of invalid) {
    it(`refuses ${JSON.stringify(text.slice(0, 40))}`, () => {
      expect(parseImageReference(text)).to.have.all.keys('problem', 'hint');
    });
  }

  it('finds the same in its own output', () => {
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

  for (const registry of ['docker.io', 'profile/project', 'docker.io/profile/project']) {
    it(`know that Docker Hub takes no ${registry}/<name>`, () => {
      expect(destinationOf(registry, 'app')).to.have.property('problem');
    });
  }

  it('throw a ConfigError for what was not checked', () => {
    expect(() => normaliseRepository('https://x.io', 'app')).to.throw(ConfigError);
  });
});
