import { isWithin, registryBase } from '../../generator/project/registries.js';
import type { Settings } from '../../schema/index.js';
import { writeYaml } from '../../schema/write-yaml.js';

/** A rule for each repository, made of what the settings have for all: lines that keep the repositories apart. */
export function suggestRules(settings: Settings): string[] {
  const { registries, server } = settings;
  const { repositories, manifest, forks } = server;
  const outermost = registries.filter(
    (each, i) =>
      !registries.some((other, n) => n !== i && isWithin(each, other) && (n < i || !isWithin(other, each))),
  );
  const names = shortNames(repositories);
  const listed = (['compiler_images', 'insecure_registries', 'manifest_branches'] as const).filter(
    (key) => server[key].length > 0,
  );
  const allowed = Object.entries(manifest).filter(([, each]) => each.length > 0);
  const rules = repositories.map((repository, i) => {
    const name = names[i] ?? '';
    return {
      repositories: [repository],
      registries: outermost.map((registry) => ownPlace(registry, name)),
      namespaces: server.namespaces,
      pipelines: [name],
      ...Object.fromEntries(listed.map((key) => [key, server[key]])),
      ...(allowed.length > 0 && { manifest: Object.fromEntries(allowed) }),
      ...(forks && { forks: { ...forks, registry: ownPlace(forks.registry, name) } }),
    };
  });
  return written({ server: { rules } });
}

/** Docker Hub has profiles and nothing between them and images. */
function ownPlace(registry: string, name: string): string {
  const base = registryBase(registry);
  return base.startsWith('docker.io/') ? `${base}-${name}` : `${base}/${name}`;
}

/** For each repository a name that is good for a path in a registry and for a pipeline, and that no other one has. */
function shortNames(repositories: readonly string[]): string[] {
  const short = repositories.map((full) => label(full.slice(full.indexOf('/') + 1)));
  if (isUnique(short)) return short;
  const long = repositories.map(label);
  return isUnique(long) ? long : long.map((name, i) => `${name}-${i + 1}`);
}

function isUnique(names: readonly string[]): boolean {
  return new Set(names).size === names.length;
}

function label(text: string): string {
  const kept = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return kept === '' ? 'repository' : kept;
}

/** Lists of names on one line each. */
function written(value: unknown): string[] {
  const text = writeYaml(
    value,
    (list) => Array.isArray(list) && list.every((item) => typeof item !== 'object' || item === null),
  );
  return text.trimEnd().split('\n');
}
