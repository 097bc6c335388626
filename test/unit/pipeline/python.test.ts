import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { expect } from 'chai';

import { KFP_VERSION } from '../../../pipeline/compile.js';
import { pinImages } from '../../../pipeline/pin.js';
import { pythonOrSkip } from '../../fixtures/python.js';

const run = promisify(execFile);
const COMPILER = new URL('../../../pipeline/compiler/', import.meta.url);

describe('pipeline/compiler', () => {
  it('passes its own tests', async function () {
    this.timeout(300_000);
    const python = pythonOrSkip(this);
    const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' };
    const { stdout } = await run(python, ['-m', 'pytest'], { cwd: fileURLToPath(COMPILER), env }).catch(
      (error: unknown) => {
        throw new Error(`pytest failed\n${(error as { stdout?: string }).stdout ?? ''}`, { cause: error });
      },
    );
    expect(stdout).to.match(/[0-9]{2,} passed/);
    expect(stdout).not.to.include('skipped');
  });

  it('reads back what was pinned', async function () {
    this.timeout(120_000);
    const python = pythonOrSkip(this);
    const flowers = readFileSync(new URL('../../fixtures/pipelines/flowers.yaml', import.meta.url), 'utf8');
    const reference = `registry.example.com:5000/team/trainer@sha256:${'1'.repeat(64)}`;
    const { yaml } = pinImages(flowers, new Map([['trainer', reference]]));
    const script = `import sys
from kfp import components
pipeline = components.load_component_from_text(sys.argv[1])
executors = pipeline.pipeline_spec.deployment_spec['executors']
print(pipeline.description, executors['exec-train']['container']['image'])`;
    const { stdout } = await run(python, ['-c', script, yaml]);
    expect(stdout).to.equal(`Everything in which an image can stand. ${reference}\n`);
  });

  it('is locked at the version that the install line names, every package by its hash', () => {
    const lock = readFileSync(new URL('requirements.txt', COMPILER), 'utf8');
    expect(lock).to.include(`\nkfp==${KFP_VERSION} `);
    expect(lock).to.include(`\nkfp-kubernetes==${KFP_VERSION} `);
    const packages = lock.split(/\n(?=[a-z])/).slice(1);
    expect(packages.length).to.be.greaterThan(20);
    for (const text of packages)
      expect(text).to.match(/^[a-z0-9.-]+==[0-9][^ ]* \\\n {4}--hash=sha256:[0-9a-f]{64}/);
    expect(lock).not.to.match(/--(?:index-url|extra-index-url|find-links|trusted-host)/);
  });
});
