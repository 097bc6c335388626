import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { ValidateFunction } from 'ajv';
import { expect } from 'chai';

import { ARGO_SCHEMAS, complaints, strictArgoSchema } from '../support/argo-schema.js';
import { argoBinary } from '../support/argo-binary.js';
import { sharedFile } from '../support/shared.js';
import { caseNames, expectedFiles, runCase, type Outcome } from './cases.js';

describe('cases', () => {
  const outcomes = new Map<string, Outcome>();
  before(async function () {
    // The recorded runs start services, and git.
    this.timeout(180_000);
    for (const name of await caseNames()) outcomes.set(name, await runCase(name));
  });

  it('give what is committed (else: npm run cases:update, and read the difference)', async () => {
    for (const [name, { files }] of outcomes) {
      expect(Object.fromEntries(files), name).to.deep.equal(Object.fromEntries(await expectedFiles(name)));
    }
  });

  for (const path of ARGO_SCHEMAS) {
    it(`hold against ${path}, made strict`, function () {
      this.timeout(120_000);
      const validate: ValidateFunction = strictArgoSchema(sharedFile(this, path));
      for (const [name, { workflow }] of outcomes) {
        if (workflow) expect(complaints(validate, workflow), name).to.deep.equal([]);
      }
    });
  }

  it('pass argo lint --offline', async function () {
    this.timeout(120_000);
    const argo = argoBinary(this);
    const folder = await mkdtemp(join(tmpdir(), 'kfops-lint-'));
    try {
      const files: string[] = [];
      for (const [name, { files: made }] of outcomes) {
        const yaml = made.get('workflow.yaml');
        if (yaml === undefined) continue;
        files.push(join(folder, `${name}.yaml`));
        await writeFile(join(folder, `${name}.yaml`), yaml);
      }
      const { stdout } = await promisify(execFile)(argo, ['lint', '--offline', '--kinds=workflows', ...files]);
      expect(stdout).to.contain('no linting errors found');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
