import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect } from 'chai';

import { ExitCode } from '../../../cli/exit.js';
import { main } from '../../../cli/main.js';
import { fakeIo } from './fake-io.js';

const EXAMPLE = fileURLToPath(new URL('../../../examples/sklearn-iris', import.meta.url));

describe('cli: reuse that is off', () => {
  const earlier = process.env.KFOPS_NO_REUSE;
  let folder: string;
  let settings: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kfops-'));
    settings = join(folder, 'settings.yaml');
    await writeFile(settings, 'build:\n  reuse: false\n');
  });
  after(() => rm(folder, { recursive: true }));
  afterEach(() => {
    if (earlier === undefined) delete process.env.KFOPS_NO_REUSE;
    else process.env.KFOPS_NO_REUSE = earlier;
  });

  async function call(args: readonly string[], value?: string) {
    if (value === undefined) delete process.env.KFOPS_NO_REUSE;
    else process.env.KFOPS_NO_REUSE = value;
    const io = fakeIo({ cwd: EXAMPLE });
    const code = await main(args, io);
    return { code, out: io.out(), err: io.err() };
  }

  for (const value of ['1', 'true', 'YES']) {
    it(`by KFOPS_NO_REUSE=${value}, as the plan says`, async () => {
      const { code, out } = await call(['plan'], value);
      expect(code).to.equal(ExitCode.Done);
      expect(out).to.match(/^Images {2}2 images, .*; reuse is off \(KFOPS_NO_REUSE\)$/m);
    });
  }

  for (const value of ['', '0', 'False', 'no']) {
    it(`not by KFOPS_NO_REUSE=${value}`, async () => {
      // The settings turn it off, too, so that no registry is asked.
      const { code, out } = await call(['plan', '--settings', settings], value);
      expect(code).to.equal(ExitCode.Done);
      expect(out).to.include('; reuse is off (build.reuse in the settings)\n');
    });
  }

  it('by another value of KFOPS_NO_REUSE is wrong usage', async () => {
    const { code, err } = await call(['plan'], 'off');
    expect(code).to.equal(ExitCode.Usage);
    expect(err).to.include(
      "error: option '--no-reuse' value 'off' from env 'KFOPS_NO_REUSE' is invalid. Allowed choices are 1, true, yes, 0, false, no.",
    );
  });

  it('by the option, which wins over the variable', async () => {
    const { out } = await call(['plan', '--no-reuse'], '0');
    expect(out).to.include('; reuse is off (--no-reuse)\n');
  });

  it('by default in generate, whose plan does not say it', async () => {
    const { err } = await call(['generate']);
    expect(err).to.include('Images  2 images').and.not.include('reuse is off');
  });

  it('says what to do where images are chosen', async () => {
    for (const [args, value, says] of [
      [['plan', 'iris_train', '--no-reuse'], undefined, 'Leave out `--no-reuse`, or build without names.'],
      [['plan', 'iris_train'], '1', 'Unset KFOPS_NO_REUSE, or build without names.'],
      [['generate', 'iris_train'], undefined, 'Add `--reuse`, or build without names.'],
    ] as const) {
      const { code, err } = await call(args, value);
      expect(code).to.equal(ExitCode.Failed);
      expect(err).to.include('the pipeline also needs `iris_serve`').and.include(says);
    }
  });
});
