import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';

import { expect } from 'chai';

import type { Choices } from '../../../../cli/bootstrap/choices.js';
import type { BootstrapFlags } from '../../../../cli/bootstrap/flags.js';
import { gather } from '../../../../cli/bootstrap/gather.js';
import { withQuestions } from '../../../../cli/questions.js';
import type { Session } from '../../../../cli/session.js';
import { ConfigError } from '../../../../schema/index.js';
import { styleOf } from '../../../../templates/style.js';
import { fakeIo } from '../fake-io.js';

const session: Session = { io: fakeIo(), argv: [], style: styleOf(false), exitCode: 0 };
const ALL: BootstrapFlags = {
  registry: ['ghcr.io/acme/ml'],
  repository: ['acme/churn'],
  profileNamespace: ['acme'],
  url: 'https://kfops.acme.com/',
  yes: true,
};

const take = (flags: BootstrapFlags): Promise<Choices> => gather(session, flags, undefined);

async function problems(flags: BootstrapFlags): Promise<string[]> {
  const error = await take(flags).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(error).to.be.instanceOf(ConfigError);
  return (error as ConfigError).diagnostics.map(({ file, message }) => `${file}: ${message}`);
}

/** The answers of a person, and what was asked. */
async function asked(flags: BootstrapFlags, ...lines: string[]): Promise<{ choices: Choices; said: string }> {
  const [input, output] = [new PassThrough(), new PassThrough()];
  input.end(lines.map((line) => `${line}\n`).join(''));
  const { signal } = new AbortController();
  const choices = await withQuestions({ input, output, signal }, (ask) => gather(session, flags, ask));
  output.end();
  const said = await output.toArray();
  return { choices, said: Buffer.concat(said as Buffer[]).toString() };
}

