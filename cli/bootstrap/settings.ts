import {
  ConfigError,
  defaultSettings,
  type KanikoManifest,
  type Located,
  parseSettings,
  type Settings,
} from '../../schema/index.js';
import { checkServerSettings } from '../../server/runtime/check-settings.js';
import { writeYaml } from '../../schema/write-yaml.js';
import { pushingWith } from '../own-images.js';
import type { Choices } from './choices.js';
import type { Store } from './found.js';
import { hostsOf } from './logins.js';
import { storeSecret } from './store-secret.js';

/** What the settings say about GitHub; `unknown`: the App is not made yet. */
export type GitHubSettings =
  { readonly kind: 'app'; readonly id: number } | { readonly kind: 'token' } | { readonly kind: 'unknown' };

/** What the settings are made of. */
export interface SettingsParts {
  readonly choices: Choices;
  readonly store: Store;
  readonly kfpEndpoint: string | undefined;
  readonly github: GitHubSettings;
}

/** The Secret in the namespace of the builds with the login for the registries. */
export const LOGIN_SECRET = 'registry-login';
/** The Secret with the login for Kfops' own images, in both namespaces. Nodes pull with it; no build mounts it. */
export const IMAGES_LOGIN_SECRET = 'kfops-images-login';
const FOLDER = '/etc/kfops';

/** The text of the settings file. */
export function settingsText({ choices, store, kfpEndpoint, github }: SettingsParts): string {
  const { registries, imagesRegistry, kanikoImage, login, imagesLogin, insecure, argoUrl, kfpUrl, region } =
    choices;
  const secret = storeSecret(choices).name;
  const hasLogin = (login ?? imagesLogin) !== undefined;
  const kaniko = {
    ...(kanikoImage !== undefined && { image: kanikoImage }),
    // For repositories without a kaniko-manifest.yaml of their own.
    ...(hasLogin && { manifest: buildManifest(choices) }),
  };
  return writeYaml({
    namespace: choices.builds,
    images: { registry: imagesRegistry },
    minio: {
      endpoint: store.endpoint,
      ...(store.secure && { secure: true }),
      ...(region !== undefined && { region }),
      ...(secret !== defaultSettings().minio.secret.name && { secret: { name: secret } }),
    },
    registries,
    ...(hasLogin && { registry: { credentials_file: `${FOLDER}/registry/.dockerconfigjson` } }),
    ...(Object.keys(kaniko).length > 0 && { kaniko }),
    ...(argoUrl !== undefined && { argo: { url: argoUrl } }),
    ...(kfpEndpoint !== undefined && {
      kfp: { endpoint: kfpEndpoint, ...(kfpUrl !== undefined && { url: kfpUrl }) },
    }),
    server: {
      url: choices.url,
      repositories: choices.repositories,
      ...(choices.sharedTrust && { shared_trust: true }),
      namespaces: choices.profiles,
      ...(insecure && { insecure_registries: hostsOf(registries) }),
      github: githubPart(choices, github),
      minio: {
        access_key_file: `${FOLDER}/minio/accesskey`,
        secret_key_file: `${FOLDER}/minio/secretkey`,
      },
      ...(login && { manifest: { secrets: [LOGIN_SECRET] } }),
    },
  });
}

function buildManifest({ login, imagesLogin }: Choices): KanikoManifest {
  const { spec, ...pod } = pushingWith(LOGIN_SECRET);
  const imagePullSecrets = [
    ...(login ? [{ name: LOGIN_SECRET }] : []),
    ...(imagesLogin ? [{ name: IMAGES_LOGIN_SECRET }] : []),
  ];
  return { ...pod, spec: { ...(login ? spec : { containers: [{ name: 'kaniko' }] }), imagePullSecrets } };
}

function githubPart({ githubApiUrl }: Choices, github: GitHubSettings): object {
  return {
    ...(githubApiUrl !== undefined && { api_url: githubApiUrl }),
    ...(github.kind === 'app' && {
      app: { id: github.id, private_key_file: `${FOLDER}/github/private-key.pem` },
    }),
    ...(github.kind === 'token' && { token_file: `${FOLDER}/github/token` }),
    webhook_secret_files: [`${FOLDER}/github/webhook-secret`],
  };
}

/**
 * The settings, checked as the server checks them when it starts.
 *
 * @throws ConfigError with everything that is wrong
 */
export function checkedSettings(parts: SettingsParts): Located<Settings> {
  // An App that is not made yet will have some number.
  const github: GitHubSettings = parts.github.kind === 'unknown' ? { kind: 'app', id: 1 } : parts.github;
  const settings = parseSettings(settingsText({ ...parts, github }), { file: 'settings.yaml' });
  const problems = checkServerSettings(settings);
  if (problems.some(({ severity }) => severity === 'error')) throw new ConfigError(problems);
  return settings;
}
