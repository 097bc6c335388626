import { checkReferences } from './config-checks.js';
import { ConfigError, hasErrors, withoutRepeats, type Diagnostic } from './diagnostic.js';
import { readDocument } from './document.js';
import type { KanikoManifest } from './generated/kaniko-manifest.js';
import type { KanikoPod } from './kaniko-pod.js';
import { checkLabels, checkMounts, checkRights } from './manifest-checks.js';
import { diagnosticAt, located, withPlace, type Finding, type Located } from './located.js';
import { refusal } from './pod-fields.js';
import { sortDiagnostics } from './sort.js';
import { Source } from './source.js';
import { formatPath, itemsAt, textAt, type ConfigPath, type Tree } from './tree.js';
import { validate, withoutNulls } from './validate.js';

const CONTAINERS: ConfigPath = ['spec', 'containers'];

/**
 * Reads kaniko-manifest.yaml: a Pod manifest of which builds take the fields that are allowed.
 *
 * @throws ConfigError with everything that was found, warnings too
 */
export function parseKanikoManifest(
  text: string,
  { file }: { readonly file: string },
): Located<KanikoManifest> {
  const source = new Source(file, text);
  const read = readDocument(source);
  if (!read.tree && hasErrors(read.diagnostics))
    throw new ConfigError(sortDiagnostics(read.diagnostics, file));
  const { tree, value, diagnostics } = checkKanikoManifest(
    read.tree ?? { source, range: [0, 0], kind: 'map', entries: new Map() },
  );
  const sorted = sortDiagnostics(
    [...read.diagnostics, ...withoutRepeats(diagnostics, read.diagnostics)],
    file,
  );
  if (hasErrors(sorted)) throw new ConfigError(sorted);
  return located(value, tree, sorted);
}

/** Checks a manifest of its own file or of the settings. The value is valid only without errors. */
export function checkKanikoManifest(read: Tree): {
  tree: Tree;
  value: KanikoManifest;
  diagnostics: Diagnostic[];
} {
  const { tree, value, violations } = validate('kanikoManifest', read, explainKey);
  const diagnostics = violations.map(({ diagnostic }) => diagnostic);
  const containers = itemsAt(tree, CONTAINERS);
  const kaniko = findKaniko(containers.map((_, i) => nameAndImage(tree, i)));
  if (containers.length > 0) diagnostics.push(...checkContainers(tree, kaniko));
  diagnostics.push(...checkLabels(tree), ...checkMounts(tree), ...checkRights(tree), ...checkImages(tree));
  return { tree, value: withoutNulls(value, []) as KanikoManifest, diagnostics };
}

/** Fields that Kubernetes has and a build does not take get the reason. */
function explainKey(parent: ConfigPath, key: string): Finding | undefined {
  const reason = refusal(parent, key);
  if (reason === undefined) return undefined;
  return {
    code: 'MANIFEST_FIELD',
    message: `\`${formatPath([...parent, key])}\` is not allowed: ${reason}.`,
    hint: `Remove \`${key}\`.`,
  };
}

interface NameAndImage {
  readonly name?: string | undefined;
  readonly image?: string | undefined;
}

function nameAndImage(tree: Tree, index: number): NameAndImage {
  return {
    name: textAt(tree, [...CONTAINERS, index, 'name']),
    image: textAt(tree, [...CONTAINERS, index, 'image']),
  };
}

/** @returns the position of Kaniko's container: the one of that name, else of that image, else the only one; or -1. */
function findKaniko(containers: readonly NameAndImage[]): number {
  const named = containers.findIndex(({ name }) => name === 'kaniko');
  if (named >= 0) return named;
  const built = containers.findIndex(({ image }) => image?.includes('kaniko'));
  if (built >= 0) return built;
  return containers.length === 1 ? 0 : -1;
}

function checkContainers(tree: Tree, kaniko: number): Diagnostic[] {
  if (kaniko < 0) {
    const message = 'None of the containers is Kaniko.';
    const hint = 'Name it: `name: kaniko`, and remove the others.';
    return [diagnosticAt(tree, CONTAINERS, { code: 'MANIFEST_CONTAINER', message, hint })];
  }
  return itemsAt(tree, CONTAINERS).flatMap((_, index) => {
    if (index === kaniko) return [];
    const name = textAt(tree, [...CONTAINERS, index, 'name']) ?? formatPath([...CONTAINERS, index]);
    const message = `The container \`${name}\` is not allowed: a build pod has one container, Kaniko's.`;
    return [
      diagnosticAt(tree, [...CONTAINERS, index], {
        code: 'MANIFEST_FIELD',
        message,
        hint: 'Remove this container.',
      }),
    ];
  });
}

function checkImages(tree: Tree): Diagnostic[] {
  return itemsAt(tree, CONTAINERS).flatMap((_, index) => {
    const path = [...CONTAINERS, index, 'image'];
    const found = checkReferences(tree, [path]);
    if (!textAt(tree, path)?.startsWith('gcr.io/kaniko-project/')) return found;
    const warning = diagnosticAt(tree, path, {
      code: 'DEPRECATED',
      severity: 'warning',
      message: 'gcr.io/kaniko-project was archived in 2025 and gets no fixes.',
      hint: "Remove `image`: builds then use the maintained Kaniko of the cluster's settings.",
    });
    return [...found, warning];
  });
}

/**
 * What a manifest gives to build pods.
 *
 * @param manifest - as {@link parseKanikoManifest} or the settings hold it
 * @throws ConfigError (MANIFEST_CONTAINER) where no container is Kaniko's, which the parsers refuse already
 */
export function kanikoPod(manifest: KanikoManifest): KanikoPod {
  const { containers, ...spec } = manifest.spec;
  const container = containers[findKaniko(containers)];
  if (!container) {
    throw new ConfigError([
      withPlace({ code: 'MANIFEST_CONTAINER', message: 'None of the containers is Kaniko.' }, {}),
    ]);
  }
  const pod = without(spec, 'restartPolicy');
  const rest = without(container, 'name');
  return { labels: manifest.metadata?.labels ?? {}, pod, container: rest };
}

function without(value: object, key: string): object {
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
}
