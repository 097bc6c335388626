import { createHash } from 'node:crypto';

import { expect } from 'chai';
import fc from 'fast-check';

import { generateNamePrefix, buildMutex, repositoryLabel } from '../../../../generator/workflow/names.js';

const hashOf = (o: string, n: string): string =>
  createHash('sha256').update(`${o}/${n}`).digest('hex').slice(0, 20);

/** GitHub's own rules: 39 characters of an owner, 100 of a repository. */
const owner = fc.stringMatching(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,37}[A-Za-z0-9])?$/);
const name = fc.stringMatching(/^[A-Za-z0-9._-]{1,100}$/);

describe('names of a Workflow', () => {
  it('are valid whatever the repository is called', () => {
    fc.assert(
      fc.property(owner, name, (o, n) => {
        expect(repositoryLabel({ owner: o, name: n })).to.match(
          /^[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/,
        );
        expect(`${generateNamePrefix(n)}abcde`).to.match(/^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/);
      }),
    );
  });

  it('threat 53: are another one’s for no repository and no pull request', () => {
    const parts = fc.constantFrom(
      'a',
      'B',
      '-',
      '.',
      '_',
      '1',
      '-1',
      'x'.repeat(50),
      hashOf('a', 'x'.repeat(90)),
    );
    const near = fc.tuple(
      fc.stringMatching(/^[ab](?:-?[ab1]){0,3}$/),
      fc.array(parts, { minLength: 1, maxLength: 4 }).map((texts) => texts.join('').slice(0, 100)),
      fc.constantFrom(1, 11, 7),
    );
    const same = (text: string, other: string): boolean => text.toLowerCase() === other.toLowerCase();
    fc.assert(
      fc.property(near, near, ([o1, n1, p1], [o2, n2, p2]) => {
        const [one, two] = [
          { owner: o1, name: n1 },
          { owner: o2, name: n2 },
        ];
        expect(repositoryLabel(one) === repositoryLabel(two)).to.equal(o1 === o2 && n1 === n2);
        expect(buildMutex(one, p1) === buildMutex(two, p2)).to.equal(
          same(o1, o2) && same(n1, n2) && p1 === p2,
        );
      }),
      { numRuns: 5000 },
    );
    const [long, forged] = [
      { owner: 'a', name: 'x'.repeat(90) },
      { owner: 'a', name: `${'x'.repeat(40)}-${hashOf('a', 'x'.repeat(90))}` },
    ];
    expect(repositoryLabel(long)).to.not.equal(repositoryLabel(forged));
    for (const [[o1, n1], [o2, n2]] of [
      [
        ['a-b', 'c'],
        ['a', 'b-c'],
      ],
      [
        ['a', 'c.'],
        ['a', 'c'],
      ],
      [
        ['a', 'c_'],
        ['a', 'c-'],
      ],
    ] as const) {
      expect(repositoryLabel({ owner: o1, name: n1 })).to.not.equal(repositoryLabel({ owner: o2, name: n2 }));
      expect(buildMutex({ owner: o1, name: n1 }, 7)).to.not.equal(buildMutex({ owner: o2, name: n2 }, 7));
    }
    expect(buildMutex({ owner: 'a', name: 'b-1' }, 7)).to.not.equal(
      buildMutex({ owner: 'a', name: 'b' }, 17),
    );
    expect(buildMutex({ owner: 'Acme', name: 'Churn' }, 7)).to.equal('kfops-acme.churn-7');
    const refs = [
      { kind: 'branch', name: '7' },
      { kind: 'branch', name: 'Main' },
      { kind: 'branch', name: 'main' },
      { kind: 'tag', name: 'main' },
    ] as const;
    const mutexes = [7, ...refs].map((of) => buildMutex({ owner: 'acme', name: 'churn' }, of));
    expect(new Set(mutexes).size).to.equal(5);
  });

  it('tell long repositories apart', () => {
    const long = 'x'.repeat(90);
    expect(repositoryLabel({ owner: 'o', name: `${long}1` })).not.to.equal(
      repositoryLabel({ owner: 'o', name: `${long}2` }),
    );
    expect(repositoryLabel({ owner: 'acme', name: 'churn' })).to.equal('acme.churn');
  });
});
