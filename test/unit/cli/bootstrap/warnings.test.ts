import { expect } from 'chai';

import { warningsOf } from '../../../../cli/bootstrap/warnings.js';
import { CHOICES } from './support.js';

describe('the warnings of kfops bootstrap', () => {
  it('don’t appear for usual choices', () => {
    expect(warningsOf(CHOICES)).to.deep.equal([]);
  });

  it('name the namespace of Kubeflow itself, once', () => {
    const warnings = warningsOf({ ...CHOICES, builds: 'kubeflow', profiles: ['kubeflow'] });
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.match(/^--namespace: builds share `kubeflow` with Kubeflow itself\./);
  });

  it('name an Ingress without a certificate', () => {
    const [warning] = warningsOf({ ...CHOICES, ingress: { className: 'nginx' } });
    expect(warning)
      .to.match(/^--ingress-class: the Ingress has no certificate for `kfops\.acme\.com`/)
      .and.to.include('--tls-secret');
    expect(warningsOf({ ...CHOICES, ingress: { className: 'nginx', tlsSecret: 'tls' } })).to.deep.equal([]);
  });

  it('name each option with what follows from it', () => {
    const warnings = warningsOf({ ...CHOICES, url: 'https://localhost', profiles: ['acme', 'builds'] });
    expect(warnings.map((warning) => warning.slice(0, warning.indexOf('.')))).to.deep.equal([
      '--url: `localhost` is an address of the machine itself',
      '--profile-namespace: builds run in `builds`, too',
    ]);
    expect(warnings[1]).to.include(
      'pipelines can use the keys of the object store in its Secret kfops-minio',
    );
  });
});
