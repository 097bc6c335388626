import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import { parseSettings } from '../../../../schema/index.js';
import { checkFiles } from '../../../../server/runtime/check-files.js';

const CONTENT = 'what is in the file';

describe('files with secrets that a server’s settings name', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kfops-check-files-'));
  after(() => {
    rmSync(folder, { recursive: true });
  });

  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const { privateKey } = generateKeyPairSync('ed25519');
  const good = {
    key: file('key.pem', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()),
    text: file('text', `${CONTENT}\n`),
    json: file('config.json', '{"auths": {}}\n'),
  };

  /** The settings with a file for each secret: a key's, a config.json's, and the others'. */
  const check = ({ key, text, json }: typeof good) =>
    checkFiles(
      parseSettings(
        `argo: { server: { endpoint: https://argo.example.com, token_file: ${text} } }
registry: { credentials_file: ${json} }
server:
  github:
    app: { id: 1, private_key_file: ${key} }
    token_file: ${text}
    webhook_secret_files: [${text}, ${text}]
  minio: { access_key_file: ${text}, secret_key_file: ${text} }
`,
        { file: 'settings.yaml' },
      ),
    );

  it('are all accepted', () => {
    expect(check(good)).to.deep.equal([]);
  });

  it('are all told at once, each at its line, where they are missing', () => {
    const none = join(folder, 'none');
    const found = check({ key: none, text: none, json: none });
    expect(found.map(({ line }) => line)).to.have.members([1, 2, 5, 6, 7, 7, 8, 8]);
    for (const { message, hint } of found) {
      expect(message)
        .to.include(`\`${none}\``)
        .and.match(/ doesn't exist\.$/);
      expect(hint).to.include('Mount the Secret');
    }
  });

  it('are reported where they are empty, or a folder', () => {
    const empty = file('empty', ' \n');
    mkdirSync(join(folder, 'folder'));
    const found = check({ ...good, text: empty, json: join(folder, 'folder') }).map(({ message }) => message);
    expect(found.filter((message) => message.endsWith('is empty.'))).to.have.length(6);
    expect(found.filter((message) => message.endsWith("can't be read (EISDIR)."))).to.have.length(1);
  });

  it('are checked for each channel of notifications', () => {
    const checkChannel = (url: string, secret: string, ca: string) =>
      checkFiles(
        parseSettings(
          `notify: [{ name: a, kind: webhook, repositories: [a/*], url_file: ${url}, secret_file: ${secret}, ca_file: ${ca} }]`,
          { file: 'settings.yaml' },
        ),
      ).map(({ message }) => message);
    const url = file('url', 'https://hooks.example.com/x\n');
    expect(checkChannel(url, good.text, good.text)).to.deep.equal([]);
    const none = join(folder, 'none');
    expect(checkChannel(none, none, none)).to.have.length(3);
    const found = checkChannel(good.text, url, url);
    expect(found).to.have.length(1);
    expect(found[0]).to.include("doesn't hold an address with https://").and.not.include(CONTENT);
    expect(checkChannel(file('http', 'http://hooks.example.com'), url, url)).to.have.length(1);
  });

  it('are reported by what they must hold, and never by what they do hold', () => {
    const found = check({ key: good.text, text: good.text, json: good.text }).map(({ message }) => message);
    expect(found).to.have.length(2);
    expect(found.join(' ')).to.include("doesn't hold a private key (PEM)").and.include("isn't a JSON object");
    expect(found.join(' ')).not.to.include(CONTENT);
    expect(check({ ...good, json: file('list.json', '[]') })).to.have.length(1);
  });
});
