import { checkEndpoint, checkReferences } from './config-checks.js';
import { ConfigError, hasErrors, type Diagnostic } from './diagnostic.js';
import { readDocument } from './document.js';
import { normaliseEndpoint } from './endpoint.js';
import type { Settings } from './generated/settings.js';
import { destinationOf } from './image-reference.js';
import { checkKanikoManifest } from './kaniko-manifest.js';
import { diagnosticAt, located, type Located } from './located.js';
import { sortDiagnostics } from './sort.js';
import { Source } from './source.js';
import { at, itemsAt, textAt, toValue, type ConfigPath, type Tree } from './tree.js';
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
  const tree: Tree = written ?? { source, range: [0, 0], kind: 'map', entries: new Map() };

  const value = toValue(tree) as Settings;
  diagnostics.push(...validate('settings', value, tree).map(({ diagnostic }) => diagnostic));
  diagnostics.push(
    ...checkEndpoint(tree, ['minio', 'endpoint']),
    ...checkEndpoint(tree, ['server', 'minio', 'endpoint']),
    ...itemsAt(tree, ['registries']).flatMap((_, index) => checkRegistry(tree, ['registries', index])),
    ...checkRegistry(tree, ['server', 'forks', 'registry']),
  );
  diagnostics.push(
    ...checkReferences(tree, [
      ['kaniko', 'image'],
      ['compiler', 'image'],
      ['kfops', 'image'],
    ]),
  );
  const manifest = manifestAt(tree, ['kaniko', 'manifest']);
  const forks = manifestAt(tree, ['server', 'forks', 'manifest']);
  diagnostics.push(...(manifest?.diagnostics ?? []), ...(forks?.diagnostics ?? []));
  const sorted = sortDiagnostics(diagnostics, file);
  if (hasErrors(sorted)) throw new ConfigError(sorted);

  const settings = withoutNulls(value, []) as Settings;
  settings.minio.endpoint = normaliseEndpoint(settings.minio.endpoint) ?? settings.minio.endpoint;
  const own = settings.server.minio;
  if (own.endpoint !== undefined) own.endpoint = normaliseEndpoint(own.endpoint) ?? own.endpoint;
  if (manifest) settings.kaniko.manifest = manifest.value;
  if (forks && settings.server.forks) settings.server.forks.manifest = forks.value;
  return located(settings, tree, sorted);
}

/** @returns the settings of a cluster that says nothing. */
export function defaultSettings(): Settings {
  return parseSettings('', { file: 'defaults' }).value;
}

function manifestAt(tree: Tree, path: ConfigPath): ReturnType<typeof checkKanikoManifest> | undefined {
  const manifest = at(tree, path);
  return manifest?.kind === 'map' ? checkKanikoManifest(manifest) : undefined;
}

function checkRegistry(tree: Tree, path: ConfigPath): Diagnostic[] {
  const text = textAt(tree, path);
  const reference = text ? destinationOf(text, 'name') : undefined;
  // `docker.io` alone is a fine limit, though nobody can push right below it.
  if (!reference || !('problem' in reference) || text === 'docker.io') return [];
  const message = `\`${text}\` ${reference.problem}.`;
  return [diagnosticAt(tree, path, { code: 'IMAGE_REFERENCE', message, hint: reference.hint })];
}
