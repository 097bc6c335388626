import { expect } from 'chai';
import fc from 'fast-check';

import { challengeOf } from '../../../../stores/registry/challenge.js';

describe('the challenge of a registry', () => {
  const bearer = { scheme: 'bearer', realm: 'https://auth.example/token' };
  for (const [header, expected] of [
    [undefined, undefined],
    ['', undefined],
    ['Basic realm="Registry Realm"', { scheme: 'basic' }],
    ['Basic', { scheme: 'basic' }],
    [
      'Bearer realm="https://auth.example/token",service="registry.example",scope="repository:a/b:pull,push"',
      { ...bearer, service: 'registry.example' },
    ],
    ['bearer Realm=https://auth.example/token', bearer],
    // Without a realm it says nothing.
    ['Bearer service="x", Basic realm="y"', { scheme: 'basic' }],
    // Several challenges, in one header or in two that Node has joined.
    ['Basic realm="x", Bearer realm="https://auth.example/token"', bearer],
    [
      'Negotiate abc==, NTLM, Bearer realm="https://auth.example/token" , service="s"',
      { ...bearer, service: 's' },
    ],
    // What looks like a challenge in quotes is a text.
    ['Basic realm="a \\", Bearer realm=\\"https://evil.example"', { scheme: 'basic' }],
    ['Bearer realm="unclosed', undefined],
  ] as const)
    it(header ?? 'no header', () => {
      expect(challengeOf(header)).to.deep.equal(expected);
    });

  it('reads any text', () => {
    const part = fc.constantFrom('Bearer', 'Basic', ' ', ',', '=', '"', '\\', 'realm', 'x', '\u00e9');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
        challengeOf(parts.join(''));
      }),
    );
    expect(challengeOf(`Basic ${'a="\\'.repeat(100_000)}`)).to.deep.equal({ scheme: 'basic' });
  });
});
