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
import { at, itemsAt, textAt, toValue, type Tree } from './tree.js';
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
  diagnostics.push(...checkEndpoint(tree, ['minio', 'endpoint']), ...checkRegistries(tree));
  diagnostics.push(
    ...checkReferences(tree, [
      ['kaniko', 'image'],
      ['compiler', 'image'],
      ['kfops', 'image'],
    ]),
  );
  const manifestTree = at(tree, ['kaniko', 'manifest']);
  const manifest = manifestTree?.kind === 'map' ? checkKanikoManifest(manifestTree) : undefined;
  diagnostics.push(...(manifest?.diagnostics ?? []));
  const sorted = sortDiagnostics(diagnostics, file);
  if (hasErrors(sorted)) throw new ConfigError(sorted);

  const settings = withoutNulls(value, []) as Settings;
  settings.minio.endpoint = normaliseEndpoint(settings.minio.endpoint) ?? settings.minio.endpoint;
  if (manifest) settings.kaniko.manifest = manifest.value;
  return located(settings, tree, sorted);
}

/** @returns the settings of a cluster that says nothing. */
export function defaultSettings(): Settings {
  return parseSettings('', { file: 'defaults' }).value;
}

function checkRegistries(tree: Tree): Diagnostic[] {
  return itemsAt(tree, ['registries']).flatMap((_, index) => {
    const path = ['registries', index];
    const text = textAt(tree, path);
    const reference = text ? destinationOf(text, 'name') : undefined;
    // `docker.io` alone is a fine limit, though nobody can push right below it.
    if (!reference || !('problem' in reference) || text === 'docker.io') return [];
    const message = `\`${text}\` ${reference.problem}.`;
    return [diagnosticAt(tree, path, { code: 'IMAGE_REFERENCE', message, hint: reference.hint })];
  });
}
