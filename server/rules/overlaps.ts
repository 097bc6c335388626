import { pipelineLabel, pipelineLabelStart } from '../../generator/project/pipeline-label.js';
import { registriesMeet } from '../../generator/project/registries.js';
import type { Diagnostic, Located, Settings } from '../../schema/index.js';
import { scopesOf, secretsIn, type Placed, type Scope } from './scopes.js';

/** What two rules share, so that they keep nothing apart. An error unless the settings say that it is meant. */
export function checkOverlaps(settings: Located<Settings>): Diagnostic[] {
  if (settings.value.server.shared_trust) return [];
  const scopes = scopesOf(settings.value);
  const meetings = pairs(scopes).flatMap(([earlier, later]) => [
    ...meeting(places(earlier), places(later), registriesMeet, REGISTRIES),
    ...(earlier.namespaces.some((namespace) => later.namespaces.includes(namespace))
      ? meeting(earlier.pipelines, later.pipelines, pipelinesMeet, PIPELINES)
      : []),
  ]);
  // A Secret of the same name in another namespace is another one.
  const inOneNamespace = pairs(scopes).filter(([one, other]) => one.buildNamespace === other.buildNamespace);
  const secrets = inOneNamespace.flatMap(([earlier, later]) =>
    meeting(allSecrets(earlier), allSecrets(later), (one, other) => one === other, SECRETS),
  );
  return [
    ...meetings.map((each) => diagnose(settings, each, 'error')),
    ...secrets.map((each) => diagnose(settings, each, 'warning')),
    ...checkCommonManifest(settings),
  ];
}

interface Kind {
  readonly what: (one: string, other: string) => string;
  readonly hint: string;
}

interface Meeting {
  readonly earlier: Placed;
  readonly later: Placed;
  readonly kind: Kind;
}

const REGISTRIES: Kind = {
  what: (one, other) =>
    `\`${other}\` and \`${one}\` of an earlier rule overlap: repositories of either rule could overwrite images and layers of the other.`,
  hint: "Use registries that don't contain each other, or add `server.shared_trust: true` if these repositories trust each other.",
};
const PIPELINES: Kind = {
  what: (one, other) =>
    `\`${other}\` and \`${one}\` of an earlier rule can be the same pipeline: both rules allow the same namespace.`,
  hint: 'Give each rule its own names, `team-a-*`, or its own namespaces.',
};
const SECRETS: Kind = {
  what: (_one, other) =>
    `Builds of another rule may use the Secret \`${other}\`, too: with a credential in it, each can push what the other can.`,
  hint: "Create a Secret for each rule, with a credential for that rule's registries only.",
};

function diagnose(
  settings: Located<Settings>,
  { earlier, later, kind }: Meeting,
  severity: Diagnostic['severity'],
): Diagnostic {
  const message = kind.what(earlier.value, later.value);
  return settings.diagnostic(later.path, { code: 'SERVER_SETTINGS', severity, message, hint: kind.hint });
}

/** A manifest that all rules share holds the same credential for all of them. */
function checkCommonManifest(settings: Located<Settings>): Diagnostic[] {
  const { kaniko, namespace, server } = settings.value;
  const sharing = (server.rules ?? [])
    .filter((rule) => !rule.kaniko_manifest)
    .map(({ build_namespace: own = namespace }) => own);
  const inOneNamespace = sharing.filter((own, _, all) => all.filter((each) => each === own).length > 1);
  if (inOneNamespace.length === 0) return [];
  return secretsIn(kaniko.manifest, ['kaniko', 'manifest']).map(({ value, path }) =>
    settings.diagnostic(path, {
      code: 'SERVER_SETTINGS',
      severity: 'warning',
      message: `Builds of ${inOneNamespace.length} rules use the Secret \`${value}\`: with a credential in it, each can push what the others can.`,
      hint: 'Give each rule a `kaniko_manifest` with its own Secret, or a `build_namespace` of its own.',
    }),
  );
}

function places({ registries, forks }: Scope): Placed[] {
  return [...registries, ...(forks ? [forks.registry] : [])];
}

function allSecrets({ secrets, forks }: Scope): Placed[] {
  return [...secrets, ...(forks?.secrets ?? [])];
}

function meeting(
  earlier: readonly Placed[],
  later: readonly Placed[],
  meet: (one: string, other: string) => boolean,
  kind: Kind,
): Meeting[] {
  return later.flatMap((each) => {
    const found = earlier.find(({ value }) => meet(value, each.value));
    return found ? [{ earlier: found, later: each, kind }] : [];
  });
}

/** Whether two entries of `pipelines` can be one pipeline in Kubeflow Pipelines, which has labels in place of names. */
function pipelinesMeet(one: string, other: string): boolean {
  const [a, b] = [labels(one), labels(other)];
  if (!a.open && !b.open) return a.start === b.start;
  return (a.open && b.start.startsWith(a.start)) || (b.open && a.start.startsWith(b.start));
}

function labels(pattern: string): { readonly start: string; readonly open: boolean } {
  if (pattern.endsWith('*')) return { start: pipelineLabelStart(pattern.slice(0, -1)), open: true };
  // A name with other characters than these gets a hash at its end.
  return /^[\w .-]+$/.test(pattern)
    ? { start: pipelineLabel(pattern), open: false }
    : { start: pipelineLabelStart(pattern), open: true };
}

function pairs<T>(items: readonly T[]): [T, T][] {
  return items.flatMap((later, i) => items.slice(0, i).map((earlier): [T, T] => [earlier, later]));
}
