import { recordOf } from '../common/json.js';
import { checkConfig } from './config-checks.js';
import { ConfigError, hasErrors, withoutRepeats, type Diagnostic } from './diagnostic.js';
import { readDocument } from './document.js';
import { normaliseEndpoint } from './endpoint.js';
import type { Config } from './generated/config.js';
import { located, type Located } from './located.js';
import { lostKeys } from './lost-key.js';
import { applyOverrides, type Override } from './overrides.js';
import { normalisePath } from './paths.js';
import { sortDiagnostics } from './sort.js';
import { Source } from './source.js';
import type { Tree } from './tree.js';
import { validate, withoutNulls } from './validate.js';

/** How a configuration is named and changed. */
export interface ParseConfigOptions {
  /** The file as the user knows it: `config_files/config.yaml`. */
  readonly file: string;
  /** Applied in this order. */
  readonly overrides?: readonly Override[];
}

/**
 * Reads config.yaml: YAML as PyYAML has it, overrides, texts as written, the schema with its defaults, and what needs no other file. Paths come out as
 * {@link normalisePath} makes them, an endpoint with its port; a key without a value is absent.
 *
 * @throws ConfigError with everything that was found, warnings too
 */
export function parseConfig(text: string, options: ParseConfigOptions): Located<Config> {
  const source = new Source(options.file, text);
  const document = readDocument(source);
  const diagnostics: Diagnostic[] = [...document.diagnostics];
  if (!document.tree && diagnostics.length > 0)
    throw new ConfigError(sortDiagnostics(diagnostics, options.file));
  const base: Tree = document.tree ?? { source, range: [0, 0], kind: 'map', entries: new Map() };
  const read = base.kind === 'map' ? applyOverrides(base, options.overrides ?? [], diagnostics) : base;

  const { tree, value, violations } = validate('config', read);
  const lost = lostKeys(tree);
  diagnostics.push(
    ...lost.map(({ diagnostic }) => diagnostic),
    ...violations
      .filter(({ path }) => !lost.some((key) => key.path.every((step, i) => step === path[i])))
      .map(({ diagnostic }) => diagnostic),
  );
  diagnostics.push(...withoutRepeats(checkConfig(tree), diagnostics));
  const sorted = sortDiagnostics(diagnostics, options.file);
  if (hasErrors(sorted)) throw new ConfigError(sorted);
  return located(normalise(value), tree, sorted);
}

function normalise(value: unknown): Config {
  const { pipeline_args: args, schedules } = recordOf(recordOf(value).pipeline);
  // A null there is a value of the pipeline.
  const scheduled = Array.isArray(schedules) ? schedules.map((one) => recordOf(one).arguments) : [];
  const config = withoutNulls(value, [args, ...scheduled]) as Config;
  const builder = config.image_builder;
  config.pipeline.pipeline_path = inside(config.pipeline.pipeline_path);
  for (const image of builder?.images ?? []) {
    image.dockerfile_folder_path = inside(image.dockerfile_folder_path);
    image.dockerfile = inside(image.dockerfile);
    image.other_folders_path = image.other_folders_path.map(inside);
  }
  const credentials = builder?.minio.credentials;
  if (credentials?.endpoint !== undefined) {
    credentials.endpoint = normaliseEndpoint(credentials.endpoint) ?? credentials.endpoint;
  }
  const { deployment } = config;
  for (const key of ['inference_service_function_path', 'pre_deployment_test_sample_input_path'] as const) {
    const path = deployment?.[key];
    if (deployment && path !== undefined) deployment[key] = inside(path);
  }
  return config;
}

/** @returns a path that was checked already, in its normal form. */
function inside(path: string): string {
  return normalisePath(path) ?? path;
}
