import { ConfigError } from './diagnostic.js';
import { isDigest } from './digest.js';
import { withPlace } from './located.js';
import { trimEndOf } from './trim-end.js';

/** Where an image is, in its full form: Docker Hub is spelt out. */
export interface ImageReference {
  /** Host, with its port where it has one. */
  readonly registry: string;
  /** The repository in the registry. */
  readonly path: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** Why a text is not an image reference. */
export interface ReferenceProblem {
  readonly problem: string;
  readonly hint: string;
}

const DOCKER_HUB = 'docker.io';
/** `domain` of the grammar at github.com/distribution/reference. */
const REGISTRY =
  /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[a-fA-F0-9:]+\])(?::[0-9]{1,5})?$/;
/** `path-component` of the same grammar. */
const COMPONENT = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/;
/** `tag` of the same grammar. */
const TAG = /^\w[\w.-]{0,127}$/;
const MAX_LENGTH = 255;

/** Reads a reference as Docker does: `python:3.11` is `docker.io/library/python:3.11`. Never throws. */
export function parseImageReference(text: string): ImageReference | ReferenceProblem {
  if (/^[a-z]+:\/\//i.test(text)) {
    return {
      problem: 'begins with a scheme',
      hint: `Leave out \`${text.slice(0, text.indexOf('//') + 2)}\`.`,
    };
  }
  if (/^[a-f0-9]{64}$/.test(text)) {
    return {
      problem: 'is 64 hexadecimal digits, which Docker takes for the id of an image',
      hint: 'Write the registry before it, or use another name.',
    };
  }
  const [beforeDigest = '', digest, ...more] = text.split('@');
  const colon = beforeDigest.lastIndexOf(':');
  const tagged = colon > beforeDigest.lastIndexOf('/');
  const name = tagged ? beforeDigest.slice(0, colon) : beforeDigest;
  const tag = tagged ? beforeDigest.slice(colon + 1) : undefined;
  if (more.length > 0 || (digest !== undefined && !isDigest(digest))) {
    return {
      problem: 'has a digest that is not sha256: and 64 hexadecimal digits',
      hint: 'Copy the digest as the registry shows it.',
    };
  }
  if (tag !== undefined && !isTag(tag)) {
    return {
      problem: `has the tag \`${tag}\`, which is not valid`,
      hint: 'A tag has at most 128 letters, digits, `_`, `.` and `-`.',
    };
  }
  const parts = name.split('/');
  const first = parts[0] ?? '';
  const hasRegistry = parts.length > 1 && (/[.:]/.test(first) || first === 'localhost');
  const registry = hasRegistry ? canonicalHost(first) : DOCKER_HUB;
  const components = hasRegistry ? parts.slice(1) : parts;
  if (registry === DOCKER_HUB && components.length === 1) components.unshift('library');
  const path = components.join('/');
  const problem = nameProblem(registry, components, path);
  if (problem) return problem;
  return {
    registry,
    path,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}

/** Docker Hub answers at several hosts, in lower case here: they all become one. Other hosts stay as they are. */
export function canonicalHost(host: string): string {
  return host.replace(/^(?:index|registry-1)\.docker\.io$/, DOCKER_HUB);
}

function nameProblem(
  registry: string,
  components: readonly string[],
  path: string,
): ReferenceProblem | undefined {
  if (!REGISTRY.test(registry)) {
    return {
      problem: `has the registry \`${registry}\`, which is not a host or host:port`,
      hint: 'Write it like registry.example:5000.',
    };
  }
  const wrong = components.find((component) => !COMPONENT.test(component));
  if (wrong === '')
    return { problem: 'has an empty part between two slashes', hint: 'Remove the extra slash.' };
  if (wrong !== undefined) {
    const lower = wrong.toLowerCase();
    const hint = COMPONENT.test(lower)
      ? `A repository in a registry must be lower case: \`${lower}\`.`
      : 'Each part has lower-case letters and digits, with single `.`, one or two `_`, or `-` between them.';
    return { problem: `has the part \`${wrong}\`, which registries do not take`, hint };
  }
  if (path.length < 2)
    return { problem: 'has a repository of less than 2 characters', hint: 'Use a longer name.' };
  if (registry.length + 1 + path.length > MAX_LENGTH) {
    return { problem: `is longer than ${MAX_LENGTH} characters`, hint: 'Use shorter names.' };
  }
  return undefined;
}

/**
 * Where an image is pushed: `name` below a registry's address as users write it. A bare Docker Hub profile, `user`,
 * gives `docker.io/user/name`.
 *
 * @param registryUri - `container_registry_uri` of the configuration; a slash at its end is ignored
 */
export function destinationOf(registryUri: string, name: string): ImageReference | ReferenceProblem {
  const base = trimEndOf(registryUri, '/');
  const reference = parseImageReference(`${base}/${name}`);
  if ('problem' in reference || reference.registry !== DOCKER_HUB) return reference;
  const parts = reference.path.split('/');
  if (parts[0] === 'library') {
    return {
      problem: 'has no profile of Docker Hub',
      hint: 'Write the profile, too: `docker.io/<profile>`.',
    };
  }
  if (parts.length > 2) {
    return {
      problem: 'has more than two parts, and Docker Hub takes no more',
      hint: 'Use the profile alone: `docker.io/<profile>`.',
    };
  }
  return reference;
}

/**
 * @returns the repository of {@link destinationOf} as one text, with its registry and without a tag
 * @throws ConfigError (IMAGE_REFERENCE) for what `parseConfig` would have refused
 */
export function normaliseRepository(registryUri: string, name: string): string {
  const reference = destinationOf(registryUri, name);
  if ('problem' in reference) {
    const message = `\`${registryUri}/${name}\` ${reference.problem}.`;
    throw new ConfigError([withPlace({ code: 'IMAGE_REFERENCE', message, hint: reference.hint }, {})]);
  }
  return `${reference.registry}/${reference.path}`;
}

/**
 * The default repository of the layer cache: next to the images. (Kaniko's own default, `<destination>/cache`, nests
 * below an image, which Docker Hub refuses.)
 */
export function cacheRepository(registryUri: string): string {
  return normaliseRepository(registryUri, 'kfops-cache');
}

/** @returns whether a text is a valid tag of an image. */
export function isTag(text: string): boolean {
  return TAG.test(text);
}
