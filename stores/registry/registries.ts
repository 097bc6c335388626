import type { ImageAnswer, ImageQuestion, ImageRegistries } from '../../generator/ports.js';
import { canonicalHost, parseImageReference } from '../../schema/image-reference.js';
import { cutEnd } from '../../schema/cut.js';
import { RegistryClient, type RegistryClientOptions, type RepositoryAddress } from './client.js';
import { RegistryError } from './errors.js';
import {
  failure,
  getManifest,
  headManifest,
  isIndex,
  readConfiguration,
  type ImageConfiguration,
  type Manifest,
  type ManifestHead,
} from './manifests.js';
import { DEFAULT_PLATFORM, manifestOf, platformsOf } from './platforms.js';

/** Options of {@link imageRegistries}. */
export interface ImageRegistriesOptions extends RegistryClientOptions {
  /**
   * By a registry's host, where its images are looked up first, except `own` ones: `{ 'docker.io': ['mirror.gcr.io'] }`.
   * A mirror may have a path in front of its repositories: `mirror.example/hub`.
   */
  readonly mirrors?: Readonly<Record<string, readonly string[]>>;
  /** Hosts that may be asked, as in front of an image; default: all. Mirrors always may. */
  readonly allowedHosts?: (host: string) => boolean;
}

const MOST_PLATFORMS = 10;
const NO_CONFIGURATION: ImageConfiguration = { labels: {} };
const LONGEST_WHY = 500;

/**
 * Looks images up in their registries, for one plan: each answer is kept, also that a registry did not answer.
 *
 * @param client - shared with other work; default: a new one of these options
 * @returns a port whose questions reject only with the reason of `signal`
 */
export function imageRegistries(
  options: ImageRegistriesOptions = {},
  client = new RegistryClient(options),
): ImageRegistries {
  const mirrors = new Map(
    Object.entries(options.mirrors ?? {}).map(([host, list]) => [canonicalHost(host), list]),
  );
  const answers = new Map<string, Promise<ImageAnswer>>();

  async function fromMirrors(
    question: ImageQuestion,
    at: RepositoryAddress,
  ): Promise<ImageAnswer | undefined> {
    for (const mirror of mirrors.get(at.registry) ?? []) {
      const copy = parseImageReference(`${mirror}/${at.path}`);
      if ('problem' in copy) continue;
      const address = { registry: copy.registry, path: copy.path, insecure: false };
      const answer = await answered(address, question);
      if (answer.state === 'found') return answer;
    }
    return undefined;
  }

  async function ask(question: ImageQuestion): Promise<ImageAnswer> {
    const parsed = parseImageReference(question.repository);
    if ('problem' in parsed) return { state: 'unknown', why: `${question.repository} ${parsed.problem}` };
    if (options.allowedHosts?.(parsed.registry) === false)
      return { state: 'unknown', why: `${parsed.registry} is not a registry that may be asked here` };
    const at = { registry: parsed.registry, path: parsed.path, insecure: question.insecure ?? false };
    const copy = question.own === true ? undefined : await fromMirrors(question, at);
    return copy ?? (await answered(at, question));
  }

  async function answered(at: RepositoryAddress, question: ImageQuestion): Promise<ImageAnswer> {
    try {
      return await answerOf(client, at, question);
    } catch (error) {
      options.signal?.throwIfAborted();
      if (!(error instanceof RegistryError)) throw error;
      return { state: 'unknown', why: cutEnd(error.message, LONGEST_WHY) };
    }
  }

  return {
    find: (question) => {
      const { repository, reference, platform, labels = false, insecure = false, own = false } = question;
      const key = JSON.stringify([repository, reference, platform, labels, insecure, own]);
      let answer = answers.get(key);
      if (!answer) {
        answer = ask(question);
        answers.set(key, answer);
      }
      return answer;
    },
  };
}

async function answerOf(
  client: RegistryClient,
  at: RepositoryAddress,
  { reference, platform, labels = false }: ImageQuestion,
): Promise<ImageAnswer> {
  const manifest = await manifestOfReference();
  if (!manifest) return { state: 'absent' };
  if (!('content' in manifest)) return { state: 'found', digest: manifest.digest, labels: {} };
  if (!isIndex(manifest.mediaType))
    return { state: 'found', digest: manifest.digest, ...(await configurationOf(manifest)) };
  const wanted = platform ?? DEFAULT_PLATFORM;
  const child = manifestOf(manifest.content, wanted);
  if (child === undefined) {
    const others = platformsOf(manifest.content).slice(0, MOST_PLATFORMS).join(', ') || 'none';
    const problem = `${at.path}:${reference} has no image for ${wanted}; it has: ${others}`;
    throw await failure(client, at, problem, 'choose another platform or base image');
  }
  return {
    state: 'found',
    digest: platform === undefined ? manifest.digest : child,
    ...(labels ? await configurationOf(await content(client, at, child)) : NO_CONFIGURATION),
  };

  /** Labels need the content in any case: no request asks for its digest first. */
  async function manifestOfReference(): Promise<ManifestHead | Manifest | undefined> {
    if (labels) return await getManifest(client, at, reference);
    const head = await headManifest(client, at, reference);
    // The media type decides whether there is more to read.
    const needsContent = head !== undefined && platform !== undefined && isIndex(head.mediaType);
    return needsContent ? await content(client, at, head.digest) : head;
  }

  async function configurationOf(image: Manifest): Promise<ImageConfiguration> {
    return labels ? await readConfiguration(client, at, image) : NO_CONFIGURATION;
  }
}

async function content(client: RegistryClient, at: RepositoryAddress, digest: string): Promise<Manifest> {
  const manifest = await getManifest(client, at, digest);
  if (manifest) return manifest;
  throw await failure(client, at, `the manifest ${digest} of ${at.path} is no longer there`, 'try again');
}
