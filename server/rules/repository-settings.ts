import { matchesName } from '../../generator/project/name-pattern.js';
import { WorkError, type Settings } from '../../schema/index.js';

/** A rule of the settings: what some repositories may do. */
export type Rule = NonNullable<Settings['server']['rules']>[number];

/** `owner` and `name` of a repository on GitHub. */
export interface NamedRepository {
  readonly owner: string;
  readonly name: string;
}

/** A repository by its full name: `owner/name`. */
export function namedRepository(full: string): NamedRepository {
  const [owner = '', name = ''] = full.split('/');
  return { owner, name };
}

/** The first rule for a repository; undefined where none is for it. */
export function ruleFor(rules: readonly Rule[], repository: NamedRepository): Rule | undefined {
  return rules.find(({ repositories }) => isFor(repositories, repository));
}

/** Whether one of the patterns matches, and none with `!` does. GitHub's names do not tell upper from lower case. */
export function isFor(patterns: readonly string[], { owner, name }: NamedRepository): boolean {
  const full = `${owner}/${name}`.toLowerCase();
  const matches = (pattern: string): boolean => matchesName(pattern.toLowerCase(), full);
  const excluded = patterns.filter((pattern) => pattern.startsWith('!'));
  return (
    // One with `!` matches nothing by itself: no name on GitHub has it.
    patterns.some(matches) && !excluded.some((pattern) => matches(pattern.slice(1)))
  );
}

/**
 * The settings for one repository: its rule overrides the general settings.
 *
 * @throws WorkError where there are rules and none is for this repository
 */
export function repositorySettings(settings: Settings, repository: NamedRepository): Settings {
  const { rules } = settings.server;
  if (!rules) return settings;
  const rule = ruleFor(rules, repository);
  if (!rule) {
    throw new WorkError(
      'No rule in the settings matches this repository.',
      "Ask the server's operator to add one to `server.rules`.",
    );
  }
  return withRule(settings, rule);
}

/** Whether builds of the repository's forks are set up. */
export function buildsForks({ server }: Settings, repository: NamedRepository): boolean {
  return (server.rules ? ruleFor(server.rules, repository) : server)?.forks !== undefined;
}

function withRule(settings: Settings, rule: Rule): Settings {
  const { kaniko, limits, server, service_accounts: accounts } = settings;
  const { builder = accounts.builder, publisher = accounts.publisher } = rule.service_accounts ?? {};
  const manifest = rule.kaniko_manifest ?? kaniko.manifest;
  const own: Settings['server'] = {
    ...server,
    namespaces: rule.namespaces,
    pipelines: rule.pipelines,
    experiments: rule.experiments,
    compiler_images: rule.compiler_images,
    insecure_registries: rule.insecure_registries,
    manifest: rule.manifest,
    manifest_branches: rule.manifest_branches,
  };
  delete own.rules;
  if (rule.triggers) own.triggers = rule.triggers;
  else delete own.triggers;
  if (rule.forks) own.forks = rule.forks;
  else delete own.forks;
  return {
    ...settings,
    namespace: rule.build_namespace ?? settings.namespace,
    registries: rule.registries,
    kaniko: { ...kaniko, ...(manifest && { manifest }) },
    service_accounts: { ...accounts, publisher, ...(builder !== undefined && { builder }) },
    limits: leastOf(limits, rule.limits ?? {}),
    server: own,
  };
}

function leastOf(all: Settings['limits'], own: NonNullable<Rule['limits']>): Settings['limits'] {
  const limits = { ...all };
  for (const key of Object.keys(all) as (keyof typeof all)[])
    limits[key] = Math.min(all[key], own[key] ?? Infinity);
  return limits;
}
