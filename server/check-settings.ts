import { namesIn } from '../generator/manifest-names.js';
import { isBelowRegistry, registryBase } from '../generator/registries.js';
import type { ConfigPath, Diagnostic, KanikoManifest, Located, Settings } from '../schema/index.js';

/** The settings of a server that cannot start, or could not be trusted: everything that is wrong, at once. */
export function checkServerSettings(settings: Located<Settings>): Diagnostic[] {
  const { registries, server } = settings.value;
  const { app, token_file: tokenFile, webhook_secret_files: secretFiles } = server.github;
  const needed: [boolean, ConfigPath, string, string][] = [
    [
      registries.length > 0,
      ['registries'],
      'The settings name no registry for images.',
      'Add `registries: [registry.example.com/team]`: nothing is pushed elsewhere.',
    ],
    [
      server.repositories.length > 0,
      ['server', 'repositories'],
      'The settings name no repository to serve.',
      'Add `server.repositories: [owner/name]`.',
    ],
    [
      server.namespaces.length > 0,
      ['server', 'namespaces'],
      'The settings name no Kubeflow namespace for pipelines.',
      'Add `server.namespaces: [namespace]`.',
    ],
    [
      app !== undefined || tokenFile !== undefined,
      ['server', 'github'],
      'The settings do not say how the server knows GitHub.',
      'Add `server.github.app: {id: …, private_key_file: …}`, or `server.github.token_file`.',
    ],
    [
      app === undefined || tokenFile === undefined,
      ['server', 'github', 'token_file'],
      'The settings have both an App and a token for GitHub.',
      'Remove one of them.',
    ],
    [
      secretFiles.length > 0,
      ['server', 'github', 'webhook_secret_files'],
      "The settings name no file with the webhook's secret, so that anybody could command the server.",
      'Add `server.github.webhook_secret_files: [/path/to/secret]`.',
    ],
    ...(['access_key_file', 'secret_key_file'] as const).map((key): [boolean, ConfigPath, string, string] => [
      server.minio[key] !== undefined,
      ['server', 'minio', key],
      `The settings do not say where the server finds its ${key === 'access_key_file' ? 'access' : 'secret'} key of the object store.`,
      `Add \`server.minio.${key}: /path/to/file\`.`,
    ]),
  ];
  const missing = needed
    .filter(([there]) => !there)
    .map(([, path, message, hint]) => settings.diagnostic(path, { code: 'SERVER_SETTINGS', message, hint }));
  return [...missing, ...checkStoreSecret(settings), ...checkForks(settings)];
}

/** The Secret with the keys of the object store must not get into a build by any way that the settings open. */
function checkStoreSecret(settings: Located<Settings>): Diagnostic[] {
  const { minio, kaniko, server } = settings.value;
  const { name } = minio.secret;
  const manifests: [KanikoManifest | undefined, ConfigPath][] = [
    [kaniko.manifest, ['kaniko', 'manifest']],
    [server.forks?.manifest, ['server', 'forks', 'manifest']],
  ];
  const named = manifests.flatMap(([manifest, path]) =>
    manifest === undefined ? [] : secretsIn(manifest, path).filter((secret) => secret.name === name),
  );
  const allowed = server.manifest.secrets
    .map((secret, i) => ({ name: secret, path: ['server', 'manifest', 'secrets', i] }))
    .filter((secret) => secret.name === name);
  return [...allowed, ...named].map(({ path }) =>
    settings.diagnostic(path, {
      code: 'SERVER_SETTINGS',
      message: `Builds could read the Secret \`${name}\`, which holds the keys of the object store.`,
      hint: 'Remove it here: Argo brings the build contexts, and builds need no keys for that.',
    }),
  );
}

/** What forks are built with must be apart from everything that the others are built with. */
function checkForks(settings: Located<Settings>): Diagnostic[] {
  const { registries, kaniko, server } = settings.value;
  const { forks } = server;
  if (!forks) return [];
  const path: ConfigPath = ['server', 'forks'];
  const found: Diagnostic[] = [];
  const own = registryBase(forks.registry);
  const shared = registries.find(
    (registry) =>
      isBelowRegistry(`${own}/any-name`, [registry]) ||
      isBelowRegistry(`${registryBase(registry)}/any-name`, [own]),
  );
  if (shared !== undefined) {
    found.push(
      settings.diagnostic([...path, 'registry'], {
        code: 'SERVER_SETTINGS',
        message: `Images of forks would be in one place with those of \`${shared}\`, whose builds could take them or their layers.`,
        hint: 'Name a repository beside those of `registries`, not above or below one: `registry.example.com/forks`.',
      }),
    );
  }
  const trusted = new Set([
    ...server.manifest.secrets,
    ...(kaniko.manifest ? secretsIn(kaniko.manifest, []).map(({ name }) => name) : []),
  ]);
  for (const secret of secretsIn(forks.manifest, [...path, 'manifest'])) {
    if (!trusted.has(secret.name)) continue;
    found.push(
      settings.diagnostic(secret.path, {
        code: 'SERVER_SETTINGS',
        message: `Builds of forks would hold the Secret \`${secret.name}\`, which other builds use, too.`,
        hint: `Make a Secret of its own, with a credential for \`${forks.registry}\` alone.`,
      }),
    );
  }
  return found;
}

function secretsIn(
  manifest: KanikoManifest,
  below: ConfigPath,
): { readonly name: string; readonly path: ConfigPath }[] {
  return namesIn(manifest)
    .filter(({ kind }) => kind === 'secrets')
    .map(({ name, path }) => ({ name, path: [...below, ...path] }));
}
