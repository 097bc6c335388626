import { registriesMeet } from '../../generator/project/registries.js';
import {
  isNowhere,
  type ConfigPath,
  type Diagnostic,
  type Located,
  type Settings,
} from '../../schema/index.js';
import { checkNotify } from '../rules/check-notify.js';
import { checkRules } from '../rules/check-rules.js';
import { scopesOf, secretsIn } from '../rules/scopes.js';
import type { Logger } from '../telemetry/log.js';

/** An address whose `/setup` and `/webhook` an Ingress serves. */
const ORIGIN = /^https:\/\/[^/]+\/?$/;

/**
 * The settings of a server that cannot start, or could not be trusted: everything that is wrong, at once.
 *
 * @param setup - the server will create its GitHub App: it needs an address, and no credentials yet
 */
export function checkServerSettings(
  settings: Located<Settings>,
  { setup = false }: { readonly setup?: boolean } = {},
): Diagnostic[] {
  const { registries, server, compiler, kfops } = settings.value;
  const { app, token_file: tokenFile, webhook_secret_files: secretFiles } = server.github;
  const needed: [boolean, ConfigPath, string, string][] = [
    [
      server.rules !== undefined || registries.length > 0,
      ['registries'],
      'No registry for images is configured.',
      'Add `registries: [registry.example.com/team]`. Images are pushed nowhere else.',
    ],
    [
      ![compiler.image, kfops.image].some(isNowhere),
      ['images', 'registry'],
      "No registry for Kfops' own images is configured.",
      'Build them and push them to your registry with `kfops images --registry registry.example.com/kfops`, and add `images: {registry: registry.example.com/kfops}`.',
    ],
    [
      server.repositories.length > 0,
      ['server', 'repositories'],
      'No repository to serve is configured.',
      'Add `server.repositories: [owner/name]`.',
    ],
    [
      server.rules !== undefined || server.namespaces.length > 0,
      ['server', 'namespaces'],
      'No Kubeflow namespace for pipelines is configured.',
      'Add `server.namespaces: [namespace]`.',
    ],
    [
      setup || app !== undefined || tokenFile !== undefined,
      ['server', 'github'],
      'No GitHub credentials are configured.',
      'Add `server.github.app: {id: …, private_key_file: …}`, or `server.github.token_file`.',
    ],
    [
      !setup || ORIGIN.test(server.url ?? ''),
      ['server', 'url'],
      "The address of the server isn't `https://` with a host alone.",
      'Set `server.url: https://kfops.example.com`: GitHub and your browser open pages of the setup there.',
    ],
    [
      app === undefined || tokenFile === undefined,
      ['server', 'github', 'token_file'],
      'Both a GitHub App and a token are configured.',
      'Remove one of them.',
    ],
    [
      secretFiles.length > 0,
      ['server', 'github', 'webhook_secret_files'],
      "No file with the webhook's secret is configured, so anybody could send commands to the server.",
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
  return [
    ...missing,
    ...checkRules(settings),
    ...checkStoreSecret(settings),
    ...checkForks(settings),
    ...checkNotify(settings),
  ];
}

/** The Secret with the keys of the object store must not get into a build by any way that the settings open. */
function checkStoreSecret(settings: Located<Settings>): Diagnostic[] {
  const { minio, kaniko } = settings.value;
  const { name } = minio.secret;
  const secrets = scopesOf(settings.value).flatMap(({ secrets: own, forks }) => [
    ...own,
    ...(forks?.secrets ?? []),
  ]);
  const common = settings.value.server.rules ? secretsIn(kaniko.manifest, ['kaniko', 'manifest']) : [];
  return [...secrets, ...common]
    .filter(({ value }) => value === name)
    .map(({ path }) =>
      settings.diagnostic(path, {
        code: 'SERVER_SETTINGS',
        message: `Builds could read the Secret \`${name}\`, which holds the keys of the object store.`,
        hint: "Remove it here: Argo fetches the build contexts, so builds don't need these keys.",
      }),
    );
}

/** What forks are built with must be apart from everything that the others are built with, those of other rules too. */
function checkForks(settings: Located<Settings>): Diagnostic[] {
  const scopes = scopesOf(settings.value);
  const { kaniko } = settings.value;
  const registries = scopes.flatMap((scope) => scope.registries.map(({ value }) => value));
  // A Secret of the same name in another namespace is another one.
  const secretsOf = (namespace: string): ReadonlySet<string> => {
    const own = scopes.filter(({ buildNamespace }) => buildNamespace === namespace);
    const all = [...own.flatMap(({ secrets }) => secrets), ...secretsIn(kaniko.manifest, [])];
    return new Set(all.map(({ value }) => value));
  };
  return scopes.flatMap(({ buildNamespace, forks }) => {
    if (!forks) return [];
    const { registry, secrets } = forks;
    const trusted = secretsOf(buildNamespace);
    const found: Diagnostic[] = [];
    const shared = registries.find((each) => registriesMeet(registry.value, each));
    if (shared !== undefined) {
      found.push(
        settings.diagnostic(registry.path, {
          code: 'SERVER_SETTINGS',
          message: `Images of forks would be in the same repository as those of \`${shared}\`, whose builds could take them or their layers.`,
          hint: 'Name a repository next to those of `registries`, not above or below one of them: `registry.example.com/forks`.',
        }),
      );
    }
    for (const { value, path } of secrets) {
      if (!trusted.has(value)) continue;
      found.push(
        settings.diagnostic(path, {
          code: 'SERVER_SETTINGS',
          message: `Builds of forks would hold the Secret \`${value}\`, which other builds use, too.`,
          hint: `Create a separate Secret, with a credential for \`${registry.value}\` alone.`,
        }),
      );
    }
    return found;
  });
}

/** Logs what is doubtful in the settings of a server that starts. */
export function logWarnings(problems: readonly Diagnostic[], log: Logger): void {
  for (const { severity, message, hint, file, line } of problems)
    if (severity === 'warning') log.warn({ file, line, hint }, message);
}
