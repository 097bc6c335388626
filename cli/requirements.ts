import { recordOf } from '../common/json.js';
import type { Plan } from '../generator/plan/plan-types.js';
import type { KanikoPod, Settings } from '../schema/index.js';
import { shellQuote } from '../schema/shell.js';

/** An object that can be looked for. */
export interface ClusterObject {
  readonly kind: 'Namespace' | 'ServiceAccount' | 'Secret' | 'ConfigMap' | 'PersistentVolumeClaim';
  readonly name: string;
}

/** Something that a namespace must hold before a workflow can run in it. */
export interface Requirement {
  /** What it is in Kubernetes; empty where it is none of its objects. */
  readonly objects: readonly ClusterObject[];
  /** `Secret docker-config` */
  readonly what: string;
  /** What it is for, as the end of a line. */
  readonly why: string;
  /** Lines of the commands that make it; words in capitals are the reader's to fill in. */
  readonly commands: readonly string[];
}

/** All that a plan's workflow needs in its namespace, each once; without a plan, what every workflow needs. */
export function requirements(plan: Plan | undefined, settings: Settings, namespace: string): Requirement[] {
  const kubectl = `kubectl -n ${shellQuote(namespace)}`;
  const needs: Requirement[] = [
    {
      objects: [{ kind: 'Namespace', name: namespace }],
      what: `Namespace ${namespace}`,
      why: '',
      commands: [`kubectl create namespace ${shellQuote(namespace)}`],
    },
    executor(settings.service_accounts.executor, namespace, kubectl),
  ];
  if (plan === undefined) return needs;

  const { secret } = plan.objectStore;
  needs.push({
    objects: [{ kind: 'Secret', name: secret.name }],
    what: `Secret ${secret.name}`,
    why: 'keys of the object store, for contexts and for the compiled pipeline',
    commands: [
      `${kubectl} create secret generic ${shellQuote(secret.name)} \\`,
      `  --from-literal=${shellQuote(secret.accessKey)}=ACCESS_KEY --from-literal=${shellQuote(secret.secretKey)}=SECRET_KEY`,
    ],
  });
  if (settings.kfp) needs.push(publisher(settings.service_accounts.publisher, plan, namespace, kubectl));
  if (plan.images.length === 0) return needs;

  const { builder } = settings.service_accounts;
  if (builder !== undefined) {
    needs.push({
      objects: [{ kind: 'ServiceAccount', name: builder }],
      what: `ServiceAccount ${builder}`,
      why: 'the cloud identity of builds',
      commands: [`${kubectl} create serviceaccount ${shellQuote(builder)}`],
    });
  }
  const manifest = ofManifest(plan.kaniko, kubectl).filter(({ what }) => what !== `Secret ${secret.name}`);
  if (manifest.length === 0 && builder === undefined) needs.push(noCredentials(plan));
  return [...needs, ...manifest];
}

/** Kubeflow asks Kubernetes whether this account may publish and run in the profile. */
function publisher(name: string, { pipeline }: Plan, namespace: string, kubectl: string): Requirement {
  const account = shellQuote(name);
  return {
    objects: [{ kind: 'ServiceAccount', name }],
    what: `ServiceAccount ${name}, with rights in ${pipeline.namespace}`,
    why: 'with which pipelines are published and run',
    commands: [
      `${kubectl} create serviceaccount ${account}`,
      `kubectl -n ${shellQuote(pipeline.namespace)} create rolebinding ${account} \\`,
      `  --clusterrole=kubeflow-pipelines-edit --serviceaccount=${shellQuote(namespace)}:${account}`,
    ],
  };
}

/** Argo's executor reports results with this account; builds get no token, so Argo looks for its Secret by name. */
function executor(name: string, namespace: string, kubectl: string): Requirement {
  const account = shellQuote(name);
  const token = shellQuote(`${name}.service-account-token`);
  return {
    objects: [
      { kind: 'ServiceAccount', name },
      { kind: 'Secret', name: `${name}.service-account-token` },
    ],
    what: `ServiceAccount ${name} and Secret ${name}.service-account-token`,
    why: 'with which Argo reports results',
    commands: [
      `${kubectl} create serviceaccount ${account}`,
      `${kubectl} create role ${account} --verb=create,patch \\`,
      '  --resource=workflowtaskresults.argoproj.io',
      `${kubectl} create rolebinding ${account} \\`,
      `  --role=${account} --serviceaccount=${shellQuote(namespace)}:${account}`,
      `${kubectl} create secret generic ${token} \\`,
      '  --type=kubernetes.io/service-account-token --dry-run=client -o yaml \\',
      `  | kubectl annotate --local -f - kubernetes.io/service-account.name=${account} -o yaml \\`,
      '  | kubectl apply -f -',
    ],
  };
}

