import { expect } from 'chai';

import { refusal, unusableCredentials } from '../../../../argo/client/errors.js';
import { refused } from '../../../../argo/retry/argo-server-errors.js';

describe('errors of the cluster', () => {
  it('quote what a login program said, all of it', () => {
    const said = 'error: no session\n\nRun:\n\taws sso login --profile dev\n';
    const { message, nextStep } = unusableCredentials('https://k', new Error(said));
    expect(message.split('\n')).to.deep.equal([
      'Kubernetes API at https://k: this kubeconfig cannot be used:',
      '  error: no session',
      '',
      '  Run:',
      '      aws sso login --profile dev',
    ]);
    expect(nextStep).to.include('kubectl get namespaces');
  });

  it('quote the page of a proxy; an answer of the API is part of the sentence', () => {
    const page = '<html>\n<h1>502 Bad Gateway</h1>\n</html>\n';
    const expected = ': reading x was refused (502):\n  <html>\n  <h1>502 Bad Gateway</h1>\n  </html>';
    expect(refusal('https://k', 'reading x', 502, page, undefined).message).to.equal(
      `Kubernetes API at https://k${expected}`,
    );
    expect(refused('https://a', 'reading x', 502, page).message).to.equal(
      `Argo’s server at https://a${expected}`,
    );

    const answer = '{"message":"no rights"}';
    expect(refusal('https://k', 'reading x', 403, answer, undefined).problem).to.equal(
      'reading x was refused (403: no rights)',
    );
    expect(refused('https://a', 'reading x', 403, answer).problem).to.equal(
      'reading x was refused (403: no rights)',
    );
    expect(refusal('https://k', 'reading x', 500, '', undefined).problem).to.equal(
      'reading x was refused (500)',
    );
  });
});
