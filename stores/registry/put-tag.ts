import type { SkipCause, TagResult } from '../../generator/results/step-outputs.js';
import { cutEnd } from '../../schema/cut.js';
import { isDigest } from '../../schema/digest.js';
import { isTag, parseImageReference } from '../../schema/image-reference.js';
import type { RegistryClient } from './client.js';
import { RegistryError, refusalText } from './errors.js';
import { getManifest, headManifest } from './manifests.js';
import type { HttpAnswer } from './transport.js';

/** An image, and the tag that it gets. */
export interface TagRequest {
  /** With its registry, without a tag. */
  readonly repository: string;
  readonly digest: string;
  readonly tag: string;
  readonly insecure?: boolean;
}

/** Hundreds of them must fit into an output of Argo. */
const LONGEST_REASON = 400;
const MAX_ANSWER_BYTES = 64 * 1024;
/** How registries say that a tag cannot change, where not by the status: ECR, Artifact Registry, Harbor. */
const IMMUTABLE = /immutable|cannot be overwritten|already exists/i;

/**
 * Gives an image of a registry one more tag: the same manifest is put under the tag; no layer is read or written.
 *
 * @returns never rejects because of a registry
 */
export async function putTag(client: RegistryClient, request: TagRequest): Promise<TagResult> {
  const { repository, digest, tag, insecure = false } = request;
  const parsed = parseImageReference(repository);
  if ('problem' in parsed) return { skipped: `${repository} ${parsed.problem}` };
  if (!isTag(tag) || !isDigest(digest)) return { skipped: `${repository} has no valid tag or digest` };
  const at = { registry: parsed.registry, path: parsed.path, insecure };
  try {
    if ((await headManifest(client, at, tag))?.digest === digest) return 'already';
    const manifest = await getManifest(client, at, digest);
    if (!manifest) return skipped(`${repository}@${digest} is no longer there`, 'gone');
    const answer = await client.call(at, {
      method: 'PUT',
      path: `manifests/${tag}`,
      headers: { 'content-type': manifest.mediaType },
      body: manifest.bytes,
      maxBytes: MAX_ANSWER_BYTES,
    });
    if (answer.status < 200 || answer.status > 299) return refused(answer, request);
    const made = answer.headers['docker-content-digest'];
    return made === undefined || made === digest
      ? 'tagged'
      : { skipped: `${repository}:${tag} got another digest` };
  } catch (error) {
    if (error instanceof RegistryError) return failed(error, repository);
    throw error;
  }
}

function failed(error: RegistryError, repository: string): TagResult {
  const isDenied = error.status === 401 || error.status === 403;
  return isDenied
    ? skipped(`no login that may push to ${repository}: ${error.message}`, 'login')
    : skipped(error.message);
}

function refused(answer: HttpAnswer, { repository, tag }: TagRequest): TagResult {
  const { status } = answer;
  const said = refusalText(answer);
  if (status === 401 || status === 403)
    return skipped(`no login that may push to ${repository} (${said})`, 'login');
  if (status === 405 || status === 409 || status === 412 || IMMUTABLE.test(said))
    return skipped(`the tag ${tag} of ${repository} cannot change (${said})`, 'immutable');
  if (status === 404) return skipped(`${repository} is no longer there (${said})`, 'gone');
  return skipped(`${repository} refused the tag ${tag} (${said})`);
}

function skipped(reason: string, cause?: SkipCause): TagResult {
  return { skipped: cutEnd(reason, LONGEST_REASON), ...(cause && { cause }) };
}
