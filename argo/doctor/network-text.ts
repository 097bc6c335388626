import { STEP_LABEL } from '../../generator/workflow/names.js';
import type { Verdict } from '../network-policy/types.js';
import type { Check } from './doctor.js';

/** Something that steps must reach. */
export interface Need {
  /** `the object store` */
  readonly what: string;
  /** Values of the label `kfops.dev/step`. */
  readonly steps: readonly string[];
  /** `host:port`, as pods name it. */
  readonly address: string;
  readonly protocol?: 'UDP';
}

/** What the policies of one namespace do with a need. */
export interface Finding {
  readonly need: Need;
  readonly direction: 'Ingress' | 'Egress';
  readonly namespace: string;
  /** Those with this verdict. */
  readonly steps: readonly string[];
  readonly verdict: Verdict;
  readonly selecting: readonly string[];
}

/** No policy is in the way. */
export function nothingWrong(builds: string, count: number, needs: readonly Need[]): Check {
  const reached = [...new Set(needs.map(({ what }) => what))].join(', ');
  const found =
    count === 0 ? `none in ${builds}` : `those in ${builds} let the steps reach what they need: ${reached}`;
  return { name: 'Network policies', state: 'ok', found };
}

/** What one namespace's policies do with what steps need. */
export function checkOf(
  { need, direction, namespace, verdict, selecting, steps }: Finding,
  builds: string,
): Check {
  const who = `${steps.length === 1 ? 'the step' : 'the steps'} ${steps.join(', ')}`;
  const may =
    direction === 'Egress'
      ? `in ${namespace} lets ${who} reach ${need.address}`
      : `in ${namespace} admits ${who} of ${builds} to ${need.address}`;
  const name = `Network: ${need.what}`;
  const by = `(${selecting.join(', ')})`;
  if (verdict === 'unknown')
    return {
      name,
      state: 'unknown',
      found: `cannot tell whether a NetworkPolicy ${may} ${by}`,
      nextStep: `compare them with deploy/server/5-network-of-builds.yaml: kubectl get networkpolicy -n ${namespace} -o yaml`,
    };
  return {
    name,
    state: 'problem',
    found: `no NetworkPolicy ${may}, and others restrict that ${by}`,
    nextStep: direction === 'Egress' ? allow(builds) : admit(namespace, builds),
  };
}

function allow(builds: string): string {
  return `add a NetworkPolicy in ${builds} that allows it: deploy/server/5-network-of-builds.yaml has one for each kind of step`;
}

function admit(namespace: string, builds: string): string {
  const file = 'deploy/kubeflow/admit-kfops.yaml';
  if (namespace !== 'kubeflow')
    return `add a NetworkPolicy in ${namespace} that admits pods of ${builds} with the label ${STEP_LABEL}: ${file} is an example`;
  const first =
    builds === 'kfops' ? 'apply the policy' : `apply the policy, with ${builds} in place of kfops`;
  return [
    `${first} that admits builds to Kubeflow’s object store (${file}):`,
    `kubectl apply -f ${file}`,
  ].join('\n');
}

/** Policies that cannot be listed. */
export function notChecked(namespaces: readonly string[]): Check {
  return {
    name: 'Network policies',
    state: 'unknown',
    found: `not checked: no permission to list those in ${namespaces.join(', ')}`,
    nextStep: [
      'your cluster admin can run:',
      ...namespaces.map((namespace) => `kubectl get networkpolicy -n ${namespace} -o yaml`),
    ].join('\n'),
  };
}
