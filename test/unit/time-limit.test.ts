import { fileURLToPath } from 'node:url';

import { expect } from 'chai';

import { timeLimit } from '../support/time-limit.js';

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

describe('test/support/time-limit', () => {
  const CASES: Readonly<Record<string, number | undefined>> = {
    './names.test.ts': 10_000,
    './server/builds/submit.test.ts': 10_000,
    './sources/git.test.ts': 60_000,
    './pipeline/compile.test.ts': 60_000,
    '../server/build.test.ts': undefined,
    '../cli/build.test.ts': undefined,
  };
  for (const [path, limit] of Object.entries(CASES)) {
    it(`${path}: ${limit ?? 'that of .mocharc.json'}`, () => {
      expect(timeLimit(file(path))).to.equal(limit);
    });
  }
});
