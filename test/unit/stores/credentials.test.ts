import { expect } from 'chai';

import { ConfigError } from '../../../schema/diagnostic.js';
import type { MinioAccessSources } from '../../../stores/credentials.js';
import { minioAccess } from '../../../stores/credentials.js';

const SETTINGS = { endpoint: 'minio.example:9000', secure: false, secret: { name: 'the-secret' } };
const KEYS = { KFOPS_MINIO_ACCESS_KEY: 'env-access', KFOPS_MINIO_SECRET_KEY: 'env-secret' };
const INLINE = { endpoint: 'inline.example', access_key: 'inline-access', secret_key: 'inline-secret' };
const FILES: Record<string, string> = {
  '/a': 'file-access\n',
  '/s': 'file-secret\r\n',
  '/empty': '\n',
  '/two': 'x\n\n',
};

const access = (env: MinioAccessSources['env'], inline?: MinioAccessSources['inline'], settings = SETTINGS) =>
  minioAccess({ env, ...(inline && { inline }), settings, readFile: (path) => FILES[path] });

function problems(...args: Parameters<typeof access>): string[] {
  try {
    access(...args);
  } catch (error) {
    expect(error).to.be.instanceOf(ConfigError);
    return (error as ConfigError).diagnostics.map(
      ({ code, message, hint = '' }) => `${code}: ${message} ${hint}`,
    );
  }
  return expect.fail('it did not fail');
}

describe('minioAccess', () => {
  it('takes the address of the settings and the keys of the environment', () => {
    expect(access(KEYS)).to.deep.equal({
      endpoint: 'minio.example:9000',
      secure: false,
      accessKey: 'env-access',
      secretKey: 'env-secret',
    });
  });

  it('prefers config.yaml to the settings, and the environment to both', () => {
    expect(access({}, INLINE)).to.deep.include({
      endpoint: 'inline.example:9000',
      accessKey: 'inline-access',
      secretKey: 'inline-secret',
    });
    expect(access({ ...KEYS, KFOPS_MINIO_ENDPOINT: 'env.example' }, INLINE)).to.deep.include({
      endpoint: 'env.example:9000',
      accessKey: 'env-access',
    });
  });

  it('reads keys from files, without the newline at their end', () => {
    const env = { KFOPS_MINIO_ACCESS_KEY_FILE: '/a', KFOPS_MINIO_SECRET_KEY_FILE: '/s' };
    expect(access(env)).to.deep.include({ accessKey: 'file-access', secretKey: 'file-secret' });
    expect(
      access({ ...KEYS, KFOPS_MINIO_SECRET_KEY: '', KFOPS_MINIO_SECRET_KEY_FILE: '/s' }),
    ).to.deep.include({
      accessKey: 'env-access',
      secretKey: 'file-secret',
    });
  });

  it('names both variables when nothing is set', () => {
    const found = problems({ KFOPS_MINIO_ACCESS_KEY: '' });
    expect(found).to.have.length(2);
    expect(found[0])
      .to.contain('REQUIRED_KEY')
      .and.to.contain('KFOPS_MINIO_ACCESS_KEY_FILE')
      .and.to.contain('the-secret');
    expect(found[1]).to.contain('KFOPS_MINIO_SECRET_KEY is not set');
  });

  it('never mixes keys of two places', () => {
    const found = problems({ KFOPS_MINIO_ACCESS_KEY: 'x' }, INLINE);
    expect(found).to.have.length(1);
    expect(found[0]).to.contain('KFOPS_MINIO_SECRET_KEY is not set');
    expect(problems({}, { access_key: 'only' })).to.have.length(2);
  });

  it('says what is wrong with a file, and all else that is wrong', () => {
    const found = problems({
      KFOPS_MINIO_ENDPOINT: 'ftp://x',
      KFOPS_MINIO_ACCESS_KEY_FILE: '/not-there',
      KFOPS_MINIO_SECRET_KEY_FILE: '/empty',
    });
    expect(found).to.have.length(3);
    expect(found[0]).to.contain('KFOPS_MINIO_ENDPOINT').and.to.contain('https://host:port');
    expect(found[1]).to.contain('/not-there, which cannot be read');
    expect(found[2]).to.contain('/empty, which is empty');
  });

  it('refuses a key that is given twice', () => {
    const found = problems({ ...KEYS, KFOPS_MINIO_ACCESS_KEY_FILE: '/a' });
    expect(found).to.have.length(1);
    expect(found[0]).to.contain('both set');
  });

  it('never shows a key', () => {
    const found = problems(
      { KFOPS_MINIO_SECRET_KEY: 'canary-1', KFOPS_MINIO_ENDPOINT: 'http://user:canary-2@x' },
      { secret_key: 'canary-3' },
    );
    expect(found.join()).not.to.contain('canary');
  });

  const addresses: [text: string, endpoint: string | undefined, secure?: boolean][] = [
    ['host', 'host:9000', false],
    ['host:80', 'host:80', false],
    [' host:443\n', 'host:443', false],
    ['10.0.0.1:9001', '10.0.0.1:9001', false],
    ['[::1]', '[::1]:9000', false],
    ['[::1]:80', '[::1]:80', false],
    ['http://host', 'host:80', false],
    ['http://host:9000/', 'host:9000', false],
    ['HTTPS://Host', 'host:443', true],
    ['https://host:9000', 'host:9000', true],
    ['host:', undefined],
    ['http://host:', undefined],
    ['host:port', undefined],
    ['host:70000', undefined],
    ['host:9000/', 'host:9000', false],
    ['[::g]:9000', undefined],
    ['host_name:1', 'host_name:1', false],
    ['host/bucket', undefined],
    ['http://host/bucket', undefined],
    ['http://host?x', undefined],
    ['http://host#x', undefined],
    ['http://user@host', undefined],
    ['s3://bucket', undefined],
    ['http://', undefined],
    ['a b', undefined],
  ];
  for (const [text, endpoint, secure] of addresses) {
    it(`reads the address ${JSON.stringify(text)}`, () => {
      const env = { ...KEYS, KFOPS_MINIO_ENDPOINT: text };
      if (endpoint === undefined) expect(problems(env)).to.have.length(1);
      else expect(access(env)).to.deep.include({ endpoint, secure });
    });
  }

  it('takes the scheme of the settings where the address has none', () => {
    const secure = { ...SETTINGS, secure: true };
    expect(access({ ...KEYS, KFOPS_MINIO_ENDPOINT: 'host' }, undefined, secure).secure).to.be.true;
    expect(access({ ...KEYS, KFOPS_MINIO_ENDPOINT: 'http://host' }, undefined, secure).secure).to.be.false;
  });
});
