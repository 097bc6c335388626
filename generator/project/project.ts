import {
  ConfigError,
  kanikoPod,
  parseConfig,
  parseKanikoManifest,
  type Diagnostic,
  type KanikoPod,
  type Override,
  type Settings,
} from '../../schema/index.js';
import { CONFIG_FOLDER } from '../../schema/paths.js';
import type { ContextSource } from '../ports.js';
import { setArgumentKeys } from '../../schema/overrides.js';
import type { ManifestText, Project, TrustRules } from './project-types.js';
import { checkTrust } from './trust-checks.js';
import { applyTrust, trustedManifest } from './trust.js';

export type { Project } from './project-types.js';

/** Where a repository keeps its configuration. */
export const CONFIG_PATH = `${CONFIG_FOLDER}/config.yaml`;
/** Where a repository keeps its Kaniko pod, if it has one of its own. */
export const KANIKO_MANIFEST_PATH = `${CONFIG_FOLDER}/kaniko-manifest.yaml`;

/** What {@link loadProject} reads. */
export interface ProjectOptions {
  readonly source: ContextSource;
  readonly settings: Settings;
  /** A configuration from elsewhere than {@link CONFIG_PATH}. */
  readonly config?: { readonly file: string; readonly text: string };
  readonly overrides?: readonly Override[];
  /** What the files may decide. Without it: everything, as the caller's own rights are the limit. */
  readonly trust?: TrustRules;
}

/** A manifest that adds nothing. */
const NO_MANIFEST: KanikoPod = { labels: {}, pod: {}, container: {} };

/**
 * Reads and checks the two configuration files of a repository.
 *
 * @throws ConfigError with all that is wrong in both
 */
export async function loadProject(options: ProjectOptions): Promise<Project> {
  const { source, settings, trust } = options;
  const [configText, manifestText] = await Promise.all([
    options.config?.text ?? textOf(source, CONFIG_PATH),
    trust ? trustedManifest(trust, source, KANIKO_MANIFEST_PATH) : ownManifest(source),
  ]);
  const problems: Diagnostic[] = [];
  const config = collect(problems, () => {
    if (configText === undefined) throw configMissing(source);
    const file = options.config?.file ?? CONFIG_PATH;
    return parseConfig(configText, { file, overrides: options.overrides ?? [] });
  });
  const manifest = collect(problems, () =>
    manifestText.text === undefined
      ? undefined
      : parseKanikoManifest(manifestText.text, { file: manifestText.file }),
  );
  if (config && trust) problems.push(...checkTrust(config, manifest, trust, settings));
  if (config === undefined || problems.length > 0) throw new ConfigError(problems);
  const own = trust?.fork?.manifest ?? manifest?.value ?? settings.kaniko.manifest;
  const setArguments = setArgumentKeys(options.overrides ?? []);
  const project: Project = {
    source,
    settings,
    config,
    kaniko: own ? kanikoPod(own) : NO_MANIFEST,
    warnings: [...config.warnings, ...(manifest?.warnings ?? []), ...manifestText.warnings],
    ...(setArguments.length > 0 && { setArguments }),
  };
  return trust ? applyTrust(project, trust) : project;
}

async function ownManifest(source: ContextSource): Promise<ManifestText> {
  return { file: KANIKO_MANIFEST_PATH, text: await textOf(source, KANIKO_MANIFEST_PATH), warnings: [] };
}

/**
 * The text of a file; undefined where the repository has none.
 *
 * @throws ConfigError where its manifest can't be read: a sparse checkout leaves it out
 */
async function textOf(source: ContextSource, file: string): Promise<string | undefined> {
  const text = await source.text(file);
  if (text !== undefined) return text;
  const problem = (await source.list([file])).find(({ path }) => path === file)?.problem;
  if (problem) throw new ConfigError([{ ...problem, severity: 'error', file }]);
  return undefined;
}

function collect<T>(problems: Diagnostic[], read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    problems.push(...error.diagnostics);
    return undefined;
  }
}

function configMissing(source: ContextSource): ConfigError {
  return new ConfigError([
    {
      code: 'FILE_MISSING',
      severity: 'error',
      message: `There is no \`${CONFIG_PATH}\` in ${source.revision.description}.`,
      file: CONFIG_PATH,
      hint: 'Run `kfops init` to write one, or name the root folder of the repository.',
    },
  ]);
}
