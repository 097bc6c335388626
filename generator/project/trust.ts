import type { Config, Diagnostic, Located, Settings } from '../../schema/index.js';
import type { ContextSource } from '../ports.js';
import type { ManifestText, Project, TrustRules } from './project-types.js';

/** @returns the manifest that a pull request is built with: that of a trusted branch; for a fork, none but the settings'. */
export async function trustedManifest(
  { manifest: { branch, text }, fork }: TrustRules,
  source: ContextSource,
  path: string,
): Promise<ManifestText> {
  const agreed = fork ? undefined : text;
  const own = await source.text(path);
  const notUsed: Diagnostic = {
    code: 'NOT_TRUSTED',
    severity: 'warning',
    message: fork
      ? 'The manifest of a fork is not used: its images are built with the one of the settings.'
      : `The manifest of this pull request is not used: it counts when it is merged into \`${branch}\`.`,
    file: path,
    hint: fork ? 'No action needed.' : `Until then, builds use the manifest of \`${branch}\`.`,
  };
  return {
    file: `${path} on ${branch}`,
    text: agreed,
    warnings: own === undefined || own === agreed ? [] : [notUsed],
  };
}

/** @returns the project without what its files must not decide. */
export function applyTrust(project: Project, rules: TrustRules): Project {
  const { config, settings } = project;
  const { image_builder: builder, ...rest } = config.value;
  const confinedBuilder = builder && confinedTo(builder, rules);
  return {
    ...project,
    bucket: rules.bucket,
    ...(rules.fork && { isFork: true }),
    config: {
      ...config,
      diagnostic: (path, finding) => config.diagnostic(path, finding),
      value: {
        ...rest,
        repository: { ...rules.repository },
        ...(confinedBuilder && { image_builder: confinedBuilder }),
      },
    },
    settings: rules.fork ? forkSettings(settings, rules.fork) : settings,
    warnings: [...project.warnings, ...ignored(config, rules), ...ignoredChannels(config, rules)],
  };
}

type Builder = NonNullable<Config['image_builder']>;

function confinedTo(builder: Builder, { bucket, fork }: TrustRules): Builder {
  const { cache_repository: cache, ...kept } = builder;
  return {
    ...kept,
    minio: { context_files_bucket_name: bucket },
    ...(cache !== undefined && !fork && { cache_repository: cache }),
    ...(fork && { container_registry_uri: fork.registry }),
  };
}

/** Nothing of what the others are built with: neither their manifest nor their cloud identity, and no other registry. */
function forkSettings(settings: Settings, { registry }: NonNullable<TrustRules['fork']>): Settings {
  const accounts = { ...settings.service_accounts };
  delete accounts.builder;
  return {
    ...settings,
    registries: [registry],
    kaniko: { image: settings.kaniko.image },
    service_accounts: accounts,
  };
}

/** What config.yaml says and the server does not listen to. */
function ignored(config: Located<Config>, { bucket, fork }: TrustRules): Diagnostic[] {
  const builder = config.value.image_builder;
  if (!builder) return [];
  const { credentials, context_files_bucket_name: ownBucket } = builder.minio;
  const found: [string[], string][] = [];
  if (credentials) found.push([['minio', 'credentials'], 'The address and keys of MinIO']);
  if (ownBucket !== bucket) found.push([['minio', 'context_files_bucket_name'], 'The bucket']);
  if (fork) {
    found.push([['container_registry_uri'], 'The registry of a fork']);
    if (builder.cache_repository !== undefined) found.push([['cache_repository'], 'The cache of a fork']);
  }
  return found.map(([path, what]) =>
    config.diagnostic(['image_builder', ...path], {
      code: 'NOT_TRUSTED',
      severity: 'warning',
      at: 'key',
      message: `${what} in this file ${what.endsWith('keys of MinIO') ? 'are' : 'is'} not used here: the server has its own.`,
      hint: 'It still applies on the command line.',
    }),
  );
}

/** Names of channels that mean nothing. A build doesn't fail because of them. */
function ignoredChannels(config: Located<Config>, { channels }: TrustRules): Diagnostic[] {
  return (config.value.notify?.channels ?? []).flatMap((name, i) =>
    channels.includes(name)
      ? []
      : [
          config.diagnostic(['notify', 'channels', i], {
            code: 'NOT_TRUSTED',
            severity: 'warning',
            message: `This repository has no channel \`${name}\` for notifications on this server.`,
            hint:
              channels.length === 0
                ? 'Ask the operator to add one to `notify` in the settings.'
                : `Use one of ${channels.map((each) => `\`${each}\``).join(', ')}, or ask the operator to add it to \`notify\` in the settings.`,
          }),
        ],
  );
}
