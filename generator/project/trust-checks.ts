import {
  normaliseRepository,
  parseImageReference,
  type Config,
  type ConfigPath,
  type Diagnostic,
  type Finding,
  type KanikoManifest,
  type Located,
  type Settings,
} from '../../schema/index.js';
import { checkManifestNames } from './manifest-names.js';
import { matchesText } from './name-pattern.js';
import { pipelineLabel, pipelineLabelStart } from './pipeline-label.js';
import type { TrustRules } from './project-types.js';
import { isBelowRegistry } from './registries.js';

/** @returns what is in these files and is not theirs to decide. */
export function checkTrust(
  config: Located<Config>,
  manifest: Located<KanikoManifest> | undefined,
  rules: TrustRules,
  settings: Settings,
): Diagnostic[] {
  return [
    ...checkRepository(config, rules.repository),
    ...checkPipeline(config, rules),
    ...checkCompilerImage(config, rules, settings),
    ...(rules.fork ? [] : checkDestinations(config, settings.registries)),
    ...checkInsecure(config, rules),
    ...(manifest ? checkManifestNames(manifest, rules.names, settings) : []),
  ];
}

function checkRepository(config: Located<Config>, repository: TrustRules['repository']): Diagnostic[] {
  const { owner, name } = config.value.repository;
  // GitHub's names do not tell upper from lower case.
  if (
    owner.toLowerCase() === repository.owner.toLowerCase() &&
    name.toLowerCase() === repository.name.toLowerCase()
  )
    return [];
  return [
    config.diagnostic(['repository'], {
      code: 'OTHER_REPOSITORY',
      message: `This file belongs to \`${owner}/${name}\`, and the pull request to \`${repository.owner}/${repository.name}\`.`,
      hint: `Write \`repository: {owner: ${repository.owner}, name: ${repository.name}}\`.`,
    }),
  ];
}

function checkPipeline(config: Located<Config>, rules: TrustRules): Diagnostic[] {
  const { namespace, name, experiment_name: experiment } = config.value.pipeline;
  const refused = (
    key: string,
    code: Finding['code'],
    what: string,
    allowed: readonly string[],
    setting: string,
  ): Diagnostic =>
    config.diagnostic(['pipeline', key], {
      code,
      message: `The settings do not allow ${what}.`,
      hint: useOneOf(allowed, setting),
    });
  const found: Diagnostic[] = [];
  if (!rules.namespaces.includes(namespace)) {
    const what = `pipelines in the namespace \`${namespace}\``;
    found.push(refused('namespace', 'NAMESPACE_NOT_ALLOWED', what, rules.namespaces, 'namespaces'));
  }
  if (!rules.pipelines.some((pattern) => isPipelineOf(pattern, name))) {
    const what = `a pipeline with the name \`${name}\``;
    found.push(refused('name', 'PIPELINE_NOT_ALLOWED', what, rules.pipelines, 'pipelines'));
  }
  if (!rules.experiments.some((pattern) => matchesText(pattern, experiment))) {
    const what = `runs in the experiment \`${experiment}\``;
    found.push(refused('experiment_name', 'PIPELINE_NOT_ALLOWED', what, rules.experiments, 'experiments'));
  }
  return found;
}

/** Kubeflow Pipelines has a label in place of the name, which can lose what made the name match. */
function isPipelineOf(pattern: string, name: string): boolean {
  if (!matchesText(pattern, name)) return false;
  return !pattern.endsWith('*') || pipelineLabel(name).startsWith(pipelineLabelStart(pattern.slice(0, -1)));
}

/** The kubelet pulls it, whatever NetworkPolicies say, and sends a credential of the node to where it is. */
function checkCompilerImage(
  config: Located<Config>,
  { compilerImages }: TrustRules,
  settings: Settings,
): Diagnostic[] {
  const image = config.value.pipeline.compiler_image;
  if (image === undefined || image === settings.compiler.image) return [];
  // It is pushed, and pulled by its digest, below a registry that is allowed.
  if (config.value.image_builder?.images.some(({ name }) => name === image)) return [];
  if (compilerImages.some((allowed) => isImage(image, allowed))) return [];
  return [
    config.diagnostic(['pipeline', 'compiler_image'], {
      code: 'IMAGE_NOT_ALLOWED',
      message: `The settings do not allow pipelines to be compiled in the image \`${image}\`.`,
      hint: `Build the image in this repository and write its name, or ask the operator to add it to \`compiler_images\` in the server's settings.`,
    }),
  ];
}

/** Whether an image is the one that is allowed; an image that is allowed without tag and digest is allowed with all of them. */
function isImage(image: string, allowed: string): boolean {
  const [wanted, limit] = [parseImageReference(image), parseImageReference(allowed)];
  if ('problem' in wanted || 'problem' in limit) return false;
  if (wanted.registry.toLowerCase() !== limit.registry.toLowerCase() || wanted.path !== limit.path)
    return false;
  const all = limit.tag === undefined && limit.digest === undefined;
  return all || (wanted.tag === limit.tag && wanted.digest === limit.digest);
}

/** In addition to what a plan checks on every machine: that there is a limit at all, and that the cache keeps to it, too. */
function checkDestinations(config: Located<Config>, registries: readonly string[]): Diagnostic[] {
  const builder = config.value.image_builder;
  if (!builder) return [];
  const refused = (path: ConfigPath, message: string): Diagnostic =>
    config.diagnostic(['image_builder', ...path], {
      code: 'REGISTRY_NOT_ALLOWED',
      message,
      hint: useOneOf(registries, 'registries', 'a repository at or below one of'),
    });
  if (registries.length === 0)
    return [refused(['container_registry_uri'], 'The settings allow no registry.')];
  const cache = builder.cache_repository;
  if (cache === undefined || isBelowRegistry(cache, registries)) return [];
  return [refused(['cache_repository'], `The settings do not allow a cache in \`${cache}\`.`)];
}

/** Without a certificate, an attacker in between can read the credential of the build and change its images. */
function checkInsecure(config: Located<Config>, { insecureRegistries, fork }: TrustRules): Diagnostic[] {
  const builder = config.value.image_builder;
  if (!builder?.insecure) return [];
  const repository = normaliseRepository(fork?.registry ?? builder.container_registry_uri, 'any-name');
  const host = repository.slice(0, repository.indexOf('/'));
  if (insecureRegistries.some((allowed) => allowed.toLowerCase() === host.toLowerCase())) return [];
  return [
    config.diagnostic(['image_builder', 'insecure'], {
      code: 'REGISTRY_NOT_ALLOWED',
      message: `The settings do not allow an insecure connection to \`${host}\`.`,
      hint: `Remove \`insecure\`, or ask the operator to add \`${host}\` to \`insecure_registries\` in the server's settings.`,
    }),
  ];
}

function useOneOf(allowed: readonly string[], setting: string, how = 'one of'): string {
  return allowed.length === 0
    ? `They allow none: ask the operator to set \`${setting}\` in the server's settings.`
    : `Use ${how} ${allowed.join(', ')}; or ask the operator to add yours to \`${setting}\` in the server's settings.`;
}
