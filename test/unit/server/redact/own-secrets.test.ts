import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import type { Settings } from '../../../../schema/index.js';
import { filesWithSecrets, ownSecrets } from '../../../../server/redact/own-secrets.js';
import { redact } from '../../../../server/redact/redact.js';

/** Settings of files that hold no secret, by their last two keys. */
const NO_SECRETS = ['limits.repository_files', 'limits.context_files', 'server.ca_file', 'items.ca_file'];

function settingsOf(file: (key: string) => string): Settings {
  return {
    registry: { credentials_file: file('registry.credentials_file') },
    argo: { server: { token_file: file('server.token_file'), ca_file: 'ca' } },
    notify: [{ url_file: file('items.url_file'), secret_file: file('items.secret_file'), ca_file: 'ca' }],
    server: {
      github: {
        app: { id: 1, private_key_file: file('app.private_key_file') },
        token_file: file('github.token_file'),
        webhook_secret_files: [file('github.webhook_secret_files')],
      },
      minio: {
        access_key_file: file('minio.access_key_file'),
        secret_key_file: file('minio.secret_key_file'),
      },
    },
  } as unknown as Settings;
}

/** Keys of the schema that end with `_file` or `_files`, each with the key above it. */
function fileKeys(schema: unknown, above = ''): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) => {
    const named = key === 'properties' || /^\d+$/.test(key) ? above : key;
    return [...(/_files?$/.test(key) ? [`${above}.${key}`] : []), ...fileKeys(value, named)];
  });
}

describe('server/own-secrets, threat 62: the server shows a secret of its own', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kfops-secrets-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  const at = (key: string): string => join(folder, key);

  it('knows each setting that names a file with a secret', () => {
    const schema: unknown = JSON.parse(
      readFileSync(new URL('../../../../schema/settings.schema.json', import.meta.url), 'utf8'),
    );
    const keys = new Set(fileKeys(schema).filter((key) => !NO_SECRETS.includes(key)));
    expect(filesWithSecrets(settingsOf((key) => key))).to.have.members([...keys]);
  });

  it('needs none of the settings', () => {
    const none = {
      argo: {},
      registry: {},
      notify: [],
      server: { github: { webhook_secret_files: [] }, minio: {} },
    };
    expect(filesWithSecrets(none as unknown as Settings)).to.deep.equal([]);
  });

  it('masks the value of each file, however a build writes it', () => {
    const settings = settingsOf(at);
    for (const file of filesWithSecrets(settings)) writeFileSync(file, `s3cret/of+${file.slice(-12)}\n`);
    const secrets = ownSecrets(settings)();
    expect(secrets).to.have.length(9);
    for (const secret of secrets) {
      const base64 = Buffer.from(`x:${secret}`).toString('base64');
      const url = Buffer.from(secret).toString('base64url');
      for (const form of [secret, encodeURIComponent(secret), url])
        expect(redact(`a ${form} b`, secrets)).to.match(/^a \S{0,4}\*\*\*\S{0,4} b$/);
      const left = redact(base64, secrets).replace(/\*\*\*[\s\S]*/, '');
      expect(Buffer.from(left, 'base64').toString('latin1')).not.to.include(secret.slice(0, 4));
    }
  });

  it('masks a line of the private key', () => {
    const lines = Array.from({ length: 25 }, (_, index) => `MIIe${index}`.padEnd(64, 'q7/xZ+'));
    writeFileSync(
      at('app.private_key_file'),
      ['-----BEGIN RSA PRIVATE KEY-----', ...lines, '-----END RSA PRIVATE KEY-----'].join('\n'),
    );
    const secrets = ownSecrets(settingsOf(at))();
    for (const line of lines) {
      expect(redact(`key: ${line}, and`, secrets)).to.equal('key: ***, and');
      expect(redact(Buffer.from(`ab${line}cd`).toString('base64'), secrets)).to.match(
        /^\S{0,4}\*\*\*\S{0,6}$/,
      );
    }
  });

  it('masks the passwords and tokens of a file of registry logins, not its text', () => {
    const file = at('registry.credentials_file');
    const auth = Buffer.from('kfops:pull:password').toString('base64');
    const auths = {
      'ghcr.io': { auth },
      'quay.io': { username: 'kfops', password: 'another-password' },
      'a.example': { identitytoken: 'identity-token' },
      'b.example': { registrytoken: 'registry-token' },
      'c.example': null,
    };
    let now = 0;
    const secrets = ownSecrets(settingsOf(at), () => now);
    writeFileSync(file, JSON.stringify({ auths, credsStore: 'ecr-login' }));
    const all = [auth, 'pull:password', 'another-password', 'identity-token', 'registry-token'];
    expect(secrets()).to.deep.equal(all);
    writeFileSync(file, JSON.stringify({ auths: { 'quay.io': { password: 'new-password' } } }));
    now += 1000;
    expect(secrets()).to.deep.equal(['new-password', ...all]);
    expect(redact(`login with ${auth}`, secrets())).to.equal('login with ***');
  });

  it('reads the files again when they change, and keeps the values before', () => {
    const file = at('github.token_file');
    let now = 0;
    writeFileSync(file, 'first-token');
    const secrets = ownSecrets(settingsOf(at), () => now);
    expect(secrets()).to.deep.equal(['first-token']);
    writeFileSync(file, 'second-token');
    expect(secrets()).to.deep.equal(['first-token']);
    now += 1000;
    expect(secrets()).to.deep.equal(['second-token', 'first-token']);
    rmSync(file);
    now += 1000;
    expect(secrets()).to.deep.equal(['second-token', 'first-token']);
  });
  it('keeps the last three values of a file, the latest first, each once', () => {
    let now = 0;
    const secrets = ownSecrets(settingsOf(at), () => now);
    const after = (...values: string[]): readonly string[] => {
      for (const value of values) {
        writeFileSync(at('github.token_file'), value);
        now += 1000;
        secrets();
      }
      return secrets();
    };
    expect(after('one', 'two', 'one')).to.deep.equal(['one', 'two']);
    expect(after('three', 'four')).to.deep.equal(['four', 'three', 'one']);
    expect(after('four', 'four'), 'unchanged').to.deep.equal(['four', 'three', 'one']);
  });

  it('an empty file holds no secret, and takes none away', () => {
    let now = 0;
    const secrets = ownSecrets(settingsOf(at), () => now);
    writeFileSync(at('github.token_file'), ' \n');
    expect(secrets()).to.deep.equal([]);
    writeFileSync(at('github.token_file'), 'token');
    now += 1000;
    expect(secrets()).to.deep.equal(['token']);
    writeFileSync(at('github.token_file'), '');
    now += 1000;
    expect(secrets()).to.deep.equal(['token']);
  });
});
