import {
  type Config,
  type Diagnostic,
  type KanikoManifest,
  type Located,
  type Settings,
} from '../schema/index.js';
import { checkManifestNames, type ManifestNames } from './manifest-names.js';
import type { ContextSource } from './ports.js';
import type { Project } from './project.js';
import { isBelowRegistry } from './registries.js';

/**
 * What the files of a pull request may decide where they are built for somebody else: on a server. Without such rules,
 * as on the command line, the caller's own rights decide.
 */
export interface TrustRules {
  /** Where the pull request is: `repository` in config.yaml must name it. */
  readonly repository: { readonly owner: string; readonly name: string };
  /** Kubeflow namespaces that `pipeline.namespace` may name. */
  readonly namespaces: readonly string[];
  /** The bucket of build contexts, whatever config.yaml says. */
  readonly bucket: string;
  /** The kaniko-manifest.yaml that counts: nobody changes the branch that it is read at without a review. */
  readonly manifest: { readonly branch: string; readonly text?: string };
  /** What that manifest may name. */
  readonly names: ManifestNames;
  /** For the files of a fork: where its images and cache go, and the only Pod manifest it is built with. */
  readonly fork?: { readonly registry: string; readonly manifest: KanikoManifest };
}

/** A Kaniko manifest as it is read. */
export interface ManifestText {
  /** For diagnostics. */
  readonly file: string;
  readonly text: string | undefined;
  /** What its reader should know. */
  readonly warnings: readonly Diagnostic[];
}

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

/** @returns what is in these files and is not theirs to decide. */
export function checkTrust(
  config: Located<Config>,
  manifest: Located<KanikoManifest> | undefined,
  rules: TrustRules,
  settings: Settings,
): Diagnostic[] {
  return [
    ...checkRepository(config, rules.repository),
    ...checkNamespace(config, rules.namespaces),
    ...(rules.fork ? [] : checkDestinations(config, settings.registries)),
    ...(manifest ? checkManifestNames(manifest, rules.names, settings) : []),
  ];
}

function checkRepository(config: Located<Config>, repository: TrustRules['repository']): Diagnostic[] {
  const { owner, name } = config.value.repository;
  // GitHub's names do not tell upper from lower case.
  if (
    owner.toLowerCase() === repository.owner.toLowerCase() &&
    name.toLowerCase() === repository.name.toLowerCase()
  )
    return [];
  return [
    config.diagnostic(['repository'], {
      code: 'OTHER_REPOSITORY',
      message: `This file belongs to \`${owner}/${name}\`, and the pull request to \`${repository.owner}/${repository.name}\`.`,
      hint: `Write \`repository: {owner: ${repository.owner}, name: ${repository.name}}\`.`,
    }),
  ];
}

function checkNamespace(config: Located<Config>, namespaces: readonly string[]): Diagnostic[] {
  const { namespace } = config.value.pipeline;
  if (namespaces.includes(namespace)) return [];
  return [
    config.diagnostic(['pipeline', 'namespace'], {
      code: 'NAMESPACE_NOT_ALLOWED',
      message: `The settings do not allow pipelines in the namespace \`${namespace}\`.`,
      hint:
        namespaces.length === 0
          ? 'They allow none: ask the operator to set `server.namespaces`.'
          : `Use one of ${namespaces.join(', ')}, or ask the operator to add it to \`server.namespaces\`.`,
    }),
  ];
}

/** Beside what a plan checks on every machine: that there is a limit at all, and that the cache keeps to it, too. */
function checkDestinations(config: Located<Config>, registries: readonly string[]): Diagnostic[] {
  const builder = config.value.image_builder;
  if (!builder) return [];
  if (registries.length === 0) {
    return [
      config.diagnostic(['image_builder', 'container_registry_uri'], {
        code: 'REGISTRY_NOT_ALLOWED',
        message: 'The settings allow no registry.',
        hint: 'Ask the operator to set `registries`.',
      }),
    ];
  }
  const cache = builder.cache_repository;
  if (cache === undefined || isBelowRegistry(cache, registries)) return [];
  return [
    config.diagnostic(['image_builder', 'cache_repository'], {
      code: 'REGISTRY_NOT_ALLOWED',
      message: `The settings do not allow a cache in \`${cache}\`.`,
      hint: `Use a repository below one of ${registries.join(', ')}.`,
    }),
  ];
}

/** @returns the project with nothing left in it that its files may not decide. */
export function confined(project: Project, rules: TrustRules): Project {
  const { config, settings } = project;
  const { image_builder: builder, ...rest } = config.value;
  const confinedBuilder = builder && confinedTo(builder, rules);
  return {
    ...project,
    bucket: rules.bucket,
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
    warnings: [...project.warnings, ...ignored(config, rules)],
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
      hint: 'On the command line it still counts.',
    }),
  );
}
