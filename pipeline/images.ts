import { INVALID } from '../generator/workflow/step-output.js';
import { isDigest, parseImageReference, WorkError } from '../schema/index.js';

/** The images of a build: name in the configuration → `repository@sha256:…`. */
export type BuiltImages = ReadonlyMap<string, string>;

/**
 * Reads images.json, `{"<name>": "<repository>@sha256:<64 hex>"}`. A RUN step can forge the digest that its build
 * reports, so nothing but exactly this is taken.
 *
 * @param file - the file's name, for errors
 * @param expected - the images that the configuration has, each with its repository
 * @throws WorkError for anything else: other names, other repositories, a duplicate name
 */
export function parseImages(
  text: string,
  file: string,
  expected: ReadonlyMap<string, string>,
): Map<string, string> {
  const images = new Map<string, string>();
  for (const [name, reference] of entries(text, file)) {
    const [repository = '', digest = '', ...more] = typeof reference === 'string' ? reference.split('@') : [];
    if (digest === INVALID) throw forged(name);
    if (!isDigest(digest) || more.length > 0)
      throw refuse(file, `the image \`${name}\` is not <repository>@sha256:<64 hexadecimal digits>`);
    const wanted = expected.get(name);
    if (wanted === undefined) {
      const names = [...expected.keys()].join(', ') || 'none';
      throw refuse(file, `the configuration has no image \`${name}\`; there are: ${names}`);
    }
    if (repositoryOf(repository) !== repositoryOf(wanted))
      throw refuse(file, `the image \`${name}\` is in ${repository}, and the configuration says ${wanted}`);
    images.set(name, `${repository}@${digest}`);
  }
  return images;
}

function entries(text: string, file: string): [string, unknown][] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refuse(file, 'it is not JSON', error);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw refuse(file, 'it is not a JSON object');
  const found = Object.entries(value);
  // A flat object of n texts has 2 n texts in it. JSON.parse would silently take the last of two equal keys.
  if (
    found.every(([, reference]) => typeof reference === 'string') &&
    (text.match(/"(?:[^"\\]|\\.)*"?/g)?.length ?? 0) !== 2 * found.length
  )
    throw refuse(file, 'it has a duplicate name');
  return found;
}

/**
 * The repository of an image as it is compared: without tag and digest, with Docker Hub spelt out. A tag may be any
 * text, `{{workflow.parameters.version_id}}` too.
 *
 * @returns undefined where it is no image reference
 */
export function repositoryOf(image: string): string | undefined {
  const name = image.split('@', 1)[0] ?? '';
  const colon = name.indexOf(':', name.lastIndexOf('/') + 1);
  const reference = parseImageReference(colon === -1 ? name : name.slice(0, colon));
  return 'problem' in reference ? undefined : `${reference.registry.toLowerCase()}/${reference.path}`;
}

/** Argo has put the word in place of what the build reported. */
function forged(name: string): WorkError {
  return new WorkError(
    `the build of the image \`${name}\` reported a digest that isn't one`,
    'Look for a RUN step of its Dockerfile that writes to /kaniko, and remove it.',
  );
}

function refuse(file: string, problem: string, cause?: unknown): WorkError {
  return new WorkError(
    `${file} cannot be used: ${problem}`,
    'Take the images.json of a build as it is: {"<name>": "<repository>@sha256:<64 hexadecimal digits>"}.',
    { cause },
  );
}
