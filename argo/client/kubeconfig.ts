import { KubeConfig } from '@kubernetes/client-node';

import type { DiagnosticCode } from '../../schema/codes.js';
import { ConfigError } from '../../schema/diagnostic.js';

/** How a cluster is chosen. */
export interface ClusterChoice {
  /** A kubeconfig file; default: `KUBECONFIG`, then `~/.kube/config`, then the pod's own service account. */
  readonly kubeconfig?: string;
  /** A context of it; default: its current one. */
  readonly context?: string;
}

/**
 * Reads the kubeconfig, or the service account when running inside of a cluster.
 *
 * @throws ConfigError when the file cannot be used or has no such context
 */
export function loadKubeConfig(choice: ClusterChoice = {}): KubeConfig {
  const config = new KubeConfig();
  try {
    if (choice.kubeconfig === undefined) config.loadFromDefault();
    else config.loadFromFile(choice.kubeconfig);
  } catch (error) {
    throw unusable(
      'FILE_UNREADABLE',
      choice.kubeconfig ?? process.env.KUBECONFIG ?? '~/.kube/config',
      `the kubeconfig cannot be read: ${firstLine(error)}`,
      'check that the file is there and is YAML as `kubectl config view` shows it',
    );
  }
  // Where there is no kubeconfig at all, the library makes a context for http://localhost:8080.
  const isMadeUp =
    config.getCurrentCluster()?.server === 'http://localhost:8080' &&
    config.getCurrentUser()?.name === 'user';
  if (isMadeUp) throw noCluster(choice);
  if (choice.context !== undefined) {
    const known = config.getContexts().map((context) => context.name);
    if (!known.includes(choice.context)) {
      throw unusable(
        'WRONG_VALUE',
        '--context',
        `the kubeconfig has no context ${JSON.stringify(choice.context)}`,
        known.length === 0 ? 'the kubeconfig has no contexts at all' : `choose one of ${known.join(', ')}`,
      );
    }
    config.setCurrentContext(choice.context);
  }
  if (config.getCurrentCluster() === null) throw noCluster(choice);
  return config;
}

function noCluster({ kubeconfig, context }: ClusterChoice): ConfigError {
  const isNowhere = kubeconfig === undefined && !process.env.KUBECONFIG && context !== undefined;
  return unusable(
    'NO_CLUSTER',
    kubeconfig ?? 'KUBECONFIG',
    isNowhere
      ? "there is no kubeconfig: KUBECONFIG isn't set, and ~/.kube/config doesn't exist"
      : 'no cluster is chosen',
    'set KUBECONFIG, or give --kubeconfig and --context; `kubectl config current-context` shows what kubectl takes',
  );
}

function unusable(code: DiagnosticCode, file: string, message: string, hint: string): ConfigError {
  return new ConfigError([{ code, severity: 'error', message, file, hint }]);
}

/** What is wrong with YAML comes with a picture of the lines around it, which hold credentials. */
function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
