import { ConfigError, ServiceError, WorkError, type Image } from '../../schema/index.js';
import { assembleContexts } from '../contexts/assemble.js';
import type { Context } from '../contexts/context.js';
import type { ContextSource, ImageRegistries } from '../ports.js';
import { loadProject, type Project } from '../project/project.js';
import type { BuildReason } from '../reuse/decision.js';
import { BASE_DIGEST_LABEL, BASE_NAME_LABEL } from '../reuse/labels.js';
import { contextRequest } from './plan-parts.js';
import type { PlannedImage } from './plan-types.js';
import { TAG_DIGITS } from './tag.js';

/** An image of the earlier state. */
export interface EarlierImage {
  readonly config: Image;
  readonly context?: Context;
}

/** The images of the earlier state. */
export interface EarlierState {
  /** Those that were asked for, by their names. */
  readonly images: ReadonlyMap<string, EarlierImage>;
  /** Names of all images. */
  readonly all: readonly string[];
  readonly now: ReadonlyMap<string, Image>;
  readonly commit: string | undefined;
}

/**
 * Reads the images of an earlier state.
 *
 * @throws ConfigError where its configuration or its files are wrong
 */
export async function readEarlier(
  project: Project,
  source: ContextSource,
  wanted: readonly PlannedImage[],
): Promise<EarlierState> {
  const { settings, config } = project;
  const before = await loadProject({ source, settings });
  const names = new Set(wanted.map(({ name }) => name));
  const builder = before.config.value.image_builder;
  const found = (builder?.images ?? []).filter(({ name }) => names.has(name));
  const contexts = await assembleContexts(source, found.map(contextRequest), {
    files: settings.limits.context_files,
    bytes: settings.limits.context_bytes,
  });
  return {
    images: new Map(
      found.map((image, i) => {
        const context = contexts[i]?.context;
        return [image.name, { config: image, ...(context && { context }) }];
      }),
    ),
    all: (builder?.images ?? []).map(({ name }) => name),
    now: new Map((config.value.image_builder?.images ?? []).map((image) => [image.name, image])),
    commit: source.revision.commit,
  };
}

/** What changed of an image since the earlier state; undefined where that is nothing, or unknown. */
export async function changeOf(
  image: PlannedImage,
  { config, context }: EarlierImage,
  { now, commit }: EarlierState,
  registries: ImageRegistries,
): Promise<BuildReason | undefined> {
  const files = context ? changedFiles(context, image.context) : [];
  if (files.length > 0) return { kind: 'files', files };
  const own = now.get(image.name);
  const option = own && changedOption(config, own);
  if (option !== undefined) return { kind: 'option', option };
  return commit === undefined ? undefined : movedBase(image, commit, registries);
}

/** Paths in the context of what was added, removed or changed. */
function changedFiles(before: Context, after: Context): readonly string[] {
  const identity = ({ blob, mode }: Context['entries'][number]): string => `${mode} ${blob}`;
  const there = new Map(before.entries.map((entry) => [entry.path, identity(entry)]));
  const here = new Map(after.entries.map((entry) => [entry.path, identity(entry)]));
  return [...new Set([...here.keys(), ...there.keys()])].filter((path) => here.get(path) !== there.get(path));
}

/** Options of an image that change what is built, as people call them. */
const OPTIONS = {
  dockerfile: 'Dockerfile',
  target: 'target',
  platform: 'platform',
  snapshot_mode: 'snapshot mode',
  use_new_run: 'the option use_new_run',
} as const;

function changedOption(before: Image, after: Image): string | undefined {
  const names = new Set([...Object.keys(after.build_args), ...Object.keys(before.build_args)]);
  const argument = [...names].find((name) => before.build_args[name] !== after.build_args[name]);
  if (argument !== undefined) return `build argument ${argument}`;
  const options = Object.keys(OPTIONS) as (keyof typeof OPTIONS)[];
  const option = options.find((name) => before[name] !== after[name]);
  return option && OPTIONS[option];
}

/** Whether the image that was built from the earlier commit has another digest of the same base. */
async function movedBase(
  image: PlannedImage,
  commit: string,
  registries: ImageRegistries,
): Promise<BuildReason | undefined> {
  const now = plannedBase(image);
  if (!now) return undefined;
  const before = await builtBase(image, commit, registries);
  if (before?.name !== now.name) return undefined;
  return before.digest && before.digest !== now.digest ? { kind: 'base-moved', base: now.name } : undefined;
}

/** The base image of an image: that of its last stage, from outside of the configuration. */
export interface BaseImage {
  readonly name: string;
  /** `sha256:…`; empty where it is unknown. */
  readonly digest: string;
}

/** The base that a build would use. */
export function plannedBase({ labels }: PlannedImage): BaseImage | undefined {
  const own = new Map(labels.flatMap((label) => ('value' in label ? [[label.name, label.value]] : [])));
  const name = own.get(BASE_NAME_LABEL);
  return name ? { name, digest: own.get(BASE_DIGEST_LABEL) ?? '' } : undefined;
}

/** The base with which the image of a commit was built, as its labels in the registry say. */
export async function builtBase(
  { repository, insecureRegistry }: PlannedImage,
  commit: string,
  registries: ImageRegistries,
): Promise<BaseImage | undefined> {
  const answer = await registries.find({
    repository,
    reference: commit.slice(0, TAG_DIGITS),
    own: true,
    labels: true,
    ...(insecureRegistry !== undefined && { insecure: true }),
  });
  const name = answer.state === 'found' ? answer.labels[BASE_NAME_LABEL] : undefined;
  return answer.state === 'found' && name
    ? { name, digest: answer.labels[BASE_DIGEST_LABEL] ?? '' }
    : undefined;
}

/** An earlier state may be of anything: it may have no configuration, or an invalid one. */
export async function ignoringErrors<T>(work: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if ([ConfigError, WorkError, ServiceError].some((Kind) => error instanceof Kind)) return undefined;
    throw error;
  }
}
