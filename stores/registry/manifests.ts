import { createHash } from 'node:crypto';

import { parseRecord, recordOf, type JsonRecord } from '../../common/json.js';
import { isDigest } from '../../schema/digest.js';
import { RegistryError, refusalText } from './errors.js';
import type { RegistryClient, RepositoryAddress } from './client.js';
import type { HttpAnswer } from './transport.js';

const INDEX_TYPES: readonly string[] = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
];
const IMAGE_TYPES: readonly string[] = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];
const ACCEPT = [...INDEX_TYPES, ...IMAGE_TYPES].join(', ');
const MAX_MANIFEST_BYTES = 4 * 2 ** 20;
const MAX_CONFIG_BYTES = 8 * 2 ** 20;
const ASK_OWNER = 'ask who runs the registry';
const LOG_IN = 'check the repository’s name, or log in with an account that may pull: docker login';

/** A manifest as a registry announces it. */
export interface ManifestHead {
  readonly digest: string;
  /** Its media type; empty where the registry does not say. */
  readonly mediaType: string;
}

/** A manifest with its content. */
export interface Manifest extends ManifestHead {
  readonly bytes: Buffer;
  readonly content: JsonRecord;
}

/** @returns whether a media type is that of an index: the manifests of an image for several platforms */
export function isIndex(mediaType: string): boolean {
  return INDEX_TYPES.includes(mediaType);
}

/**
 * Asks for a manifest without its content. Where the registry does not say the digest, its content is read, too.
 *
 * @param reference - a tag or a digest
 * @returns undefined if the registry does not have it
 * @throws RegistryError
 */
export async function headManifest(
  client: RegistryClient,
  at: RepositoryAddress,
  reference: string,
): Promise<ManifestHead | undefined> {
  const answer = await client.call(at, {
    method: 'HEAD',
    path: `manifests/${reference}`,
    headers: { accept: ACCEPT },
    maxBytes: 0,
  });
  if (answer.status === 404) return undefined;
  // A registry may refuse HEAD alone, and has no body to say so.
  if (answer.status === 405) return await getManifest(client, at, reference);
  await checkStatus(client, at, answer);
  const digest = announced(answer);
  const mediaType = typeOf(answer);
  if (digest === undefined || mediaType === undefined) return await getManifest(client, at, reference);
  if (!isDigest(digest) || (isDigest(reference) && digest !== reference))
    throw await wrongDigest(client, at, reference);
  return { digest, mediaType };
}

/**
 * Reads a manifest, and checks its digest.
 *
 * @param reference - a tag or a digest
 * @returns undefined if the registry does not have it
 * @throws RegistryError
 */
export async function getManifest(
  client: RegistryClient,
  at: RepositoryAddress,
  reference: string,
): Promise<Manifest | undefined> {
  const answer = await client.call(at, {
    method: 'GET',
    path: `manifests/${reference}`,
    headers: { accept: ACCEPT },
    maxBytes: MAX_MANIFEST_BYTES,
  });
  if (answer.status === 404) return undefined;
  await checkStatus(client, at, answer);
  const bytes = answer.body;
  const digest = digestOf(bytes);
  if ((announced(answer) ?? digest) !== digest || (isDigest(reference) && reference !== digest))
    throw await wrongDigest(client, at, reference);
  const content = parseRecord(bytes.toString('utf8'));
  if (!content) throw await failure(client, at, `the manifest of ${reference} is not a JSON object`);
  const { mediaType } = content;
  return {
    digest,
    mediaType: typeOf(answer) ?? (typeof mediaType === 'string' ? mediaType : ''),
    bytes,
    content,
  };
}

/** What the configuration of an image says of it. */
export interface ImageConfiguration {
  readonly labels: Readonly<Record<string, string>>;
  /** When it was made (RFC 3339). */
  readonly created?: string;
}

/**
 * Reads the configuration of an image.
 *
 * @param manifest - of an image, not an index
 * @throws RegistryError
 */
export async function readConfiguration(
  client: RegistryClient,
  at: RepositoryAddress,
  manifest: Manifest,
): Promise<ImageConfiguration> {
  const { digest } = recordOf(manifest.content.config);
  if (typeof digest !== 'string' || !isDigest(digest))
    throw await failure(client, at, `the manifest ${manifest.digest} names no configuration`);
  const answer = await client.call(at, {
    method: 'GET',
    path: `blobs/${digest}`,
    maxBytes: MAX_CONFIG_BYTES,
  });
  await checkStatus(client, at, answer);
  if (digestOf(answer.body) !== digest) throw await wrongDigest(client, at, digest);
  const { config, created } = recordOf(parseRecord(answer.body.toString('utf8')));
  const labels = Object.entries(recordOf(recordOf(config).Labels));
  return {
    labels: Object.fromEntries(
      labels.filter((label): label is [string, string] => typeof label[1] === 'string'),
    ),
    ...(typeof created === 'string' && { created }),
  };
}

/** A failure of the registry at this address. */
export async function failure(
  client: RegistryClient,
  at: RepositoryAddress,
  problem: string,
  nextStep = ASK_OWNER,
  status?: number,
): Promise<RegistryError> {
  const { url } = await client.endpoint(at);
  return new RegistryError(url.origin, problem, nextStep, status);
}

async function checkStatus(client: RegistryClient, at: RepositoryAddress, answer: HttpAnswer): Promise<void> {
  const { status } = answer;
  if (status === 200) return;
  if (status === 401 || status === 403) {
    // Docker Hub and others say the same of a private repository and of none at all.
    const problem = `${at.path} does not exist, or no login may read it (${refusalText(answer)})`;
    throw await failure(client, at, problem, LOG_IN, status);
  }
  const problem =
    status === 429 ? 'too many requests (429)' : `it answered with ${refusalText(answer)} for ${at.path}`;
  throw await failure(client, at, problem, 'try again later', status);
}

async function wrongDigest(
  client: RegistryClient,
  at: RepositoryAddress,
  reference: string,
): Promise<RegistryError> {
  return await failure(client, at, `what it has as ${at.path} ${reference} does not fit its digest`);
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

function announced({ headers }: HttpAnswer): string | undefined {
  const value = headers['docker-content-digest'];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The media type of a manifest; undefined where the header has another. */
function typeOf({ headers }: HttpAnswer): string | undefined {
  const type = (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return INDEX_TYPES.includes(type) || IMAGE_TYPES.includes(type) ? type : undefined;
}
