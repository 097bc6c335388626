import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { ValidateFunction } from 'ajv';
import { expect } from 'chai';

import { ARGO_RELEASES } from '../support/argo-releases.js';
import { complaints, strictArgoSchema } from '../support/argo-schema.js';
import { argoBinary } from '../support/argo-binary.js';
import { reference } from '../support/reference.js';
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

  // Argo evaluates what a step reports once more where it is named plainly.
  it('threat 52: name what a step reports only where its form is checked', () => {
    const value = String.raw`tasks\['[\w-]+'\]\.outputs\.parameters\['[\w-]+'\]`;
    const shapes: Readonly<Record<string, RegExp>> = {
      parameter: /^\{\{inputs\.parameters\.[\w-]+\}\}$/,
      'its name or uid': /^\{\{workflow\.(?:name|uid)\}\}$/,
      'a digest, checked': new RegExp(
        String.raw`^\{\{=(${value}) matches '\^sha256:\[a-f0-9\]\{64\}\$' \? \1 : 'invalid'\}\}$`,
      ),
      'an id, checked': new RegExp(
        String.raw`^\{\{=(${value}) matches '\^\[A-Za-z0-9\]\[A-Za-z0-9\._-\]\{0,127\}\$' \? \1 : 'invalid'\}\}$`,
      ),
      'what a task of a nested DAG reports': /^\{\{tasks\.build-[\w-]+\.outputs\.parameters\.digest\}\}$/,
    };
    const found = new Set<string>();
    for (const [name, { workflow }] of outcomes) {
      for (const [path, text] of strings(workflow?.spec)) {
        for (const tag of text.match(/\{\{.*?\}\}/g) ?? []) {
          const shape = Object.keys(shapes).find((each) => shapes[each]?.test(tag));
          expect(shape, `${name}, ${path}: ${tag}`).to.not.equal(undefined);
          if (shape?.includes('nested')) expect(path).to.match(/\.outputs\.parameters\.\d+\.valueFrom\.parameter$/);
          found.add(shape ?? '');
        }
      }
    }
    expect([...found].sort()).to.deep.equal(Object.keys(shapes).sort());
  });

  for (const release of ARGO_RELEASES) {
    it(`match the schema of Argo ${release.version}, made strict`, function () {
      this.timeout(120_000);
      const validate: ValidateFunction = strictArgoSchema(this, release);
      for (const [name, { workflow }] of outcomes) {
        if (workflow) expect(complaints(validate, workflow), name).to.deep.equal([]);
      }
    });
  }

  it('are read by Go, as argo and kubectl do, for what they are', async function () {
    this.timeout(600_000);
    const program = reference(this);
    try {
      const made = [...outcomes].flatMap(([name, { workflow, files }]) =>
        workflow ? [{ name, workflow, yaml: files.get('workflow.yaml') ?? '' }] : [],
      );
      const read = await program.yaml(made.map(({ yaml }) => yaml));
      for (const [i, { name, workflow }] of made.entries()) {
        expect(read[i], name).to.deep.equal({ json: JSON.parse(JSON.stringify(workflow)) as unknown });
      }
    } finally {
      program.remove();
    }
  });

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

/** Every text in a value, with its path. */
function strings(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => strings(each, `${path}.${key}`));
}
