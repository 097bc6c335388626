import { expect } from 'chai';

import type { Choices } from '../../../../cli/bootstrap/choices.js';
import { ownSecrets } from '../../../../cli/bootstrap/secrets.js';
import { checkedSettings } from '../../../../cli/bootstrap/settings.js';
import { CHOICES } from './support.js';

const KEYS = { accessKey: 'a', secretKey: 's' };

/** The Secrets with the keys of the store, and the name that the settings have for builds. */
function made(choices: Partial<Choices>): { readonly secrets: readonly string[]; readonly name: string } {
  const all = { ...CHOICES, ...choices };
  const store = { endpoint: 's3.example:9000', from: 'flag', keys: KEYS } as const;
  const { value } = checkedSettings({
    choices: all,
    store,
    kfpEndpoint: undefined,
    github: { kind: 'unknown' },
  });
  const secrets = ownSecrets(all, store).map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
  return { secrets, name: value.minio.secret.name };
}

describe('the Secret of the object store that kfops bootstrap gives to builds', () => {
  it('has the usual name in a namespace of their own', () => {
    for (const choices of [{}, { storeKeys: KEYS }])
      expect(made(choices)).to.deep.equal({
        secrets: ['builds/mlpipeline-minio-artifact', 'chat/kfops-minio'],
        name: 'mlpipeline-minio-artifact',
      });
  });

  it('is Kubeflow’s own in its namespace, unless there are other keys', () => {
    expect(made({ builds: 'kubeflow' })).to.deep.equal({
      secrets: ['chat/kfops-minio'],
      name: 'mlpipeline-minio-artifact',
    });
    expect(made({ builds: 'kubeflow', storeKeys: KEYS })).to.deep.equal({
      secrets: ['kubeflow/kfops-minio', 'chat/kfops-minio'],
      name: 'kfops-minio',
    });
  });

  it('is another than Kubeflow’s in a profile, whose keys may be for its own artifacts alone', () => {
    for (const choices of [{}, { storeKeys: KEYS }])
      expect(made({ builds: 'acme', ...choices })).to.deep.equal({
        secrets: ['acme/kfops-minio', 'chat/kfops-minio'],
        name: 'kfops-minio',
      });
  });
});