/** Pushing without credentials is right for few registries: more often the manifest was forgotten. */
function noCredentials({ images }: Plan): Requirement {
  const registries = [...new Set(images.map(({ repository }) => repository.split('/')[0] ?? ''))];
  return {
    objects: [],
    what: `Credentials for ${registries.join(', ')}`,
    why: 'so that builds may push: none are configured; see config_files/kaniko-manifest.yaml of `kfops init`',
    commands: [],
  };
}

/** Secrets, ConfigMaps and claims that the kaniko manifest names and that are not optional. */
function ofManifest({ pod, container }: KanikoPod, kubectl: string): Requirement[] {
  const found = new Map<string, Requirement>();
  const add = (kind: ClusterObject['kind'], name: unknown, commands: (name: string) => string[]): void => {
    if (typeof name !== 'string' || name === '') return;
    const what = `${kind} ${name}`;
    if (!found.has(what))
      found.set(what, {
        objects: [{ kind, name }],
        what,
        why: 'named by the kaniko manifest',
        commands: commands(shellQuote(name)),
      });
  };
  const secret = (name: string): string[] => [`${kubectl} create secret generic ${name} --from-file=FILE`];
  const configMap = (name: string): string[] => [`${kubectl} create configmap ${name} --from-file=FILE`];

  for (const { secret: source, configMap: map, persistentVolumeClaim: claim } of (pod.volumes ?? []).map(
    recordOf,
  )) {
    const { secretName, optional, items } = recordOf(source);
    if (optional !== true) add('Secret', secretName, (name) => dockerConfig(kubectl, name, items));
    if (recordOf(map).optional !== true) add('ConfigMap', recordOf(map).name, configMap);
    add('PersistentVolumeClaim', recordOf(claim).claimName, () => []);
  }
  for (const { valueFrom } of (container.env ?? []).map(recordOf)) {
    const { secretKeyRef, configMapKeyRef } = recordOf(valueFrom);
    if (recordOf(secretKeyRef).optional !== true) add('Secret', recordOf(secretKeyRef).name, secret);
    if (recordOf(configMapKeyRef).optional !== true)
      add('ConfigMap', recordOf(configMapKeyRef).name, configMap);
  }
  for (const { secretRef, configMapRef } of (container.envFrom ?? []).map(recordOf)) {
    if (recordOf(secretRef).optional !== true) add('Secret', recordOf(secretRef).name, secret);
    if (recordOf(configMapRef).optional !== true) add('ConfigMap', recordOf(configMapRef).name, configMap);
  }
  for (const { name } of (pod.imagePullSecrets ?? []).map(recordOf)) {
    add('Secret', name, (quoted) => [
      `${kubectl} create secret docker-registry ${quoted} \\`,
      '  --docker-server=REGISTRY --docker-username=USER --docker-password=PASSWORD',
    ]);
  }
  return [...found.values()];
}

/** A volume's Secret is nearly always the registry's credentials, under the key that its items name. */
function dockerConfig(kubectl: string, name: string, items: unknown): string[] {
  const keys = Array.isArray(items) ? items.map((item) => recordOf(item).key) : [];
  if (keys.includes('.dockerconfigjson')) {
    return [
      `${kubectl} create secret generic ${name} --type=kubernetes.io/dockerconfigjson \\`,
      '  --from-file=.dockerconfigjson=$HOME/.docker/config.json',
    ];
  }
  const key = typeof keys[0] === 'string' ? keys[0] : 'config.json';
  const file = key === 'config.json' ? '$HOME/.docker/config.json' : 'FILE';
  return [`${kubectl} create secret generic ${name} \\`, `  --from-file=${shellQuote(key)}=${file}`];
}
