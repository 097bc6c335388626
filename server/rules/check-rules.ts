import { isWithin } from '../../generator/project/registries.js';
import type { ConfigPath, Diagnostic, Located, Settings } from '../../schema/index.js';
import { checkBuildNamespaces } from './check-build-namespaces.js';
import { checkOverlaps } from './overlaps.js';
import { namedRepository, ruleFor, type Rule } from './repository-settings.js';
import { suggestRules } from './suggest-rules.js';

/** Whether repositories are kept apart, or the settings say that this is not needed. */
export function checkRules(settings: Located<Settings>): Diagnostic[] {
  const { rules } = settings.value.server;
  if (!rules) return checkSharedTrust(settings);
  return [
    ...checkLists(settings),
    ...checkServed(settings, rules),
    ...checkOuterRegistries(settings, rules),
    ...checkOverlaps(settings),
    ...checkBuildNamespaces(settings, rules),
  ];
}

/** Several repositories with one list for all: each could push over the images of the others. */
function checkSharedTrust(settings: Located<Settings>): Diagnostic[] {
  const { repositories, shared_trust: sharedTrust } = settings.value.server;
  const count = new Set(repositories.map((name) => name.toLowerCase())).size;
  if (count < 2 || sharedTrust) return [];
  return [
    settings.diagnostic(['server', 'repositories'], {
      code: 'SERVER_SETTINGS',
      message: `The settings serve ${count} repositories and have no rules: a pull request of one could replace images and pipelines of the others.`,
      hint: 'If all of them trust each other, add `server.shared_trust: true`. Else give each its own rule, in place of the lists for all, and adapt these lines:',
      lines: suggestRules(settings.value),
    }),
  ];
}

const LISTS = [
  'namespaces',
  'compiler_images',
  'insecure_registries',
  'manifest_branches',
  'pipelines',
  'experiments',
] as const;

/** Lists for all repositories, which nothing reads where there are rules: somebody may think that they hold. */
function checkLists(settings: Located<Settings>): Diagnostic[] {
  const { server } = settings.value;
  const isDefault = (list: readonly string[], none: readonly string[]): boolean =>
    list.length === none.length && list.every((item, i) => item === none[i]);
  const written: string[] = LISTS.filter(
    (key) => !isDefault(server[key], key === 'pipelines' || key === 'experiments' ? ['*'] : []),
  );
  if (Object.values(server.manifest).some((names) => names.length > 0)) written.push('manifest');
  if (server.forks) written.push('forks');
  return written.map((key) =>
    settings.diagnostic(['server', key], {
      code: 'SERVER_SETTINGS',
      at: 'key',
      message: `\`server.${key}\` is not used where there are \`server.rules\`.`,
      hint: `Move it into the rules: \`${key}\` there has the same form.`,
    }),
  );
}

function checkServed(settings: Located<Settings>, rules: readonly Rule[]): Diagnostic[] {
  const { repositories } = settings.value.server;
  const used = new Set<Rule>();
  const found = repositories.flatMap((full, i) => {
    const rule = ruleFor(rules, namedRepository(full));
    if (rule) {
      used.add(rule);
      return [];
    }
    return [
      settings.diagnostic(['server', 'repositories', i], {
        code: 'SERVER_SETTINGS',
        message: `No rule matches the repository \`${full}\`.`,
        hint: 'Add it to the `repositories` of one of `server.rules`, or remove it here.',
      }),
    ];
  });
  const unused = rules.flatMap((rule, i) =>
    used.has(rule)
      ? []
      : [
          settings.diagnostic(['server', 'rules', i, 'repositories'], {
            code: 'SERVER_SETTINGS',
            severity: 'warning',
            message:
              'This rule matches none of `server.repositories`, or only some that an earlier rule matches.',
            hint: 'Check its patterns: the first matching rule applies, and `!` excludes a repository.',
          }),
        ],
  );
  return [...found, ...unused];
}

/** `registries` of the settings holds on the command line, too: what a rule allows beyond it is a mistake in one of the two. */
function checkOuterRegistries(settings: Located<Settings>, rules: readonly Rule[]): Diagnostic[] {
  const { registries: outer } = settings.value;
  if (outer.length === 0) return [];
  return rules.flatMap(({ registries }, i) =>
    registries.flatMap((registry, n) => {
      const path: ConfigPath = ['server', 'rules', i, 'registries', n];
      if (outer.some((each) => isWithin(registry, each))) return [];
      return [
        settings.diagnostic(path, {
          code: 'SERVER_SETTINGS',
          message: `\`${registry}\` is not at or below one of \`registries\`.`,
          hint: `Use one below ${outer.join(', ')}, or add it to \`registries\`.`,
        }),
      ];
    }),
  );
}
