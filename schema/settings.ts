import { checkEndpoint, checkReferences } from './config-checks.js';
import { ConfigError, hasErrors, withoutRepeats, type Diagnostic } from './diagnostic.js';
import { readDocument } from './document.js';
import { checkAges, checkDurations } from './duration.js';
import { normaliseEndpoint } from './endpoint.js';
import type { Settings } from './generated/settings.js';
import { destinationOf } from './image-reference.js';
import { checkKanikoManifest } from './kaniko-manifest.js';
import { diagnosticAt, located, type Located } from './located.js';
import { ownImages } from './own-images.js';
import { sortDiagnostics } from './sort.js';
import { Source } from './source.js';
import { at, itemsAt, textAt, type ConfigPath, type Tree } from './tree.js';
import { validate, withoutNulls } from './validate.js';

/**
 * Reads the cluster's settings and fills in defaults; an empty text gives {@link defaultSettings}.
 *
 * @throws ConfigError with everything that was found, warnings too
 */
export function parseSettings(text: string, { file }: { readonly file: string }): Located<Settings> {
  const source = new Source(file, text);
  const read = readDocument(source);
  const diagnostics: Diagnostic[] = [...read.diagnostics];
  if (!read.tree && diagnostics.length > 0) throw new ConfigError(sortDiagnostics(diagnostics, file));
  const written = read.tree?.kind === 'scalar' && read.tree.value === null ? undefined : read.tree;
  const { tree, value, violations } = validate(
    'settings',
    written ?? { source, range: [0, 0], kind: 'map', entries: new Map() },
  );
  diagnostics.push(...violations.map(({ diagnostic }) => diagnostic));
  diagnostics.push(
    ...checkEndpoint(tree, ['minio', 'endpoint']),
    ...checkEndpoint(tree, ['server', 'minio', 'endpoint']),
    ...checkDurations(tree, DURATIONS),
    ...checkAges(tree, [['build', 'rebuild_after']]),
    ...registryPaths(tree).flatMap((path) => checkRegistry(tree, path)),
    ...checkReferences(tree, imagePaths(tree)),
  );
  const manifests = manifestPaths(tree).flatMap((path) => manifestAt(tree, path) ?? []);
  diagnostics.push(...manifests.flatMap(({ diagnostics: found }) => withoutRepeats(found, diagnostics)));
  const sorted = sortDiagnostics(diagnostics, file);
  if (hasErrors(sorted)) throw new ConfigError(sorted);

  const settings = withoutNulls(value, []) as Settings;
  for (const store of [settings.minio, settings.server.minio])
    if (store.endpoint !== undefined) store.endpoint = normaliseEndpoint(store.endpoint) ?? store.endpoint;
  const { compiler, kfops } = ownImages(settings.images);
  // What has no default in the schema, and is there after parsing all the same (`kfopsFilled`).
  (settings.compiler as { image?: string }).image ??= compiler;
  (settings.kfops as { image?: string }).image ??= kfops;
  for (const { path, value: manifest } of manifests) put(settings, path, manifest);
  return located(settings, tree, sorted);
}

/** @returns the settings of a cluster that says nothing. */
export function defaultSettings(): Settings {
  return parseSettings('', { file: 'defaults' }).value;
}

const DURATIONS: readonly ConfigPath[] = [
  ['compiler', 'timeout'],
  ['build', 'timeout'],
  ['build', 'rebuild_after'],
  ['workflow', 'timeout'],
  ['workflow', 'keep_pods'],
  ['workflow', 'keep'],
];

/** Where the rules of single repositories stand. */
function rulePaths(tree: Tree): ConfigPath[] {
  return itemsAt(tree, ['server', 'rules']).map((_, index) => ['server', 'rules', index]);
}

function manifestPaths(tree: Tree): ConfigPath[] {
  return [
    ['kaniko', 'manifest'],
    ['server', 'forks', 'manifest'],
    ...rulePaths(tree).flatMap((rule) => [
      [...rule, 'kaniko_manifest'],
      [...rule, 'forks', 'manifest'],
    ]),
  ];
}

function registryPaths(tree: Tree): ConfigPath[] {
  const rules = rulePaths(tree);
  return [
    ['images', 'registry'],
    ...[[], ...rules].flatMap((owner) => itemPaths(tree, [...owner, 'registries'])),
    ...[['server'], ...rules].map((owner) => [...owner, 'forks', 'registry']),
  ];
}

function imagePaths(tree: Tree): ConfigPath[] {
  return [
    ...['kaniko', 'compiler', 'kfops'].map((tool) => [tool, 'image']),
    ...[['server'], ...rulePaths(tree)].flatMap((owner) => itemPaths(tree, [...owner, 'compiler_images'])),
  ];
}

function itemPaths(tree: Tree, list: ConfigPath): ConfigPath[] {
  return itemsAt(tree, list).map((_, index) => [...list, index]);
}

interface CheckedManifest extends ReturnType<typeof checkKanikoManifest> {
  readonly path: ConfigPath;
}

function manifestAt(tree: Tree, path: ConfigPath): CheckedManifest | undefined {
  const manifest = at(tree, path);
  return manifest?.kind === 'map' ? { path, ...checkKanikoManifest(manifest) } : undefined;
}

/** Puts a value at a path whose parents are there. */
function put(settings: Settings, path: ConfigPath, value: unknown): void {
  let owner = settings as unknown as Record<string | number, Record<string | number, unknown>>;
  for (const step of path.slice(0, -1)) owner = owner[step] as typeof owner;
  (owner as Record<string | number, unknown>)[path.at(-1) ?? ''] = value;
}

function checkRegistry(tree: Tree, path: ConfigPath): Diagnostic[] {
  const text = textAt(tree, path);
  const reference = text ? destinationOf(text, 'name') : undefined;
  // `docker.io` alone is a fine limit, though nobody can push right below it.
  if (!reference || !('problem' in reference) || text === 'docker.io') return [];
  const message = `\`${text}\` ${reference.problem}.`;
  return [diagnosticAt(tree, path, { code: 'IMAGE_REFERENCE', message, hint: reference.hint })];
}
