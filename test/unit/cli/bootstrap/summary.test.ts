import { expect } from 'chai';

import type { Choices } from '../../../../cli/bootstrap/choices.js';
import { saySummary } from '../../../../cli/bootstrap/summary.js';
import { styleOf } from '../../../../templates/style.js';
import { fakeIo } from '../fake-io.js';
import { CHOICES } from './support.js';

describe('the summary of kfops bootstrap', () => {
  const said = (choices: Partial<Choices>, columns?: number): string => {
    const io = fakeIo(columns === undefined ? {} : { columns });
    saySummary(
      { io, argv: [], style: styleOf(false), exitCode: 0 },
      {
        client: undefined,
        choices: { ...CHOICES, ...choices },
        store: { endpoint: 's3.example:443', from: 'flag' },
        kfpEndpoint: undefined,
        github: { from: 'page' },
        images: undefined,
      },
    );
    return io.err();
  };
  const login = { file: '/builds.json', json: '{}' };

  it('warns where builds get a login for the host of Kfops’ images', () => {
    expect(said({ login })).to.include(
      '/builds.json, which builds can use: if it can write to ghcr.io/acme/kfops, a pull request can replace Kfops’ images',
    );
    const apart = said({ login, imagesLogin: { file: '/images.json', json: '{}' } });
    expect(apart).to.include('/images.json for Kfops’ images, which builds don’t get');
    expect(apart).not.to.include('can replace');
    expect(said({})).not.to.include('can replace');
  });

  it('keeps to the width of the terminal', () => {
    for (const line of said({}, 60).split('\n')) expect(line.length, line).to.be.at.most(60);
  });

  it('names the server of GitHub Enterprise', () => {
    expect(said({ githubApiUrl: 'https://github.acme.com/api/v3' })).to.include(
      'one click; GitHub Enterprise Server at github.acme.com',
    );
    expect(said({})).not.to.include('Enterprise');
  });

  it('says what the absence of a login means', () => {
    const line = 'none: a push to ghcr.io usually needs one; --registry-login FILE';
    expect(said({})).to.include(line);
    expect(said({ imagesLogin: login })).to.include(`${line}\n`);
    expect(said({ login })).not.to.include('none:');
  });
});
