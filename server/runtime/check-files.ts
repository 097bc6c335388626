import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { parseRecord } from '../../common/json.js';
import type { ConfigPath, Diagnostic, Located, Settings } from '../../schema/index.js';

interface SecretFile {
  /** Where the settings name it. */
  readonly path: ConfigPath;
  readonly file: string | undefined;
  /** What must be in it. */
  readonly what: string;
  readonly isKey?: true;
  /** A Docker config.json. */
  readonly isJson?: true;
  /** An address with `https:`. */
  readonly isAddress?: true;
}

/**
 * The files with secrets that the settings name and that the server cannot use: all of them, each at its line. Nothing
 * of their content is said.
 */
export function checkFiles(settings: Located<Settings>): Diagnostic[] {
  return filesOf(settings.value).flatMap((named) => {
    const { path, file, what } = named;
    const problem = file === undefined ? undefined : problemOf(file, named);
    if (problem === undefined) return [];
    const message = `The file \`${file ?? ''}\` with ${what} ${problem}.`;
    const hint = 'Mount the Secret that has it, or name another file here.';
    return [settings.diagnostic(path, { code: 'SERVER_SETTINGS', message, hint })];
  });
}

function filesOf({ argo, registry, notify, server: { github, minio } }: Settings): readonly SecretFile[] {
  return [
    {
      path: ['server', 'github', 'app', 'private_key_file'],
      file: github.app?.private_key_file,
      what: "the GitHub App's private key",
      isKey: true,
    },
    { path: ['server', 'github', 'token_file'], file: github.token_file, what: 'the token for GitHub' },
    ...github.webhook_secret_files.map((file, at) => ({
      path: ['server', 'github', 'webhook_secret_files', at],
      file,
      what: "the webhook's secret",
    })),
    {
      path: ['server', 'minio', 'access_key_file'],
      file: minio.access_key_file,
      what: 'the access key of the object store',
    },
    {
      path: ['server', 'minio', 'secret_key_file'],
      file: minio.secret_key_file,
      what: 'the secret key of the object store',
    },
    {
      path: ['argo', 'server', 'token_file'],
      file: argo.server?.token_file,
      what: 'the token for Argo’s server',
    },
    {
      path: ['registry', 'credentials_file'],
      file: registry.credentials_file,
      what: 'the logins for registries',
      isJson: true,
    },
    ...notify.flatMap(({ name, url_file: url, secret_file: secret, ca_file: ca }, i): SecretFile[] => [
      {
        path: ['notify', i, 'url_file'],
        file: url,
        what: `the address of the channel \`${name}\``,
        isAddress: true,
      },
      { path: ['notify', i, 'secret_file'], file: secret, what: `the secret of the channel \`${name}\`` },
      { path: ['notify', i, 'ca_file'], file: ca, what: `the CA certificates for the channel \`${name}\`` },
    ]),
  ];
}

/** @returns a clause; undefined where the file can be used */
function problemOf(file: string, { isKey, isJson, isAddress }: SecretFile): string | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? "doesn't exist" : `can't be read (${code})`;
  }
  if (text === '') return 'is empty';
  if (isAddress && !(URL.canParse(text) && new URL(text).protocol === 'https:'))
    return "doesn't hold an address with https://";
  if (isJson && parseRecord(text) === undefined) return "isn't a JSON object";
  return isKey && !isPrivateKey(text) ? "doesn't hold a private key (PEM)" : undefined;
}

function isPrivateKey(pem: string): boolean {
  try {
    createPrivateKey(pem);
    return true;
  } catch {
    return false;
  }
}
