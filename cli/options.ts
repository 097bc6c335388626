import { type Command, InvalidArgumentError, Option } from 'commander';

import { durationSeconds } from '../common/duration.js';
import type { Settings } from '../schema/index.js';

/** How the verbs that read a project are told which. */
export interface ProjectFlags {
  readonly config?: string;
  readonly settings?: string;
  readonly commit?: string;
  readonly includeIgnored?: true;
  readonly set?: readonly string[];
  readonly configOverride?: string;
  /** Where the verb writes, which it does not read. */
  readonly output?: string;
  /** What the verb itself has in place of some of the settings. */
  readonly withSettings?: (settings: Settings) => Settings;
}

/** The options of a build, without its project. */
export interface BuildFlags {
  readonly tag?: string;
  /** False: `--no-cache`. */
  readonly cache?: boolean;
  readonly run?: true;
  /** Build every image that is asked for. */
  readonly force?: true;
  /** Whether registries are asked for images that need no build. */
  readonly reuse?: boolean;
  /** Names of the images that are asked for; absent: all. */
  readonly only?: readonly string[];
}

/** What of the options decides about the plan. */
export function planOptions({ tag, run, cache, force, only }: BuildFlags): Omit<BuildFlags, 'cache'> & {
  readonly cache?: false;
} {
  return {
    ...(tag !== undefined && { tag }),
    ...(run && { run }),
    ...(cache === false && { cache }),
    ...(force && { force }),
    ...(only && { only }),
  };
}

/** Which cluster. */
export interface KubeconfigFlags {
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** Which cluster, and how long somebody waits for it. */
export interface ClusterFlags extends KubeconfigFlags {
  /** Seconds. */
  readonly timeout?: number;
}

/** Which workflows of a cluster: what the verbs that know only a name are told. */
export interface NamespaceFlags extends ClusterFlags {
  readonly settings?: string;
  readonly namespace?: string;
}

/** Adds `[DIR]` and the options of {@link ProjectFlags}. */
export function projectOptions(command: Command): Command {
  return command
    .argument('[DIR]', 'root folder of the repository', '.')
    .option('--config <FILE>', 'use this file instead of config_files/config.yaml')
    .addOption(settingsOption())
    .option('--commit <REV>', 'read the repository at this commit, not the files on disk')
    .addOption(
      new Option('--include-ignored', 'include git-ignored files in build contexts').conflicts('commit'),
    )
    .option(
      '--set <KEY=VALUE>',
      'override a configuration value, such as image_builder.parallelism=4; can be repeated',
      collect,
    )
    .option('--config-override <FILE>', 'YAML file merged over config.yaml');
}

/** Adds the options of {@link BuildFlags}. */
export function buildOptions(command: Command): Command {
  return command
    .addOption(tagOption())
    .addOption(noCacheOption())
    .addOption(forceOption())
    .option('--run', 'run the pipeline after it is compiled');
}

/** `--no-cache`. */
export function noCacheOption(): Option {
  return new Option('--no-cache', 'don’t use the layer cache');
}

/** `--force`. */
export function forceOption(): Option {
  return new Option('--force', 'build all images, or those that you name, even if the registry has them');
}

/** `--no-reuse`. */
export function noReuseOption(): Option {
  return new Option('--no-reuse', 'don’t ask the registries; build every image').env('KFOPS_NO_REUSE');
}

/** `--if-changed`. */
export function ifChangedOption(): Option {
  return new Option(
    '--if-changed',
    'do nothing if the last successful build made the same images and pipeline',
  ).conflicts(['force', 'tag']);
}

/** Adds `[IMAGE...]` after `[DIR]`, which can be left out. */
export function imageArguments(command: Command): Command {
  return command.argument(
    '[IMAGE...]',
    'build only these images and their base images; the registry must have the others, unchanged; default: all images',
  );
}

/** `--tag`. */
export function tagOption(text = 'tag of every image; default: the commit, or each context’s key'): Option {
  return new Option('--tag <TAG>', text).argParser(tag);
}

/** Adds the options of {@link ClusterFlags}. */
export function clusterOptions(command: Command): Command {
  return kubeconfigOptions(command).addOption(
    new Option(
      '--timeout <DURATION>',
      'how long to wait for a cluster that does not answer, such as 30 or 5m; default: 60s, and 15m while following a workflow',
    ).argParser(duration),
  );
}

/** A number of seconds, or with a unit as in the settings. */
function duration(value: string): number {
  if (/^[1-9][0-9]{0,5}[smh]?$/.test(value)) return durationSeconds(value);
  throw new InvalidArgumentError(
    'A duration is a whole number of seconds, or one with s, m or h: 30, 90s, 5m.',
  );
}

/** Adds the options of {@link KubeconfigFlags}. */
export function kubeconfigOptions(command: Command): Command {
  return command
    .option('--kubeconfig <FILE>', 'default: KUBECONFIG, ~/.kube/config, or the pod’s own account')
    .option('--context <NAME>', 'context of the kubeconfig; default: its current one');
}

/** Adds the options of {@link NamespaceFlags}. */
export function namespaceOptions(command: Command): Command {
  return clusterOptions(command.addOption(settingsOption())).addOption(namespaceOption());
}

/** `-n`: where workflows run. */
export function namespaceOption(
  text = 'namespace of the workflows; default: that of the settings, or kfops',
): Option {
  return new Option('-n, --namespace <NAMESPACE>', text).argParser(dnsLabel);
}

export function settingsOption(): Option {
  return new Option('--settings <FILE>', 'cluster settings file').env('KFOPS_SETTINGS');
}

/** Takes an option that can be repeated. */
export function collect(value: string, earlier: readonly string[] = []): string[] {
  return [...earlier, value];
}

/** As registries take it: https://github.com/opencontainers/distribution-spec, "Pulling manifests". */
function tag(value: string): string {
  if (/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/.test(value)) return value;
  throw new InvalidArgumentError(
    'A tag has letters, digits, `_`, `.` and `-`, can’t start with `.` or `-`, and has at most 128 characters.',
  );
}

/** A Kubernetes name that is a DNS label: https://kubernetes.io/docs/concepts/overview/working-with-objects/names */
export function dnsLabel(value: string): string {
  if (/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(value)) return value;
  throw new InvalidArgumentError(
    'A name has lower-case letters, digits and `-`, starts and ends with a letter or digit, and has at most 63 characters.',
  );
}
