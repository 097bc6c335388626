import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

import { extract } from 'tar-stream';

import { environment } from './environment.js';

const MANIFEST =
  'application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json';

interface Manifest {
  readonly config: { readonly digest: string };
  readonly layers: readonly { readonly digest: string }[];
}

/** One file of an image. */
export interface ImageFile {
  readonly type: string | null | undefined;
  /** Permission bits. */
  readonly mode: number;
  readonly link: string | null | undefined;
  readonly text: string;
}

async function get(path: string, accept = '*/*'): Promise<Response> {
  return call(path, { headers: { accept } });
}

async function call(path: string, request: RequestInit): Promise<Response> {
  const response = await fetch(new URL(path, `http://${environment.registry}/v2/`), request);
  if (!response.ok) throw new Error(`the registry says ${response.status} to ${path}`);
  return response;
}

/** `host:port/team/trainer` without its host. */
function pathOf(repository: string): string {
  return repository.slice(repository.indexOf('/') + 1);
}

/** The digest that the registry gives for a tag. */
export async function digestOf(repository: string, tag: string): Promise<string | null> {
  return (await get(`${pathOf(repository)}/manifests/${tag}`, MANIFEST)).headers.get('docker-content-digest');
}

/** The configuration of an image: its environment, entrypoint, platform. */
export async function configOf(
  repository: string,
  reference: string,
): Promise<{
  architecture: string;
  config: { Labels?: Record<string, string>; Env?: string[]; Entrypoint?: string[]; User?: string };
}> {
  const { config } = (await (
    await get(`${pathOf(repository)}/manifests/${reference}`, MANIFEST)
  ).json()) as Manifest;
  return (await (await get(`${pathOf(repository)}/blobs/${config.digest}`)).json()) as never;
}

/** The files that an image's layers above its base hold, by path without a leading `/`. */
export async function filesOf(
  repository: string,
  reference: string,
  baseLayers = 1,
): Promise<ReadonlyMap<string, ImageFile>> {
  const manifest = (await (
    await get(`${pathOf(repository)}/manifests/${reference}`, MANIFEST)
  ).json()) as Manifest;
  const files = new Map<string, ImageFile>();
  for (const { digest } of manifest.layers.slice(baseLayers)) {
    const blob = await get(`${pathOf(repository)}/blobs/${digest}`);
    const tar = extract();
    Readable.fromWeb(blob.body!).pipe(createGunzip()).pipe(tar);
    for await (const entry of tar) {
      const chunks: Buffer[] = [];
      for await (const chunk of entry) chunks.push(chunk as Buffer);
      files.set(entry.header.name.replace(/^\.?\//, ''), {
        type: entry.header.type,
        mode: entry.header.mode & 0o777,
        link: entry.header.linkname,
        text: Buffer.concat(chunks).toString('utf8'),
      });
    }
  }
  return files;
}

/** Deletes an image with all its tags: Docker's registry deletes by digest only. */
export async function deleteImage(repository: string, digest: string): Promise<void> {
  await call(`${pathOf(repository)}/manifests/${digest}`, { method: 'DELETE' });
}

/** Copies an image with its tag to another repository of this registry, or gives it another tag. */
export async function copyImage(from: string, to: string): Promise<void> {
  const [source, sourceTag] = repositoryAndTag(from);
  const [target, targetTag] = repositoryAndTag(to);
  const answer = await get(`${source}/manifests/${sourceTag}`, MANIFEST);
  const mediaType = answer.headers.get('content-type') ?? '';
  const body = await answer.text();
  const { config, layers } = JSON.parse(body) as Manifest;
  for (const { digest } of [config, ...layers])
    await call(`${target}/blobs/uploads/?mount=${digest}&from=${source}`, { method: 'POST' });
  await call(`${target}/manifests/${targetTag}`, {
    method: 'PUT',
    headers: { 'content-type': mediaType },
    body,
  });
}

/** `host:port/team/trainer:v1` as `team/trainer` and `v1`. */
function repositoryAndTag(image: string): [string, string] {
  const path = pathOf(image);
  const colon = path.lastIndexOf(':');
  return [path.slice(0, colon), path.slice(colon + 1)];
}

/**
 * Puts another image under a tag: the same layers with other labels.
 *
 * @returns its digest
 */
export async function relabel(
  repository: string,
  tag: string,
  labels: Readonly<Record<string, string>>,
): Promise<string> {
  const path = pathOf(repository);
  const answer = await get(`${path}/manifests/${tag}`, MANIFEST);
  const mediaType = answer.headers.get('content-type') ?? '';
  const manifest = (await answer.json()) as Manifest;
  const old = (await configOf(repository, tag)) as object & { config: object };
  const config = JSON.stringify({ ...old, config: { ...old.config, Labels: labels } });
  const digest = sha256(config);
  const begun = await call(`${path}/blobs/uploads/`, { method: 'POST' });
  const upload = new URL(begun.headers.get('location') ?? '', begun.url);
  upload.searchParams.set('digest', digest);
  const headers = { 'content-type': 'application/octet-stream' };
  await call(upload.href, { method: 'PUT', headers, body: config });
  const body = JSON.stringify({ ...manifest, config: { ...manifest.config, digest, size: config.length } });
  await call(`${path}/manifests/${tag}`, { method: 'PUT', headers: { 'content-type': mediaType }, body });
  return sha256(body);
}

function sha256(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