describe('the values of kfops bootstrap', () => {
  it('are the flags and what follows from them', async () => {
    expect(await take(ALL)).to.deep.equal({
      registries: ['ghcr.io/acme/ml'],
      imagesRegistry: 'ghcr.io/acme/kfops',
      repositories: ['acme/churn'],
      sharedTrust: false,
      url: 'https://kfops.acme.com',
      profiles: ['acme'],
      builds: 'kfops',
      server: 'kfops-system',
      insecure: false,
    });
  });

  it('have no default for Kfops’ images where what is next to the registry belongs to others', async () => {
    expect(await problems({ ...ALL, registry: ['ghcr.io/acme'] })).to.deep.equal([
      '--images-registry: --images-registry is missing.',
    ]);
  });

  it('that are missing say what they are, and nothing of Kfops’ images where the registry is wrong', async () => {
    const hints = async (registry: string): Promise<(string | undefined)[]> => {
      const flags = { ...ALL, registry: [registry], repository: [] };
      const error = await take(flags).catch((error: unknown) => error);
      return (error as ConfigError).diagnostics.map(({ file, hint }) => `${file}: ${hint}`);
    };
    const repository = '--repository: It is the repository on GitHub, owner/name.';
    expect(await hints('ghcr.io/acme')).to.deep.equal([
      '--images-registry: `ghcr.io/acme` has no neighbour: give --images-registry, or a longer --registry such as ghcr.io/acme/ml.',
      repository,
    ]);
    expect(await hints('acme')).to.deep.equal([
      '--registry: Write a registry with a path, such as ghcr.io/acme/ml.',
      repository,
    ]);
  });

  it('that are wrong are reported at once, each at its flag', async () => {
    const found = await problems({
      ...ALL,
      registry: ['https://ghcr.io'],
      repository: ['churn'],
      url: 'https://kfops.acme.com/hooks',
      profileNamespace: ['Acme'],
      namespace: 'same',
      serverNamespace: 'same',
      storeEndpoint: 's3://x',
      storeAccessKeyFile: 'nowhere',
      githubApiUrl: 'ftp://x',
      kfpUrl: 'x',
    });
    expect(found.map((line) => line.slice(0, line.indexOf(':')))).to.deep.equal([
      ...['--registry', '--repository', '--url', '--profile-namespace', '--store-endpoint', '--kfp-url'],
      ...['--github-api-url', '--server-namespace'],
      ...['--store-access-key-file', '--store-secret-key-file'],
    ]);
  });

  it('keep a profile apart from the server', async () => {
    const flags = { ...ALL, profileNamespace: ['acme', 'kfops-system'] };
    expect(await problems(flags)).to.deep.equal([
      '--profile-namespace: `kfops-system` is the namespace of the server.',
    ]);
    expect(await take({ ...flags, serverNamespace: 'chat' })).to.have.property('server', 'chat');
    expect(await problems({ ...flags, serverNamespace: 'chat', profileNamespace: ['chat'] })).to.have.length(
      1,
    );
  });

  it('need a yes without a terminal, but for a dry run', async () => {
    const flags: BootstrapFlags = Object.fromEntries(Object.entries(ALL).filter(([key]) => key !== 'yes'));
    expect(await problems(flags))
      .to.have.length(1)
      .and.to.have.nested.property('[0]')
      .that.matches(/^--yes/);
    expect(await take({ ...flags, dryRun: true })).to.have.property('url');
  });

  it('are asked for where they are missing, again after a wrong answer', async () => {
    const { choices, said } = await asked(
      { url: 'https://kfops.acme.com' },
      ...['ghcr.io/acme/ml, ghcr.io/acme/nlp', '', 'churn', 'acme/churn,acme/fraud', '', 'acme', 'yes'],
    );
    expect(choices).to.deep.include({
      registries: ['ghcr.io/acme/ml', 'ghcr.io/acme/nlp'],
      imagesRegistry: 'ghcr.io/acme/kfops',
      repositories: ['acme/churn', 'acme/fraud'],
      profiles: ['acme'],
      sharedTrust: true,
    });
    expect(said)
      .to.include('such as ghcr.io/acme/kfops [ghcr.io/acme/kfops]: ')
      .and.to.include("`churn` isn't a repository")
      .and.to.include('A value is needed.')
      .and.not.to.include('Public address');
  });

  it('that were typed are printed as flags, for another run', async () => {
    const io = fakeIo();
    const [input, output] = [new PassThrough(), new PassThrough()];
    input.end('\nacme/fraud\n');
    const { signal } = new AbortController();
    const flags = Object.fromEntries(Object.entries(ALL).filter(([key]) => key !== 'repository'));
    await withQuestions({ input, output, signal }, (ask) => gather({ ...session, io }, flags, ask));
    expect(io.err()).to.include(
      'kfops bootstrap --images-registry ghcr.io/acme/kfops --repository acme/fraud',
    );
  });

  it('are not asked for after the end of the input', async () => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    input.end('ghcr.io/acme/ml\n');
    const { signal } = new AbortController();
    const error: unknown = await withQuestions({ input, output, signal }, (ask) =>
      gather(session, { imagesRegistry: 'ghcr.io/acme/kfops' }, ask),
    ).catch((error: unknown) => error);
    expect((error as ConfigError).diagnostics.map(({ file }) => file)).to.deep.equal([
      '--repository',
      '--url',
      '--profile-namespace',
    ]);
    output.end();
    const said = Buffer.concat((await output.toArray()) as Buffer[]).toString();
    expect(said).to.include('Repository on GitHub').and.not.include('Public address');
  });

  it('name a registry with its host and a path', async () => {
    for (const registry of ['bad', 'ghcr.io', 'acme'])
      expect(
        await problems({ ...ALL, registry: [registry], imagesRegistry: 'ghcr.io/acme/kfops' }),
      ).to.deep.equal([`--registry: \`${registry}\` isn't a registry with a path.`]);
    expect((await take({ ...ALL, registry: ['localhost/ml/a'] })).registries).to.deep.equal([
      'localhost/ml/a',
    ]);
  });

  it('that are wrong stop before the first question', async () => {
    const error = await asked({ url: 'x' }).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect((error as ConfigError).diagnostics.map(({ file }) => file)).to.deep.equal(['--url']);
  });

  it('take y and n, and after a no ask for one repository', async () => {
    const typed = ['acme/churn,acme/fraud'];
    const flags = Object.fromEntries(
      Object.entries({ ...ALL, imagesRegistry: 'ghcr.io/acme/kfops' }).filter(
        ([key]) => key !== 'repository',
      ),
    );
    expect((await asked(flags, ...typed, 'maybe', 'Y')).choices).to.have.property('sharedTrust', true);
    const { choices, said } = await asked(flags, ...typed, 'n', 'fraud', 'acme/fraud');
    expect(choices).to.deep.include({ sharedTrust: false, repositories: ['acme/fraud'] });
    expect(said).to.include("`fraud` isn't a repository").and.not.to.include('Answer yes or no');
    const ofFlags = {
      ...ALL,
      repository: ['acme/churn', 'acme/fraud'],
      imagesRegistry: 'ghcr.io/acme/kfops',
    };
    const error = await asked(ofFlags, 'n').catch((error: unknown) => error);
    expect((error as ConfigError).diagnostics.map(({ file }) => file)).to.deep.equal(['--shared-trust']);
  });

  it('tell the trust that was typed as a flag, too', async () => {
    const io = fakeIo();
    const [input, output] = [new PassThrough(), new PassThrough()];
    input.end('yes\n');
    const { signal } = new AbortController();
    const flags = { ...ALL, repository: ['acme/a', 'acme/b'], imagesRegistry: 'ghcr.io/acme/kfops' };
    await withQuestions({ input, output, signal }, (ask) => gather({ ...session, io }, flags, ask));
    expect(io.err()).to.include('kfops bootstrap --shared-trust');
  });

  it('ask for a login, which nobody needs to have, and tell it as a flag', async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'kfops-login-'));
    const auths = (host: string): string =>
      JSON.stringify({ auths: { [host]: { auth: Buffer.from('bot:canary').toString('base64') } } });
    writeFileSync(join(cwd, 'login.json'), auths('ghcr.io'));
    writeFileSync(join(cwd, 'other.json'), auths('quay.io'));
    const flags = { ...ALL, imagesRegistry: 'registry.example/acme/kfops' };
    const answered = async (more: BootstrapFlags, ...lines: string[]) => {
      const io = fakeIo({ cwd });
      const [input, output] = [new PassThrough(), new PassThrough()];
      input.end(lines.map((line) => `${line}\n`).join(''));
      const { signal } = new AbortController();
      const { login } = await withQuestions({ input, output, signal }, (ask) =>
        gather({ ...session, io }, { ...flags, ...more }, ask),
      );
      output.end();
      const said = Buffer.concat((await output.toArray()) as Buffer[]).toString();
      return { login, said, err: io.err() };
    };
    try {
      const { login, said, err } = await answered({}, 'nowhere', 'other.json', 'login.json');
      expect(said)
        .to.include('Docker config.json with a login for ghcr.io or registry.example (empty: none): ')
        .and.include("`nowhere` doesn't exist; correct the path")
        .and.include('`other.json` has no login for ghcr.io, registry.example; make a file that has it')
        .and.not.include('canary');
      expect(login).to.have.property('file', join(cwd, 'login.json'));
      expect(err).to.include('kfops bootstrap --registry-login login.json');

      const none = await answered({}, '');
      expect(none.login).to.equal(undefined);
      expect(none.err).to.equal('');
      expect((await answered({ registryLogin: 'login.json' })).said).to.equal('');
    } finally {
      rmSync(cwd, { recursive: true });
    }
  });

  it('are annotations of an Ingress, which must be there', async () => {
    const ingressAnnotation = ['cert-manager.io/cluster-issuer=le', 'a/b=c=d'];
    const { ingress } = await take({ ...ALL, ingressClass: 'nginx', ingressAnnotation });
    expect(ingress?.annotations).to.deep.equal({ 'cert-manager.io/cluster-issuer': 'le', 'a/b': 'c=d' });
    expect(await problems({ ...ALL, ingressAnnotation })).to.deep.equal([
      '--ingress-annotation: There is no Ingress for this annotation.',
    ]);
    expect(
      await problems({ ...ALL, ingressClass: 'nginx', ingressAnnotation: ['issuer', '/a=b'] }),
    ).to.have.length(2);
  });

  it('are asked for in lines that end between words', async () => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    input.end('acme\n');
    const { signal } = new AbortController();
    await withQuestions({ input, output, signal, columns: 20 }, (ask) =>
      ask('Kubeflow namespace in which pipelines can run', '', () => undefined),
    );
    output.end();
    const text = Buffer.concat((await output.toArray()) as Buffer[]).toString();
    expect(text).to.equal('Kubeflow namespace\n  in which\n  pipelines can\n  run: ');
  });

  it('need trust between several repositories', async () => {
    const [found, ...more] = await problems({ ...ALL, repository: ['acme/churn', 'acme/fraud'] });
    expect(found).to.match(/^--shared-trust: Several repositories/);
    expect(more).to.deep.equal([]);
  });

  it('name each repository: a pattern belongs in rules', async () => {
    for (const repository of ['acme/*', '!acme/churn'])
      expect(await problems({ ...ALL, repository: [repository], sharedTrust: true })).to.deep.equal([
        `--repository: \`${repository}\` isn't one repository.`,
      ]);
  });
});
