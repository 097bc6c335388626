import { enumerate } from '../../common/enumerate.js';
import type { Diagnostic, Located, Settings } from '../../schema/index.js';
import type { Rule } from './repository-settings.js';
import { secretsIn } from './scopes.js';

/** A rule that names the namespace of its builds. */
interface Named {
  readonly rule: Rule;
  /** From 0. */
  readonly at: number;
  readonly namespace: string;
}

/** What is doubtful about the namespaces of builds that the rules name. All are warnings: only the cluster knows more. */
export function checkBuildNamespaces(settings: Located<Settings>, rules: readonly Rule[]): Diagnostic[] {
  const named = rules.flatMap((rule, at): Named[] =>
    rule.build_namespace === undefined ? [] : [{ rule, at, namespace: rule.build_namespace }],
  );
  return named.flatMap((each) => {
    const doubts = [
      sharedWithRule(settings.value, rules, each),
      sharedWithPipelines(rules, each),
      accountsOfAll(settings.value, each),
    ];
    return doubts.flatMap((doubt) =>
      doubt
        ? settings.diagnostic(['server', 'rules', each.at, 'build_namespace'], {
            code: 'SERVER_SETTINGS',
            severity: 'warning',
            ...doubt,
          })
        : [],
    );
  });
}

type Doubt = Pick<Diagnostic, 'message' | 'hint'> | undefined;

/** Told once for two rules: of the later one, or of the one that names it where the other has it by default. */
function sharedWithRule(
  { namespace: common, server }: Settings,
  rules: readonly Rule[],
  named: Named,
): Doubt {
  const { at, namespace } = named;
  const isToldHere = ({ build_namespace: own }: Rule, i: number): boolean =>
    (own ?? common) === namespace && (own === undefined || i < at);
  if (server.shared_trust || !rules.some(isToldHere)) return undefined;
  return {
    message: `Builds of another rule run in \`${namespace}\`, too: builds of both can use its service accounts and its quota, and everybody who can read logs there sees those of both.`,
    hint: 'Give each rule its own `build_namespace`, or add `server.shared_trust: true` if these repositories trust each other.',
  };
}

function sharedWithPipelines(rules: readonly Rule[], { namespace }: Named): Doubt {
  if (!rules.some(({ namespaces }) => namespaces.includes(namespace))) return undefined;
  return {
    message: `Pipelines run in \`${namespace}\`, too: builds, which run code of pull requests as root, would be next to them, and the network policies for builds would cut the pipelines off.`,
    hint: 'Name a namespace that holds only builds.',
  };
}

/** Objects that the settings name for all builds, and that each namespace of builds needs. */
function accountsOfAll(settings: Settings, { rule, namespace }: Named): Doubt {
  if (namespace === settings.namespace) return undefined;
  const { builder } = settings.service_accounts;
  const own = rule.service_accounts?.builder;
  const secrets = rule.kaniko_manifest ? [] : secretsIn(settings.kaniko.manifest, []);
  const names = [
    ...(builder !== undefined && own === undefined ? [`the service account \`${builder}\``] : []),
    ...new Set(secrets.map(({ value }) => `the Secret \`${value}\``)),
  ];
  if (names.length === 0) return undefined;
  return {
    message: `Builds of this rule use ${enumerate(names)} of the general settings, but run in \`${namespace}\`: builds there wait or fail if it has none of that name.`,
    hint: "Name the rule's own in `service_accounts.builder` and `kaniko_manifest`, and create them in that namespace.",
  };
}
