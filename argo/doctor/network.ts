import { STEP_LABEL } from '../../generator/workflow/names.js';
import type { ClusterClient } from '../client/client.js';
import { evaluate, type Evaluation } from '../network-policy/evaluate.js';
import type { KnownLabels, NetworkPolicy, PodEnd } from '../network-policy/types.js';
import { parseServiceName } from '../network/service-name.js';
import { apiWays, hostWays, resolveHere, type Resolve, type Way } from './address-ways.js';
import type { Check } from './doctor.js';
import { checkOf, nothingWrong, notChecked, type Finding, type Need } from './network-text.js';
import { namespaceLabels, policiesOf } from './policies-of.js';
import { serviceWay } from './service-way.js';

export type { Need } from './network-text.js';

const STEPS = ['build', 'tag', 'compile', 'publish', 'run'];
const DNS: Need = { what: 'DNS', steps: STEPS, address: 'kube-dns.kube-system.svc:53', protocol: 'UDP' };
const API: Need = { what: 'the Kubernetes API', steps: STEPS, address: 'kubernetes.default.svc:443' };

/**
 * Whether NetworkPolicies let the steps reach what they need: those of the namespace of the builds, and those of the
 * namespace of a Service that they reach.
 *
 * @param needs - in addition to DNS and the Kubernetes API
 */
export async function checkNetwork(
  client: ClusterClient,
  builds: string,
  needs: readonly Need[],
  resolve: Resolve = resolveHere,
): Promise<readonly Check[]> {
  const targets = needs.flatMap(({ address }) => serviceOf(address)?.namespace ?? []);
  const namespaces = [...new Set([builds, ...targets])];
  const found = new Map(
    await Promise.all(
      namespaces.map(async (namespace) => [namespace, await policiesOf(client, namespace)] as const),
    ),
  );
  const hidden = namespaces.filter((namespace) => found.get(namespace) === undefined);
  const own = found.get(builds) ?? [];
  const labels = await namespaceLabels(client, builds);
  const all = [...(own.length > 0 ? [DNS, API] : []), ...needs];
  const findings = await Promise.all(
    all.map(async (need) => {
      const policies = [...own, ...(found.get(serviceOf(need.address)?.namespace ?? '') ?? [])];
      return policies.length === 0 ? [] : findingsOf(client, { need, builds, labels, policies, resolve });
    }),
  );
  const wrong = findings.flat().filter(({ verdict }) => verdict !== 'allows');
  return [
    ...(wrong.length === 0 && found.get(builds) ? [nothingWrong(builds, own.length, all)] : []),
    ...wrong.map((finding) => checkOf(finding, builds)),
    ...(hidden.length > 0 ? [notChecked(hidden)] : []),
  ];
}

/** A name with `.svc`; another one may be a host outside. */
function serviceOf(address: string): { service: string; namespace: string; port: number } | undefined {
  const name = parseServiceName(address);
  return name?.certain ? name : undefined;
}

interface Question {
  readonly need: Need;
  readonly builds: string;
  /** Of the namespace of the builds. */
  readonly labels: KnownLabels;
  readonly policies: readonly NetworkPolicy[];
  readonly resolve: Resolve;
}

async function findingsOf(client: ClusterClient, question: Question): Promise<readonly Finding[]> {
  const { need, builds, labels, policies } = question;
  const ways = await waysOf(client, question);
  const podOf = (step: string): PodEnd => ({
    kind: 'pod',
    namespace: builds,
    namespaceLabels: labels,
    labels: { labels: { [STEP_LABEL]: step, ...ARGO_LABELS }, complete: true },
  });
  const out = group(need, 'Egress', builds, (step) =>
    together(
      ways.map(({ end: other, port }) =>
        evaluate(policies, { direction: 'Egress', pod: podOf(step), other, port }),
      ),
    ),
  );
  const [way] = ways;
  if (way?.end.kind !== 'pod' || need === DNS) return out;
  const { end: pod, port } = way;
  const into = group(need, 'Ingress', pod.namespace, (step) =>
    evaluate(policies, { direction: 'Ingress', pod, other: podOf(step), port }),
  );
  return [...out, ...into];
}

/** What Argo sets on each pod; the value of the first is the workflow's name. */
const ARGO_LABELS = { 'workflows.argoproj.io/workflow': null, 'workflows.argoproj.io/completed': 'false' };

async function waysOf(client: ClusterClient, { need, resolve }: Question): Promise<readonly Way[]> {
  if (need === API) return apiWays(client);
  const service = serviceOf(need.address);
  if (service) return [await serviceWay(client, service, need.protocol ?? 'TCP', service.port)];
  const { hostname, port } = new URL(`http://${need.address}`);
  return hostWays(hostname, Number(port || 80), resolve);
}

/** Of several addresses, one of which is used. */
function together(evaluations: readonly Evaluation[]): Evaluation {
  const verdicts = [...new Set(evaluations.map(({ verdict }) => verdict))];
  const selecting = [...new Set(evaluations.flatMap((each) => each.selecting))];
  return { verdict: verdicts.length === 1 ? (verdicts[0] ?? 'unknown') : 'unknown', selecting };
}

/** The steps of a need by what the policies do with them. */
function group(
  need: Need,
  direction: Finding['direction'],
  namespace: string,
  ask: (step: string) => Evaluation,
): readonly Finding[] {
  const answers = need.steps.map((step) => ({ step, ...ask(step) }));
  return (['blocks', 'unknown', 'allows'] as const).flatMap((verdict) => {
    const some = answers.filter((each) => each.verdict === verdict);
    if (some.length === 0) return [];
    const selecting = [...new Set(some.flatMap((each) => each.selecting))];
    return [{ need, direction, namespace, verdict, selecting, steps: some.map(({ step }) => step) }];
  });
}
