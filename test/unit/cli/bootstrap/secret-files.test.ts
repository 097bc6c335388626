import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import { readLogin, readPrivateKey, readSecretFile } from '../../../../cli/bootstrap/secret-files.js';

describe('the secret files of kfops bootstrap', () => {
  let cwd: string;
  before(() => (cwd = mkdtempSync(join(tmpdir(), 'kfops-secrets-'))));
  after(() => {
    rmSync(cwd, { recursive: true, force: true });
  });
  const file = (content: string): string => {
    writeFileSync(join(cwd, 'file'), content);
    return 'file';
  };
  const login = (content: string): Promise<unknown> =>
    readLogin({ cwd, env: { HOME: cwd } }, file(content), ['ghcr.io', 'docker.io']);
  const auth = Buffer.from('bot:canary').toString('base64');

  it('are read without the white space round them, or say what is wrong', () => {
    expect(readSecretFile({ cwd }, file(' secret\n'))).to.equal('secret');
    expect(readSecretFile({ cwd }, file('\n'))).to.deep.equal({ problem: 'is empty' });
    expect(readSecretFile({ cwd }, 'nowhere')).to.deep.equal({
      problem: "doesn't exist",
      hint: `correct the path; it starts at ${cwd}`,
    });
    expect(readSecretFile({ cwd }, '.')).to.deep.equal({ problem: "can't be read (EISDIR)" });
    expect(readPrivateKey({ cwd }, file('canary'))).to.deep.equal({
      problem: "doesn't hold a private key (PEM)",
    });
  });

  it('have a login for one of the registries in the file itself', async () => {
    const json = JSON.stringify({ auths: { 'https://index.docker.io/v1/': { auth } } });
    expect(await login(json)).to.deep.equal({ file: join(cwd, 'file'), json });
    expect(await readLogin({ cwd: '/', env: { HOME: cwd } }, '~/file', ['docker.io'])).to.have.property(
      'json',
    );
  });

  it('give the cluster the logins for these registries and nothing else of the file', async () => {
    const json = JSON.stringify({
      auths: {
        'https://index.docker.io/v1/': { auth },
        'GHCR.io': { auth },
        'quay.io': { auth },
        'ghcr.io/other': { auth },
      },
      credsStore: 'desktop',
      credHelpers: { 'gcr.io': 'gcloud' },
      HttpHeaders: { 'X-Canary': 'x' },
    });
    const { json: used } = (await login(json)) as { json: string };
    expect(JSON.parse(used)).to.deep.equal({
      auths: { 'https://index.docker.io/v1/': { auth }, 'GHCR.io': { auth } },
    });
  });

  it('say why a login cannot be used, without the login', async () => {
    expect(await login('canary')).to.deep.equal({ problem: "isn't a JSON object" });
    expect(await login('{"auths":{}}')).to.have.property('problem', 'has no login for ghcr.io, docker.io');
    const helper = await login('{"auths":{"ghcr.io":{}},"credsStore":"desktop"}');
    expect(helper).to.have.property(
      'problem',
      'has no login for ghcr.io, docker.io, because a credential helper of this machine has it',
    );
    expect(helper).to.have.property('hint').that.includes('--docker-server=ghcr.io');
    const broken = (await login(JSON.stringify({ auths: { 'ghcr.io': { auth: 'canary' } } }))) as {
      problem: string;
    };
    expect(broken.problem)
      .to.match(/^can't be used: /)
      .and.not.to.include('canary');
  });
});
