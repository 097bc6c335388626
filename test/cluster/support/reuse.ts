import { expect } from 'chai';

import type { ContextSource, ImageRegistries } from '../../../generator/ports.js';
import type { ImageResult } from '../../../generator/results/result.js';
import { decisionText } from '../../../generator/reuse/reason-text.js';
import { prepareRun, type PreparedRun, type RunRequest, type RunResult } from '../../../generator/run.js';
import { imageRegistries } from '../../../stores/registry/registries.js';
import { finish, requestOf, submit, type Finished } from './build.js';
import { environment } from './environment.js';
import { BUSYBOX, project } from './project.js';
import { digestOf } from './registry.js';

/** A build from its plan to its end. */
export type Built = Omit<RunResult, 'workflow'> & Finished;

/** A build that succeeds, and that reuses what the registries have: by default, as somebody without logins sees them. */
export async function buildOrReuse(
  source: ContextSource,
  request: Partial<RunRequest> = {},
  registries: ImageRegistries = imageRegistries(),
): Promise<Built> {
  return succeeded(await submit(source, { version: 'same', ...request }, registries));
}

/** Waits until a submitted build has succeeded. */
export async function succeeded(made: RunResult): Promise<Built> {
  const built = { ...made, ...(await finish(made.submitted.name)) };
  expect(built.result.phase, JSON.stringify(built.result)).to.equal('succeeded');
  return built;
}

/** The images that had a pod. */
export function podsOf({ workflow }: Finished): readonly string[] {
  const nodes = Object.values(workflow.status?.nodes ?? {});
  return nodes
    .filter(({ type, templateName }) => type === 'Pod' && templateName?.startsWith('kaniko'))
    .map(({ displayName }) => displayName.replace(/^build-/, '').replace(/\(\d+\)$/, ''))
    .sort();
}

/** @throws where there is no image of this name */
export function imageOf({ result }: Finished, name: string): ImageResult {
  const image = result.images.find((each) => each.name === name);
  if (!image) throw new Error(`there is no image ${name}`);
  return image;
}

/** A repository of images that are not based on each other. */
export function singleImages(
  path: string,
  names: readonly string[],
  { registry = environment.registry, base = BUSYBOX } = {},
): Promise<ContextSource> {
  return project(
    { path, registry, images: names.map((name) => ({ name, cache: false })) },
    Object.fromEntries(names.map((name) => [`${name}/Dockerfile`, `FROM ${base}\nRUN echo ${name}\n`])),
  );
}

/** Asks the registries, and decides; nothing is submitted. */
export function plan(source: ContextSource): Promise<PreparedRun> {
  const registries = imageRegistries();
  return prepareRun(requestOf({ version: 'same' }), { source, registries });
}

/** By name why an image is built or since when it is unchanged, as the plan shows it. */
export function decisionsOf({ plan: { images } }: Pick<Built, 'plan'>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    images.map(({ name, decision }) => [name, decisionText(decision, { why: true })]),
  );
}

/** An image with the digest of its tag in place of the tag. */
export async function pinned(image: string): Promise<string> {
  const at = image.lastIndexOf(':');
  const repository = image.slice(0, at);
  return `${repository}@${await digestOf(repository, image.slice(at + 1))}`;
}
