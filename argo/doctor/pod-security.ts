import { BUILD_SECURITY } from '../../generator/workflow/build-security.js';
import { stepMetadata } from '../../generator/workflow/step.js';
import type { KanikoPod } from '../../schema/index.js';
import { apiPath, type ClusterClient } from '../client/client.js';
import { KubernetesError } from '../client/errors.js';
import type { Check } from './doctor.js';

const NAME = 'Pod security';
/** Source: https://kubernetes.io/docs/concepts/security/pod-security-standards/ and pod-security-admission/policy. */
const ENFORCE = 'pod-security.kubernetes.io/enforce';

/** The pod of a build, as far as admission judges it. */
export interface BuildPod {
  readonly namespace: string;
  readonly image: string;
  readonly serviceAccount: string;
  readonly kaniko?: KanikoPod;
}

/**
 * Whether the namespace admits the pods of builds, which need the level `baseline`: Kaniko is root in its container. The
 * API server is asked with a dry run, which makes nothing. Without permission for that, the namespace's label tells.
 */
export async function checkPodSecurity(client: ClusterClient, pod: BuildPod): Promise<Check> {
  const { namespace } = pod;
  try {
    await client.call({
      what: 'asking whether a build’s pod would be admitted',
      method: 'POST',
      path: apiPath('api', 'v1', 'namespaces', namespace, 'pods'),
      query: { dryRun: 'All' },
      body: podOf(pod),
    });
    return { name: NAME, state: 'ok', found: `${namespace} admits the pods of builds (dry run)` };
  } catch (error) {
    if (!(error instanceof KubernetesError)) throw error;
    if (error.problem.includes('violates PodSecurity')) return refused(namespace, error.problem);
    if (error.status !== 403 || !error.problem.includes('cannot create resource')) {
      return {
        name: NAME,
        state: 'unknown',
        found: `cannot tell: ${error.problem}`,
        nextStep: `see what ${namespace} says about a pod: a quota, an admission webhook or a missing service account`,
      };
    }
  }
  return byLabel(client, namespace);
}

async function byLabel(client: ClusterClient, namespace: string): Promise<Check> {
  try {
    const { metadata } = await client.call<{ metadata?: { labels?: Readonly<Record<string, string>> } }>({
      what: `reading the Namespace ${namespace}`,
      path: apiPath('api', 'v1', 'namespaces', namespace),
      accept: 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io,application/json',
    });
    const level = metadata?.labels?.[ENFORCE];
    if (level === 'restricted')
      return refused(namespace, `${namespace} has the label ${ENFORCE}: restricted`);
    const found =
      level === undefined
        ? `${namespace} has no level of its own, so the cluster’s default holds (usually none)`
        : `${namespace} enforces the level ${level}; builds need baseline or privileged`;
    return { name: NAME, state: 'ok', found };
  } catch (error) {
    if (!(error instanceof KubernetesError)) throw error;
    return {
      name: NAME,
      state: 'unknown',
      found: 'not checked: no permission to try a pod or to read the namespace (and none is needed)',
      nextStep: ['your cluster admin can run:', `kubectl get namespace ${namespace} --show-labels`].join(
        '\n',
      ),
    };
  }
}

function refused(namespace: string, found: string): Check {
  return {
    name: NAME,
    state: 'problem',
    found,
    nextStep: [
      'builds need the level baseline, since Kaniko is root in its container; your cluster admin can run:',
      `kubectl label namespace ${namespace} ${ENFORCE}=baseline --overwrite`,
    ].join('\n'),
  };
}

function podOf({ namespace, image, serviceAccount, kaniko }: BuildPod): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { generateName: 'kfops-doctor-', namespace, ...stepMetadata('build', kaniko?.labels) },
    spec: {
      restartPolicy: 'Never',
      serviceAccountName: serviceAccount,
      automountServiceAccountToken: false,
      ...(kaniko?.pod.securityContext && { securityContext: kaniko.pod.securityContext }),
      ...(kaniko?.pod.volumes && { volumes: kaniko.pod.volumes }),
      containers: [
        {
          name: 'main',
          image: kaniko?.container.image ?? image,
          command: ['/kaniko/executor'],
          // A quota may ask for them.
          resources: kaniko?.container.resources ?? {
            requests: { cpu: '1m', memory: '1Mi' },
            limits: { cpu: '1', memory: '1Gi' },
          },
          securityContext: { ...BUILD_SECURITY, ...kaniko?.container.securityContext },
        },
      ],
    },
  };
}
