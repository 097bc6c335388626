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
  const { KUBECONFIG = '' } = process.env;
  const file = choice.kubeconfig ?? (KUBECONFIG === '' ? undefined : KUBECONFIG);
  try {
    if (choice.kubeconfig === undefined) config.loadFromDefault();
    else config.loadFromFile(choice.kubeconfig);
  } catch (error) {
    throw unreadable(choice, file ?? DEFAULT_FILE, error);
  }
  const known = config.getContexts().map((context) => context.name);
  if (file === undefined && isMadeUp(config, known)) throw noKubeconfig();
  if (choice.context !== undefined) {
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
  if (config.getCurrentCluster() === null) throw noCluster(config, file ?? DEFAULT_FILE, known);
  return config;
}

const DEFAULT_FILE = '~/.kube/config';

/** Where neither a file nor a service account exists, the library makes a context for http://localhost:8080. */
function isMadeUp(config: KubeConfig, contexts: readonly string[]): boolean {
  return (
    contexts.join() === 'loaded-context' &&
    config.getCurrentCluster()?.server === 'http://localhost:8080' &&
    config.getCurrentUser()?.name === 'user'
  );
}

function noKubeconfig(): ConfigError {
  return unusable(
    'NO_CLUSTER',
    'KUBECONFIG',
    `there is no kubeconfig: KUBECONFIG isn't set, and ${DEFAULT_FILE} doesn't exist`,
    'set KUBECONFIG, or give --kubeconfig; `kubectl config current-context` shows whether kubectl has one',
  );
}

/** The file is there, and the context leads to no cluster. */
function noCluster(config: KubeConfig, file: string, known: readonly string[]): ConfigError {
  // Undefined in a file without one, whatever its type says.
  const current = config.getCurrentContext() || undefined;
  const others = known.filter((name) => name !== current);
  return unusable(
    'NO_CLUSTER',
    file,
    noClusterClause(current, known),
    others.length === 0
      ? 'name another file with KUBECONFIG or --kubeconfig'
      : `give --context: choose one of ${others.join(', ')}`,
  );
}

function noClusterClause(current: string | undefined, known: readonly string[]): string {
  if (current === undefined) return 'the kubeconfig has no current context';
  const name = JSON.stringify(current);
  return known.includes(current)
    ? `the kubeconfig has no cluster for its context ${name}`
    : `the kubeconfig has no context ${name}, which is its current one`;
}

function unreadable(choice: ClusterChoice, file: string, error: unknown): ConfigError {
  const { code, path } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT')
    return unusable(
      'FILE_MISSING',
      choice.kubeconfig === undefined ? 'KUBECONFIG' : '--kubeconfig',
      `there is no kubeconfig at ${path ?? file}`,
      choice.kubeconfig === undefined
        ? `correct the path, or unset KUBECONFIG to use ${DEFAULT_FILE}`
        : 'correct the path',
    );
  return unusable(
    'FILE_UNREADABLE',
    file,
    // The library looks for `clusters` in what may be no map.
    error instanceof TypeError
      ? 'the kubeconfig is empty'
      : `the kubeconfig cannot be read: ${firstLine(error)}`,
    'check that the file is YAML as `kubectl config view` shows it',
  );
}

function unusable(code: DiagnosticCode, file: string, message: string, hint: string): ConfigError {
  return new ConfigError([{ code, severity: 'error', message, file, hint }]);
}

/** What is wrong with YAML comes with a picture of the lines around it, which hold credentials. */
function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
