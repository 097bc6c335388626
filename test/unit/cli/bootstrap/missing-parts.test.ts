import { expect } from 'chai';

import { missingParts } from '../../../../cli/bootstrap/missing-parts.js';
import type { Plan } from '../../../../cli/bootstrap/plan.js';
import { CHOICES } from './support.js';

const PLAN: Plan = {
  choices: CHOICES,
  store: { endpoint: 's3.example:443', from: 'flag' },
  kfpEndpoint: undefined,
  github: { from: 'page' },
  images: undefined,
  foreign: new Set(),
  isMultiUser: false,
};

describe('what kfops bootstrap --dry-run does not print', () => {
  const found = (plan: Partial<Plan>, hasCluster: boolean): string =>
    missingParts({ ...PLAN, ...plan }, hasCluster).join('\n');

  it('is always the bucket, the values of the Secrets and Kfops’ own images', () => {
    const github = { from: 'cluster', settings: { kind: 'app', id: 7 } } as const;
    expect(found({ github }, true).split('\n')).to.have.length(3);
    expect(found({ github }, true))
      .to.include('the bucket image-build-artifacts')
      .and.include('Secrets')
      .and.include(`\`kfops images --registry ghcr.io/acme/kfops -n ${CHOICES.builds}\``);
  });

  it('names the login with which the images are pushed', () => {
    const login = { file: '/builds.json', json: '{}' };
    const imagesLogin = { file: '/images.json', json: '{}' };
    const one = found({ choices: { ...CHOICES, login } }, true);
    const two = found({ choices: { ...CHOICES, login, imagesLogin } }, true);
    expect(one).to.include(` --secret registry-login -n ${CHOICES.builds}\``);
    expect(two).to.include(` --secret kfops-images-login -n ${CHOICES.builds}\``);
  });

  it('is the GitHub App where none exists', () => {
    expect(found({}, true)).to.include('the GitHub App').and.not.include('--kfp-endpoint');
  });

  it('is what only a cluster shows, without one', () => {
    expect(found({}, false)).to.include('give --kfp-endpoint').and.include('kfops-publisher in acme');
    expect(found({ kfpEndpoint: 'http://kfp' }, false)).not.to.include('--kfp-endpoint');
  });
});
