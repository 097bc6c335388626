import { expect } from 'chai';
import { parseAllDocuments } from 'yaml';

import { objectsText } from '../../../../cli/bootstrap/print.js';
import { githubSecret } from '../../../../cli/bootstrap/secrets.js';

const SETTINGS = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'kfops-settings', namespace: 'chat' },
  data: { 'settings.yaml': 'a: 1\n' },
};
const TOKEN = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'kfops-build.service-account-token', namespace: 'builds' },
  type: 'kubernetes.io/service-account-token',
};

describe('the objects that kfops bootstrap --dry-run prints', () => {
  const secret = githubSecret('chat', {
    kind: 'app',
    id: 7,
    privateKey: 'canary-key',
    webhookSecret: 'canary-webhook',
  });
  const text = objectsText([SETTINGS, secret, TOKEN]);

  it('have a Secret with values as a comment only, so that kubectl cannot replace the real values', () => {
    const documents = parseAllDocuments(text).map((each) => each.toJS() as typeof SETTINGS);
    expect(documents.map(({ metadata }) => metadata.name)).to.deep.equal([
      'kfops-settings',
      'kfops-build.service-account-token',
    ]);
    expect(documents[0]?.data).to.deep.equal(SETTINGS.data);
    expect(text).to.include(
      [
        '# Secret kfops-github in chat, keys: private-key.pem, webhook-secret; create it with',
        '# kubectl create secret generic kfops-github -n chat --from-file=private-key.pem=FILE --from-file=webhook-secret=FILE',
        '# then kubectl annotate secret kfops-github -n chat kfops.dev/github-app=7',
        '---',
      ].join('\n'),
    );
  });

  it('have nothing that Secrets hold', () => {
    expect(text).not.to.include('canary');
    expect(text).not.to.include(Buffer.from('canary').toString('base64').slice(0, -2));
  });

  it('name the type of a Secret with a login', () => {
    const login = {
      ...TOKEN,
      metadata: { name: 'registry-login', namespace: 'builds' },
      type: 'kubernetes.io/dockerconfigjson',
      data: { '.dockerconfigjson': 'e30=' },
    };
    expect(objectsText([login])).to.include(
      '# kubectl create secret generic registry-login -n builds --type=kubernetes.io/dockerconfigjson --from-file=.dockerconfigjson=FILE\n',
    );
  });
});
