/**
 * Writes server/redact/gitleaks-rules.ts from the rules of gitleaks: `npm run secret-rules`. Needs Go, which fetches the module
 * by its version and checks it against Go's checksum database. With --check it says whether the file is up to date.
 */
import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import * as prettier from 'prettier';
import { parse } from 'smol-toml';

import { translate } from './re2-to-js.js';

const MODULE = 'github.com/zricethezav/gitleaks/v8';
const VERSION = 'v8.30.1';
const FILE = new URL('../server/redact/gitleaks-rules.ts', import.meta.url);

/** Rules that know a secret by a name next to it, and take any letters for it: digests, commits and versions, too. */
const BY_NAME = '[\\w.-]{0,50}?';

const LEFT_OUT: Readonly<Record<string, string>> = {
  'sourcegraph-access-token': 'takes each commit id for a token',
  'curl-auth-header': 'is not linear; server/redact/token-patterns.ts has its own',
  'curl-auth-user': 'is not linear; server/redact/token-patterns.ts has its own',
  'private-key': 'server/redact/private-keys.ts has its own, for a part of a key, too',
  jwt: 'reaches beyond a string of JSON; server/redact/token-patterns.ts has its own',
  'jwt-base64': 'text in base64 is decoded before it is searched',
  'sidekiq-sensitive-url': 'each password in an address is masked',
  'azure-ad-client-secret': 'takes the character before it, too; server/redact/token-patterns.ts has its own',
  'aws-amazon-bedrock-api-key-short-lived':
    'takes the beginning alone; server/redact/token-patterns.ts has the whole',
  'gitlab-pat-routable': 'is not linear; server/redact/token-patterns.ts has its own',
  'gitlab-runner-authentication-token-routable': 'is not linear; server/redact/token-patterns.ts has its own',
  'hashicorp-tf-api-token': 'is not linear; server/redact/token-patterns.ts has its own',
  'sendgrid-api-token': 'is not linear; server/redact/token-patterns.ts has its own',
  'flutterwave-public-key': 'is public',
};

interface Rule {
  readonly id: string;
  readonly regex?: string;
  readonly path?: string;
}

const { Dir: folder } = JSON.parse(
  execFileSync('go', ['mod', 'download', '-json', `${MODULE}@${VERSION}`], { encoding: 'utf8' }),
) as { readonly Dir: string };
const { rules } = parse(await readFile(join(folder, 'config/gitleaks.toml'), 'utf8')) as unknown as {
  readonly rules: readonly Rule[];
};
const licence = await readFile(join(folder, 'LICENSE'), 'utf8');

for (const id of Object.keys(LEFT_OUT)) {
  if (!rules.some((rule) => rule.id === id)) throw new Error(`gitleaks has no rule ${id} any longer`);
}
const lines = rules.flatMap(({ id, regex, path }) => {
  // Those with a path are for certain files alone.
  if (regex === undefined || path !== undefined || regex.includes(BY_NAME) || id in LEFT_OUT) return [];
  const { source, flags } = translate(regex);
  return [`  // ${id}`, `  [/${source}/${flags}, '***'],`];
});
const text = await prettier.format(
  [
    `// Written by scripts/secret-rules.ts from ${MODULE} ${VERSION}. Change that, then run: npm run secret-rules`,
    '//',
    ...licence
      .trim()
      .split('\n')
      .map((line) => `// ${line}`.trimEnd()),
    '',
    "import type { SecretPattern } from './secret-pattern.js';",
    '',
    '/** Tokens that have a form of their own, as their makers publish it. */',
    'export const GITLEAKS_RULES: readonly SecretPattern[] = [',
    ...lines,
    '];',
  ].join('\n'),
  { ...(await prettier.resolveConfig(FILE)), parser: 'typescript' },
);

if (!process.argv.includes('--check')) await writeFile(FILE, text);
else if (text !== (await readFile(FILE, 'utf8'))) {
  throw new Error('server/redact/gitleaks-rules.ts is not up to date: npm run secret-rules');
}
console.log(`${lines.length / 2} of ${rules.length} rules`);
