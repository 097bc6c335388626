import { namesIn } from '../../generator/project/manifest-names.js';
import type { ConfigPath, KanikoManifest, Settings } from '../../schema/index.js';

/** Something of the settings, with its place. */
export interface Placed {
  readonly value: string;
  readonly path: ConfigPath;
}

/** What some repositories share: all of them, or those of one rule. */
export interface Scope {
  /** Where it is: `server`, or one of `server.rules`. */
  readonly path: ConfigPath;
  /** Where builds run, and have their Secrets. */
  readonly buildNamespace: string;
  readonly registries: readonly Placed[];
  readonly namespaces: readonly string[];
  readonly pipelines: readonly Placed[];
  /** Secrets that manifests may name, and those that the manifest of the settings names. */
  readonly secrets: readonly Placed[];
  readonly forks?: { readonly registry: Placed; readonly secrets: readonly Placed[] };
}

/** The rules of the settings; without rules, the one scope of all repositories. */
export function scopesOf({ namespace, registries, kaniko, server }: Settings): Scope[] {
  const { rules } = server;
  if (!rules) {
    const all = { ...server, build_namespace: namespace, registries, kaniko_manifest: kaniko.manifest };
    return [scope(['server'], all, ['registries'], ['kaniko', 'manifest'])];
  }
  return rules.map((rule, i) => {
    const path = ['server', 'rules', i];
    const own = { ...rule, build_namespace: rule.build_namespace ?? namespace };
    return scope(path, own, [...path, 'registries'], [...path, 'kaniko_manifest']);
  });
}

/** The Secrets of a manifest in the settings. */
export function secretsIn(manifest: KanikoManifest | undefined, below: ConfigPath): Placed[] {
  if (!manifest) return [];
  return namesIn(manifest)
    .filter(({ kind }) => kind === 'secrets')
    .map(({ name, path }) => ({ value: name, path: [...below, ...path] }));
}

type Shared = Pick<Settings['server'], 'namespaces' | 'pipelines' | 'manifest' | 'forks'> & {
  readonly build_namespace: string;
  readonly registries: readonly string[];
  readonly kaniko_manifest?: KanikoManifest | undefined;
};

function scope(
  path: ConfigPath,
  shared: Shared,
  registriesPath: ConfigPath,
  manifestPath: ConfigPath,
): Scope {
  const { registries, namespaces, pipelines, manifest, forks, kaniko_manifest: own } = shared;
  return {
    path,
    buildNamespace: shared.build_namespace,
    registries: placed(registries, registriesPath),
    namespaces,
    pipelines: placed(pipelines, [...path, 'pipelines']),
    secrets: [...placed(manifest.secrets, [...path, 'manifest', 'secrets']), ...secretsIn(own, manifestPath)],
    ...(forks && {
      forks: {
        registry: { value: forks.registry, path: [...path, 'forks', 'registry'] },
        secrets: secretsIn(forks.manifest, [...path, 'forks', 'manifest']),
      },
    }),
  };
}

function placed(values: readonly string[], path: ConfigPath): Placed[] {
  return values.map((value, i) => ({ value, path: [...path, i] }));
}
