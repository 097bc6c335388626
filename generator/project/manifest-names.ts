import type { ConfigPath, Diagnostic, KanikoManifest, Located, Settings } from '../../schema/index.js';

/** What a Kaniko manifest of a repository may name, all of it in the namespace of the builds. */
export interface ManifestNames {
  readonly secrets: readonly string[];
  readonly configMaps: readonly string[];
  readonly claims: readonly string[];
  /** Images of Kaniko, in addition to that of the settings. */
  readonly images: readonly string[];
  /** Keys of labels, by which Services and NetworkPolicies select pods. */
  readonly labels: readonly string[];
}

type Kind = keyof ManifestNames;

/** Something that a manifest names. */
export interface NamedInManifest {
  readonly kind: Kind;
  readonly name: string;
  /** Its place in the manifest. */
  readonly path: ConfigPath;
}

const WORDS: Readonly<Record<Kind, { readonly word: string; readonly setting: string }>> = {
  secrets: { word: 'Secret', setting: 'manifest.secrets' },
  configMaps: { word: 'ConfigMap', setting: 'manifest.config_maps' },
  claims: { word: 'claim', setting: 'manifest.claims' },
  images: { word: 'image', setting: 'manifest.images' },
  labels: { word: 'label', setting: 'manifest.labels' },
};

/** Volumes that bring nothing of the cluster along, or something that has a name to look at. */
const VOLUMES: ReadonlySet<string> = new Set([
  'name',
  'secret',
  'configMap',
  'emptyDir',
  'persistentVolumeClaim',
  'downwardAPI',
]);

/** @returns what the manifest names and the settings do not allow, and kinds of volume that could reach anything. */
export function checkManifestNames(
  manifest: Located<KanikoManifest>,
  allowed: ManifestNames,
  settings: Settings,
): Diagnostic[] {
  const images = [...allowed.images, settings.kaniko.image];
  const names = namesIn(manifest.value)
    .filter(({ kind, name }) => !(kind === 'images' ? images : allowed[kind]).includes(name))
    .map(({ kind, name, path }) => {
      const { word, setting } = WORDS[kind];
      return manifest.diagnostic(path, {
        code: 'MANIFEST_NOT_ALLOWED',
        ...(kind === 'labels' && { at: 'key' }),
        message: `The settings do not allow builds to use the ${word} \`${name}\`.`,
        hint: `Remove it, or ask the operator to add it to \`${setting}\` in the server's settings.`,
      });
    });
  return [...names, ...checkVolumes(manifest), ...checkProfiles(manifest)];
}

/** @returns every Secret, ConfigMap, claim, image and label that a manifest names. */
export function namesIn({ metadata, spec }: KanikoManifest): NamedInManifest[] {
  const found: NamedInManifest[] = Object.keys(metadata?.labels ?? {}).map((name) => ({
    kind: 'labels',
    name,
    path: ['metadata', 'labels', name],
  }));
  const add = (kind: Kind, name: string | undefined, path: ConfigPath): void => {
    if (name !== undefined) found.push({ kind, name, path: ['spec', ...path] });
  };
  spec.imagePullSecrets?.forEach(({ name }, i) => {
    add('secrets', name, ['imagePullSecrets', i, 'name']);
  });
  spec.volumes?.forEach(({ secret, configMap, persistentVolumeClaim: claim }, i) => {
    add('secrets', secret?.secretName, ['volumes', i, 'secret', 'secretName']);
    add('configMaps', configMap?.name, ['volumes', i, 'configMap', 'name']);
    add('claims', claim?.claimName, ['volumes', i, 'persistentVolumeClaim', 'claimName']);
  });
  spec.containers.forEach(({ image, env, envFrom }, i) => {
    const at = ['containers', i] as const;
    add('images', image, [...at, 'image']);
    env?.forEach(({ valueFrom }, n) => {
      const from = [...at, 'env', n, 'valueFrom'];
      add('secrets', valueFrom?.secretKeyRef?.name, [...from, 'secretKeyRef', 'name']);
      add('configMaps', valueFrom?.configMapKeyRef?.name, [...from, 'configMapKeyRef', 'name']);
    });
    envFrom?.forEach(({ secretRef, configMapRef }, n) => {
      add('secrets', secretRef?.name, [...at, 'envFrom', n, 'secretRef', 'name']);
      add('configMaps', configMapRef?.name, [...at, 'envFrom', n, 'configMapRef', 'name']);
    });
  });
  return found;
}

function checkVolumes(manifest: Located<KanikoManifest>): Diagnostic[] {
  return (manifest.value.spec.volumes ?? []).flatMap((volume, i) =>
    Object.keys(volume)
      .filter((key) => !VOLUMES.has(key))
      .map((key) =>
        manifest.diagnostic(['spec', 'volumes', i, key], {
          code: 'MANIFEST_NOT_ALLOWED',
          at: 'key',
          message: `A volume of the kind \`${key}\` is not allowed on a server: it can reach what no setting names.`,
          hint: 'Use a secret, configMap, persistentVolumeClaim, emptyDir or downwardAPI volume.',
        }),
      ),
  );
}

/** Profiles that would take the node's own guards away. */
function checkProfiles(manifest: Located<KanikoManifest>): Diagnostic[] {
  const { securityContext, containers } = manifest.value.spec;
  const contexts = [
    { path: ['spec', 'securityContext'], context: securityContext },
    ...containers.map((container, i) => ({
      path: ['spec', 'containers', i, 'securityContext'],
      context: container.securityContext,
    })),
  ];
  return contexts.flatMap(({ path, context }) =>
    (['seccompProfile', 'appArmorProfile', 'seLinuxOptions'] as const)
      .filter((key) => context?.[key] !== undefined && context[key].type !== 'RuntimeDefault')
      .map((key) =>
        manifest.diagnostic([...path, key], {
          code: 'MANIFEST_NOT_ALLOWED',
          at: 'key',
          message: `\`${key}\` other than \`RuntimeDefault\` is not allowed on a server.`,
          hint: 'Remove it.',
        }),
      ),
  );
}
