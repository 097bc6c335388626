import { expect } from 'chai';

import { ExitCode } from '../../../cli/exit.js';
import { main } from '../../../cli/main.js';
import { fakeIo } from './fake-io.js';

describe('kfops images', () => {
  it('refuses a registry that Docker would take for a path of Docker Hub', async () => {
    const io = fakeIo({ cwd: '/' });
    expect(await main(['images', '--registry', 'acme'], io)).to.equal(ExitCode.Usage);
    expect(io.err().replace(/\s+/g, ' '))
      .to.include("--registry error WRONG_VALUE `acme` isn't a registry with a path")
      .and.not.to.include('KUBECONFIG');
  });

  it('names the useful section for an unknown key of --set, and keeps the hint of a key with a section', async () => {
    for (const [set, hint] of [
      [
        'foo=bar',
        'hint: Override values of `image_builder`, such as image_builder.images.0.build_args.BASE=',
      ],
      ['image_builder.image=bar', 'hint: Did you mean `images`?'],
    ] as const) {
      for (const args of [
        ['images', '--registry', 'ghcr.io/acme/kfops', '--set', set],
        ['bootstrap', '--dry-run', '--set', set],
      ]) {
        const io = fakeIo({ cwd: '/' });
        expect(await main(args, io)).to.equal(ExitCode.Usage);
        expect(io.err().replace(/\s+/g, ' ')).to.include(`--set ${set}`).and.include(hint);
      }
    }
  });

  it('has the version as the default of its tag', async () => {
    const io = fakeIo({ cwd: '/' });
    expect(await main(['images', '--help'], io)).to.equal(ExitCode.Done);
    expect(io.out().replace(/\s+/g, ' '))
      .to.include('tag of both images; default: the version of this kfops')
      .and.not.to.include('default: the commit');
  });
});
