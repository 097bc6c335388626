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

/** Opens the repository before the changes, such as the base branch, for as long as `use` needs it; undefined if there is no earlier state. */
export type EarlierSource = <T>(use: (source: ContextSource) => Promise<T>) => Promise<T | undefined>;

/** What images are compared with. */
export interface Earlier {
  readonly source: EarlierSource;
  /** Where images of that state may be. */
  readonly registries: ImageRegistries;
}

/**
 * Says of each image that its registry does not have what changed: files of its context, else an option of its build, else
 * the digest of its base image. For people only: nothing is decided here, and where the earlier state cannot be read, the
 * reasons stay as they are.
 */
export async function explainBuilds(
  project: Project,
  images: readonly PlannedImage[],
  earlier: Earlier,
): Promise<readonly PlannedImage[]> {
  const isAbsent = ({ decision }: PlannedImage): boolean =>
    decision.action === 'build' && decision.reason.kind === 'absent';
  const wanted = images.filter(isAbsent);
  if (wanted.length === 0) return images;
  const before = await ignoringErrors(() => earlier.source((source) => readEarlier(project, source, wanted)));
  if (before === undefined) return images;
  return Promise.all(
    images.map(async (image) => {
      const there = isAbsent(image) ? before.images.get(image.name) : undefined;
      const reason = there && (await changeOf(image, there, before, earlier.registries));
      return reason ? { ...image, decision: { action: 'build', reason } } : image;
    }),
  );
}

/** An image of the earlier state. */
interface EarlierImage {
  readonly config: Image;
  readonly context?: Context;
}

interface EarlierState {
  readonly images: ReadonlyMap<string, EarlierImage>;
  readonly now: ReadonlyMap<string, Image>;
  readonly commit: string | undefined;
}

async function readEarlier(
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
    now: new Map((config.value.image_builder?.images ?? []).map((image) => [image.name, image])),
    commit: source.revision.commit,
  };
}

async function changeOf(
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
  { repository, insecureRegistry, labels }: PlannedImage,
  commit: string,
  registries: ImageRegistries,
): Promise<BuildReason | undefined> {
  const own = new Map(labels.flatMap((label) => ('value' in label ? [[label.name, label.value]] : [])));
  const base = own.get(BASE_NAME_LABEL);
  if (!base) return undefined;
  const answer = await registries.find({
    repository,
    reference: commit.slice(0, TAG_DIGITS),
    own: true,
    labels: true,
    ...(insecureRegistry !== undefined && { insecure: true }),
  });
  if (answer.state !== 'found' || answer.labels[BASE_NAME_LABEL] !== base) return undefined;
  const before = answer.labels[BASE_DIGEST_LABEL];
  const isOther = before !== own.get(BASE_DIGEST_LABEL);
  return before && isOther ? { kind: 'base-moved', base } : undefined;
}

/** An earlier state may be of anything: it may have no configuration, or an invalid one. */
async function ignoringErrors<T>(work: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if ([ConfigError, WorkError, ServiceError].some((Kind) => error instanceof Kind)) return undefined;
    throw error;
  }
}
